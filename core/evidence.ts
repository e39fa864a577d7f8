import type { Cause } from './outcome.js';

/** A task that stopped, in the words that ECS has for it. */
export type StoppedTask = {
  readonly id: string;
  readonly taskDefinition: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  /** ISO 8601. */
  readonly stoppedAt: string;
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode?: number;
    readonly reason?: string;
    readonly health?: string;
  }[];
};

/** Tasks that failed alike, as one line for people. */
export type FailureGroup = { readonly count: number; readonly what: string };

/** What was seen of a rollout's failures while it ran: stopped tasks vanish after an hour, this does not. */
export type Evidence = {
  readonly failedTasks: number;
  readonly cause: Cause | '';
  readonly groups: readonly FailureGroup[];
  /** The last lines of one failed container's log, masked. */
  readonly logs?: { readonly container: string; readonly lines: readonly string[] };
  readonly events?: readonly string[];
  readonly alarms?: readonly string[];
};

/** Codes of stops that say nothing about the image. */
const innocent = new Set(['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth']);

/** A task that the scheduler stopped failed only if its health check did; else it was scaled in or replaced. */
const hasFailed = ({ stopCode, stoppedReason }: StoppedTask): boolean =>
  !innocent.has(stopCode) && (stopCode !== 'ServiceSchedulerInitiated' || /health/i.test(stoppedReason));

const causeOf = ({ stopCode, stoppedReason, containers }: StoppedTask): Cause => {
  const reasons = [stoppedReason, ...containers.map(({ reason }) => reason ?? '')].join(' ');
  if (/CannotPull|ImageNotFound|manifest unknown/i.test(reasons)) return 'CANNOT_PULL';
  if (stopCode === 'ServiceSchedulerInitiated') return 'UNHEALTHY';
  return 'CRASHED';
};

const describe = ({ stopCode, stoppedReason, containers }: StoppedTask): string => {
  const failed = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
  const unhealthy = containers.find(({ health }) => health === 'UNHEALTHY');
  const reason = (failed ?? containers.find((container) => container.reason))?.reason;
  const words = [
    failed && `exit ${failed.exitCode} in ${failed.name}`,
    !failed && unhealthy && `${unhealthy.name} is unhealthy`,
    stoppedReason || stopCode,
    reason && !stoppedReason.includes(reason) ? reason : '',
  ];
  // Task IDs differ between failures that are the same.
  return words
    .filter(Boolean)
    .join(': ')
    .replace(/\b[0-9a-f]{32}\b/g, '…')
    .slice(0, 300);
};

/** What the stopped tasks of one revision say about it. */
export const evidenceOf = (tasks: readonly StoppedTask[]): Evidence & { readonly newest: StoppedTask | undefined } => {
  const failed = tasks.filter(hasFailed).sort((a, b) => (a.stoppedAt < b.stoppedAt ? -1 : 1));
  const counts = new Map<string, number>();
  for (const task of failed) counts.set(describe(task), (counts.get(describe(task)) ?? 0) + 1);
  const newest = failed.at(-1);
  return {
    failedTasks: failed.length,
    cause: newest ? causeOf(newest) : '',
    groups: [...counts]
      .map(([what, count]) => ({ what, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 5),
    newest,
  };
};

/** How many tasks may fail before a rollout is taken back: 3, or a tenth of the service if that is more. */
export const failureLimit = (desiredCount: number): number => Math.max(3, Math.ceil(desiredCount / 10));

const credential = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  // A long one may have been cut off before its signature.
  /\beyJ[\w-]{8,}\.[\w.-]*/g,
  /\bxox[abprs]-[\w-]{10,}/g,
  /\bgh[opsu]_\w{20,}/g,
  /(?<=\bhooks\.slack\.com\/)[\w/-]+/g,
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s/]+(?=@)/gi,
  /(?<=\b[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|authorization|credential)[\w-]*\\?["']?\s*[:=]\s*)(?:(?:bearer|basic) +)?(?:\\?"[^"]*"?|'[^']*'?|[^\s"',;&]+)/gi,
];

/** Hides what looks like a credential in a line that somebody else wrote. */
export const masked = (line: string): string => credential.reduce((text, pattern) => text.replace(pattern, '***'), line);
