/** What the checks before a stage look for. */
export type FindingCode =
  | 'IMAGE_MISSING'
  | 'IMAGE_NOT_ACTIVE'
  | 'NOT_AN_IMAGE'
  /** A manifest or a layer is missing. */
  | 'IMAGE_INCOMPLETE'
  | 'PLATFORM_MISMATCH'
  | 'SERVICE_NOT_DEPLOYABLE'
  | 'CONTAINER_MISSING'
  | 'REVISION_MISSING'
  | 'ROLE_NOT_PASSABLE'
  | 'REVISION_TOO_LARGE'
  | 'BEFORE_TASK_CONTAINER'
  | 'BEFORE_TASK_RESTARTS'
  | 'BEFORE_TASK_VOLUME'
  | 'BEFORE_TASK_SERVICE_CONNECT'
  | 'ALARM_MISSING'
  | 'BAKE_TOO_SHORT'
  | 'ALARM'
  | 'NEWER_REVISION'
  | 'NOT_CONFIGURED'
  | 'NOT_CHECKED';

/** What a check found of a stage's image or, with `service`, of one of its services. */
export type Finding = {
  readonly code: FindingCode;
  /** Does it keep the stage from beginning? */
  readonly severity: 'block' | 'warn';
  readonly service?: string;
  readonly message: string;
};

/** A finding whose severity is not known yet. */
export type Check = Omit<Finding, 'severity'>;

/** They say what a deployment does not do, and keep none from succeeding. */
const warnings: ReadonlySet<FindingCode> = new Set([
  'BEFORE_TASK_SERVICE_CONNECT',
  'BAKE_TOO_SHORT',
  'NEWER_REVISION',
  'NOT_CONFIGURED',
  'NOT_CHECKED',
]);

/**
 * Only the stage that is about to begin can be blocked: a later one is checked again. An alarm blocks it if slipway.yml requires that,
 * because the image may be the fix.
 */
const severityOf = (code: FindingCode, isCurrent: boolean, alarms: 'warn' | 'require'): Finding['severity'] => {
  if (!isCurrent || warnings.has(code)) return 'warn';
  return code === 'ALARM' && alarms === 'warn' ? 'warn' : 'block';
};

export const withSeverity = (
  checks: readonly Check[],
  { isCurrent, alarms = 'warn' }: { readonly isCurrent: boolean; readonly alarms?: 'warn' | 'require' | undefined },
): Finding[] => checks.map((check) => ({ ...check, severity: severityOf(check.code, isCurrent, alarms) }));

/** What is said of an image is the same in every stage. Of equal messages the first stays. */
export const withoutRepeats = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ message }, position) => findings.findIndex((one) => one.message === message) === position);
