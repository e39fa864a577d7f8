import { cut } from '../notification/cut.js';
import type { QuarantineEntry } from '../records/records.js';
import type { Evidence } from '../rollout/evidence.js';
import { type Hook, type Observation, revisionName } from '../rollout/observation.js';
import type { LaunchFailure } from '../rollout/service-event.js';
import { moment } from './moment.js';

type Operator = { readonly by?: string | undefined; readonly reason?: string | undefined };

const tasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`;

const joined = (...parts: readonly (string | undefined | false)[]): string => parts.filter(Boolean).join('; ');

const noReason = 'no reason given';

const overwrote = (revisions: readonly string[]): string | undefined =>
  revisions.length > 0
    ? `it replaced ${revisions.map(revisionName).join(', ')}, which another deployer had deployed seconds before: deploy that again`
    : undefined;

// Every message of a result: what is the case, with its values, and what to do where the runbook does not say it. A message may
// be reworded here without any other change: no code compares one. Import it as a namespace: a bundle gets only what it uses.

/** Appends a second message. */
export const and = (message: string, more: string): string => joined(message, more);

// Rollouts

export const serviceDeleted = () => 'the service was deleted during the deployment';

export const superseded = (revision: string, failure?: string) =>
  failure === undefined
    ? `a newer deployment moved the service to ${revisionName(revision)}`
    : `${failure}; then a newer deployment moved the service to ${revisionName(revision)}`;

export const alarmsFired = (alarms: readonly string[]) => `alarm ${alarms.join(', ')} fired`;

export const stoppedInEcs = (statusReason: string) =>
  `the rollout was stopped in ECS, not by its circuit breaker: ${statusReason || noReason}`;

export const awaitsHook = ({ id, stage, expiresAt, timeoutAction }: Hook) =>
  joined(
    `the rollout waits for the lifecycle hook ${id}${stage && ` at ${stage}`}: answer it with ContinueServiceDeployment`,
    expiresAt && `ECS answers it with ${timeoutAction} at ${expiresAt}`,
  );

export const hookFailed = ({ id, status }: Hook, statusReason: string) =>
  joined(`the lifecycle hook ${id} ${status === 'FAILED' ? 'failed' : 'timed out'}`, statusReason);

export const tasksFailed = ({ failedTasks, groups: [group] }: Evidence, isPermanent = false) =>
  joined(
    `${tasks(failedTasks)} failed${group ? `: ${group.count} × ${group.description}` : ', as counted by ECS'}`,
    isPermanent && 'further tasks would fail the same way',
  );

export const launchFailed = ({ count, message }: LaunchFailure) => `ECS could not launch ${tasks(count)}: ${message}`;

export const nothingRunsAfterFailures = (evidence: Evidence) =>
  joined(tasksFailed(evidence), 'the desired count is 0, so no task shows that the image works');

export const gaveUp = (statusReason: string) =>
  statusReason || 'ECS stopped the rollout and gave no reason: read the events of the service';

export const placementTimedOut = (reason: string) => `ECS could not place tasks within placementTimeout: ${reason}`;

export const rolloutTimedOut = (why: string | undefined) => joined('the rollout did not finish within the timeout', why);

export const rolloutNeverListed = () => 'ECS did not list the requested service deployment within the timeout';

export const updateNeverArrived = () =>
  'the update did not reach ECS within the timeout; the service was not changed: start the deployment again';

export const otherRevision = (target: string, revision: string) =>
  `ECS rolled out ${revisionName(target)} instead of ${revisionName(revision)}`;

export const otherDigest = (digest: string) =>
  `the tasks run ${digest}, which is neither the image's digest nor that of one of its platforms`;

export const running = ({
  service,
  rollout,
  revision,
  previousRevision,
  overwritten,
}: Pick<Observation, 'service' | 'rollout' | 'revision' | 'previousRevision'> & { readonly overwritten: readonly string[] }) => {
  const { desiredCount = 0, runningCount = desiredCount, hasEarlySuccess = false, taskDefinition = '' } = service ?? {};
  if (desiredCount === 0) return joined('nothing is running: the desired count is 0', overwrote(overwritten));
  const starting = hasEarlySuccess ? Math.max(0, desiredCount - runningCount) : 0;
  const ignored = rollout?.ignoredAlarms ?? [];
  return joined(
    `${desiredCount - starting} of ${desiredCount} tasks run it`,
    starting > 0 && `${tasks(starting)} were still starting when the service's early success criteria were met`,
    ignored.length > 0 &&
      `alarm ${ignored.join(', ')} did not guard the rollout: ECS ignores alarms if one is in ALARM when a rollout begins`,
    overwrote(overwritten),
    ![revision, previousRevision].includes(taskDefinition) &&
      `since then a newer deployment has moved the service to ${revisionName(taskDefinition)}`,
  );
};

export const succeededDespite = (success: string, failure: string) =>
  joined(success, `warning: ${failure}`, 'ECS completed the rollout before it could be stopped');

// Rollbacks

export const rolledBack = (
  failure: string,
  {
    current,
    previousRevision,
    isLastGood,
    overwritten,
  }: {
    readonly current: string;
    readonly previousRevision: string;
    readonly isLastGood: boolean;
    readonly overwritten: readonly string[];
  },
) => {
  const detail = `${isLastGood ? ', the last known good one' : ''}, not on ${revisionName(previousRevision)}, which ran before`;
  const where = `${revisionName(current)}${current === previousRevision ? '' : detail}`;
  return joined(failure, `the service is back on ${where}`, overwrote(overwritten));
};

export const rollbackNotVisible = (failure: string, current: string) =>
  `${failure}; ECS reports that it rolled back, and the service is still on ${revisionName(current)}`;

export const ecsRollbackFailed = (failure: string, statusReason: string | undefined) =>
  `${failure}; the rollback by ECS failed: ${statusReason || noReason}`;

export const rollbackTimedOut = () => 'the rollback did not finish within the timeout';

export const rollbackStopped = (statusReason: string | undefined) => `the rollback was stopped: ${statusReason || noReason}`;

export const rollbackReverted = (target: string, statusReason: string | undefined) =>
  `ECS reverted the rollback to ${revisionName(target)}: ${statusReason || noReason}`;

export const rollbackCallFailed = (failure: string, error: string) => `${failure}; the rollback failed: ${error}`;

export const serviceUnchanged = () => 'the service was not changed';

export const supersededBeforeRollback = (failure: string) => `${failure}; a newer deployment has replaced it, so nothing was rolled back`;

export const deletedBeforeRollback = (failure: string) => `${failure}; then the service was deleted`;

// Operators

export const rolledBackByOperator = (
  message: string,
  { from, to, isQuarantined }: { readonly from: string; readonly to: string; readonly isQuarantined: boolean },
) => joined(`rolled back from ${from} to ${to}`, message, isQuarantined && `${from} is quarantined now`);

export const cancelled = ({ by, reason }: Operator) => `cancelled by ${by ?? 'an operator'}${reason ? `: ${reason}` : ''}`;

export const cancelledBeforeUpdate = (cancel: Operator): string => joined(cancelled(cancel), serviceUnchanged());

const named = (service: string): string => (service === '*' ? 'every service' : service);

export const held = (service: string, until: string | undefined) =>
  `automatic deployments of ${named(service)} are kept back until ${until === undefined ? 'the hold is released' : moment(until)}`;

const deployedNow = (count: number) => count > 0 && `what it kept back is deployed now: ${count} ${count === 1 ? 'image' : 'images'}`;

/** `keptBack` is the number of images that are deployed now. */
export const unheld = (
  service: string,
  {
    wasHeld,
    keptBack,
    isStillHeld,
    failed = [],
  }: { readonly wasHeld: boolean; readonly keptBack: number; readonly isStillHeld: boolean; readonly failed?: readonly string[] },
) =>
  joined(
    wasHeld ? `the hold of ${named(service)} is released` : `${named(service)} was not on hold`,
    deployedNow(keptBack),
    isStillHeld && `every service is on hold, so ${service} stays on hold`,
    failed.length > 0 && `not everything could be started; repeat the command once this is repaired: ${failed.join('; ')}`,
  );

export const holdEnded = (service: string, until: string, keptBack: number) =>
  joined(`the hold of ${named(service)} ended at ${moment(until)}`, deployedNow(keptBack));

/** `beforeTask`: what becomes of one that runs; absent if the service has none. */
export const cancelRequested = (execution: string, beforeTask?: 'waitedFor' | 'stopped') =>
  joined(
    'the deployment in progress was asked to end: it rolls back what it has updated, and otherwise changes nothing',
    beforeTask === 'stopped' && 'a before task that runs is stopped',
    beforeTask === 'waitedFor' && 'a before task that runs is waited for; repeat the command with "stopTask": true to stop it',
    `it reports the result: ${execution}`,
  );

// Services

export const strategyNotAllowed = (service: string, strategy: string) =>
  `service ${service} has the deployment strategy ${strategy}; expected ROLLING: Slipway has not been tried with others. To deploy it all the same, add "strategies: [${strategy}]" to it in slipway.yml`;

export const shortServiceArn = (service: string, arn: string) =>
  `service ${service} has the ARN ${arn}, without its cluster; permissions need the long format: migrate it, see "Migrate an Amazon ECS short service ARN to a long ARN" in the ECS Developer Guide`;

// The lease

export const alreadyRunning = (digest: string) => `${digest} is already running`;

export const onHold = ({ by, reason, at, until }: Operator & { readonly at: string; readonly until?: string | undefined }) =>
  joined(
    `on hold since ${at}${until ? ` until ${until}` : ''}${by ? `, by ${by}` : ''}${reason ? `: ${reason}` : ''}`,
    'the newest image kept back is deployed when the hold ends; start it by hand to deploy it now',
  );

export const quarantined = ({ reason, at, others = [] }: Omit<QuarantineEntry, 'digest'>) => {
  const until = others.length > 0 ? ` until another image of ${others.map(({ repository }) => repository).join(' or ')} is deployed` : '';
  return `this digest is quarantined here since ${at}${until} (${reason}): push a fixed image, or start this one by hand with "force": true`;
};

export const olderPush = (pushedAt: string, running: { readonly tag?: string | undefined; readonly at: string }) =>
  `older than what runs: it was pushed at ${pushedAt}, and ${running.tag ?? 'what runs'} at ${running.at}; start it by hand to deploy it anyway`;

export const sameSecond = () => 'the same second, with the higher digest';

export const externalChange = (pushedAt: string, revision: string, at: string) =>
  `older than what runs: it was pushed at ${pushedAt}, and another deployer changed the image with ${revisionName(revision)} at ${at}; start it by hand to deploy it anyway`;

export const replacedInQueue = (by: string) => `${by} goes first: its image is newer`;

/** `execution` is the name of the one that waits, and `since` ISO 8601. */
export const operatorWaiting = ({ by, reason, execution, since }: Operator & { readonly execution: string; readonly since: string }) =>
  `a deployment that ${by ?? 'another operator'} started${reason ? ` (${reason})` : ''} has waited for the service since ${since}, and goes first: start this one again once ${execution} has ended, or stop that one first`;

export const leaseLost = () => 'another deployment has taken the lease of the service';

export const rollbackDelegated = (message: string) => `the deployment in progress was asked to roll back: ${message}`;

export const containerLost = (container: string) =>
  `the revision to roll back to has no container ${container}, which has an image of its own repository now; start it with "image", or with the "taskDefinition" to go back to without that container`;

export const duplicateRollback = () => 'another rollback of the service is in progress';

// Resuming

export const notUpdatedYet = (record: string) =>
  `${record} has not changed its service, so there is nothing to resume: the sweep closes it once its execution has ended`;

export const stillHeld = (record: string, execution: string) => `${record} is still run by ${execution}`;

export const resumedElsewhere = (record: string) => `${record} was resumed by another execution`;

export const deploymentLost = (record: string) => `${record} has ended already, or another execution has resumed it`;

export const alreadyEnded = (record: string) => `${record} has ended already`;

export const resumed = (message: string, interruption: string) =>
  joined(message, `${interruption}, and another one resumed the deployment`);

export const takenOver = () => 'its execution ended, and another deployment has taken the lease of the service since';

// Pushes and releases

export const malformedEvent = (what: string) => `the event's ${what}; expected the event of a push to Amazon ECR`;

export const notAPush = (what: string, expected: string) => `the event's ${what}; only events with ${expected} are deployed`;

export const noTag = (repository: string) => `the push to ${repository} has no tag; only tagged images are deployed`;

export const notAnImage = (name: string, type: string) => `${name} is no container image: its media type is ${type}`;

export const servicesRunning = (count: number, all: number) => `${count} of ${all} services run it`;

export const ofService = (service: string, message: string) => `${service}: ${message}`;

export const noService = () => 'slipway.yml names no service for this image';

export const noRecord = () => 'its deployment left no record: open its execution in Step Functions';

export const noResult = () => 'its deployment did not report a result: open its execution in Step Functions';

export const repositoryNotConfigured = (repository: string, configured: readonly string[], meant: string | undefined) =>
  meant === undefined
    ? `repository ${repository} is not in slipway.yml, which names ${configured.join(', ')}: add it and deploy the stack`
    : `repository ${repository} is not in slipway.yml; did you mean ${meant}? Else add it and deploy the stack`;

export const tagGone = (tag: string, repository: string) => `tag ${tag} is no longer in ${repository}`;

export const imageGone = (digest: string, repository: string) => `image ${digest} is no longer in ${repository}`;

export const tagMoved = (tag: string, digest: string) => `tag ${tag} has moved to ${digest}, which its own push deploys`;

export const releaseInProgress = (digest: string, execution: string) => `another release of ${digest} is in progress: ${execution}`;

export const releasedBefore = (execution: string) => `this push was released before: ${execution}`;

// Executions that ended without a result; `execution` is a clause such as `its execution was aborted`

export const stepFailed = (state: string, error: string, cause: string) =>
  cut(`${state} failed with ${error}${cause ? `: ${cause}` : ''}`, 600);

export const notVisible = (error: string) => `${error}; the final state is unknown: check the service in ECS now`;

export const endedBeforeUpdate = (execution: string) => `${execution} before the service was changed`;

export const notResumable = (execution: string) => `${execution} after the service was changed, and no other execution could resume it`;

export const endedBeforeStart = (execution: string) => `${execution} before it began`;

export const endedAfter = (execution: string, count: number, planned: number) =>
  `${execution}; ${count} of ${planned} services were deployed`;
