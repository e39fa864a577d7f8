import { type Configuration, findService, type Verification } from '../configuration/configuration.js';
import type { DeploymentRecord, VerificationRun } from '../records/records.js';
import { after } from '../result/moment.js';
import { failureLimit } from '../rollout/evidence.js';
import type { VerificationTask } from '../step/contracts.js';
import { verifierRequest } from './verifier.js';

/** What a deployment must hold after its rollout, and the repository whose entry in slipway.yml says so. */
export type PlannedVerification = { readonly repository: string; readonly settings: Verification };

/** For a deployment whose entry no longer says anything: what has begun has nothing left to wait for. */
export const nothingToVerify: PlannedVerification = { repository: '', settings: {} };

/** A rollback goes back to what has run before, and is not kept waiting. */
const verifiedOperations: ReadonlySet<string> = new Set(['image', 'redeploy', 'taskDefinition']);

/**
 * The verification of a deployment's service, as slipway.yml has it now: of the entry of its image's repository or, if that is unknown, of
 * the first one that names the service. Undefined if there is none.
 */
export const plannedVerification = (
  configuration: Configuration,
  { service, operation, image }: Pick<DeploymentRecord, 'service' | 'operation' | 'image'>,
): PlannedVerification | undefined => {
  if (!verifiedOperations.has(operation?.kind ?? 'image')) return undefined;
  const found = findService(configuration, service, image?.repository) ?? findService(configuration, service);
  const settings = found?.service.verify;
  return found && settings && { repository: found.repository.name, settings };
};

/**
 * May ECS's success not count yet? Not where nothing runs that could be verified: the desired count is 0. A verification that has failed
 * stays so.
 */
export const mustBeVerified = (
  configuration: Configuration,
  record: Pick<DeploymentRecord, 'service' | 'operation' | 'image' | 'verification'>,
  service: { readonly desiredCount: number } | undefined,
): boolean =>
  record.verification?.failure !== undefined || (plannedVerification(configuration, record) !== undefined && service?.desiredCount !== 0);

/** When the bake ends, ISO 8601; empty without one. */
export const bakeEnd = ({ bakeSeconds = 0 }: Verification, { since }: Pick<VerificationRun, 'since'>): string =>
  bakeSeconds > 0 ? after(since, bakeSeconds) : '';

/**
 * How many failed tasks end a verification: as many as end the rollout or, if those are fewer, as many of the revision that ECS has proved
 * as the service has.
 */
export const verificationLimit = (
  maxFailedTasks: number | undefined,
  service: { readonly desiredCount: number } | undefined,
  { failedBefore = 0 }: Pick<VerificationRun, 'failedBefore'>,
): number => {
  const { desiredCount = 0 } = service ?? {};
  return maxFailedTasks ?? Math.min(failureLimit(desiredCount), failedBefore + Math.max(1, desiredCount));
};

/** The check that comes next; undefined once each has its answer. */
export const nextCheck = (
  { url, function: verifier }: Verification,
  run: Pick<VerificationRun, 'url' | 'verifier'>,
): 'verifyUrl' | 'invokeVerifier' | undefined => {
  if (url && !run.url) return 'verifyUrl';
  return verifier !== undefined && !run.verifier ? 'invokeVerifier' : undefined;
};

/** What the states that check need. */
export const verificationTask = (
  { repository, settings: { url, function: verifier } }: PlannedVerification,
  record: DeploymentRecord,
  run: Pick<VerificationRun, 'since'>,
): VerificationTask => ({
  repository,
  until: url ? after(run.since, url.withinSeconds) : '',
  verifier: verifier ?? '',
  request: verifier === undefined ? {} : verifierRequest(record),
});
