import { moment } from '../result/moment.js';
import type { Gate } from './gate.js';

type Operator = { readonly by?: string | undefined; readonly reason?: string | undefined };

/** `by ada: wrong tag`, as far as they are known. */
const operator = ({ by, reason }: Operator): string => `by ${by ?? 'an operator'}${reason ? `: ${reason}` : ''}`;

// Messages of releases at their gates. Import them as a namespace: a bundle gets only what it uses.

/** `execution` is the name of one. */
export const deployedElsewhere = (execution: string) => `another release of the image deploys it: ${execution}`;

export const plannedBefore = (tag: string) => `every stage that ${tag} reaches was in the plan of an earlier release of the image`;

export const joinedRelease = (stages: readonly string[], execution: string) =>
  `${stages.join(' and ')} ${stages.length === 1 ? 'is' : 'are'} deployed by the release of the image that is in progress, after its stage: ${execution}`;

export const releaseNotFound = (repository: string, release: string) =>
  `${repository} has no release ${release}; expected the name of an execution of the release machine, or its ARN`;

export const nothingToRollBack = (repository: string, stage: string | undefined) =>
  `no release of ${repository} has changed a service${ofStage(stage)} and is not rolled back; name one with "release", or start the machine of deployments with "rollback": true for one service`;

export const releaseRuns = (release: string) =>
  `release ${release} is in progress; cancel its deployments or its wait first, or start the rollback again once it has ended`;

export const changedNothing = (release: string, stage: string | undefined) =>
  `release ${release} changed no service${ofStage(stage)}; nothing is rolled back`;

const ofStage = (stage: string | undefined): string => (stage === undefined ? '' : ` of ${stage}`);

export const isRollback = (release: string) => `${release} is a rollback itself; start a release of the image that is wanted instead`;

export const rollbackRuns = (release: string, execution: string) => `a rollback of release ${release} is in progress: ${execution}`;

export const releaseReplaced = (release: string, services: readonly string[]) =>
  `no service still runs what release ${release} deployed: newer deployments have replaced it on ${services.join(', ')}`;

export const stageRemoved = (stage: string, repository: string) =>
  `slipway.yml has no stage ${stage} of ${repository} any more, so nothing says what its services wait for; push the image again, or start its release by hand`;

export const rejected = (stage: string, by: Operator) => `${stage} was rejected ${operator(by)}`;

export const approvalTimedOut = (stage: string, deadline: string) =>
  `${stage} was not approved until ${moment(deadline)}: no answer is a no`;

export const releaseCancelled = (stage: string, by: Operator) => `the release was cancelled before ${stage} ${operator(by)}`;

export const newerRelease = (stage: string, { release, tag }: { readonly release: string; readonly tag: string | undefined }) =>
  `a newer release${tag === undefined ? '' : `, ${tag},`} has reached ${stage}: ${nameOfRecord(release)}`;

export const gateTaken = (stage: string, { release, tag }: { readonly release: string; readonly tag: string | undefined }) =>
  `${tag ?? 'another release'} waits before ${stage} (${nameOfRecord(release)}), and the tags of ${stage} do not take both: decide about that release or cancel it, then start this one again`;

export const waitedTooLong = (stage: string, since: string) =>
  `the release has waited since ${moment(since)}, longer than maxWait allows, and ${stage} has not begun`;

export const stageRequired = (stage: string, required: string, digest: string) =>
  `${stage} requires ${required}, and ${digest} has not succeeded there; deploy it to ${required} first`;

export const stageRequiredQuarantined = (stage: string, required: string, service: string) =>
  `${stage} requires ${required}, and the image failed there on ${service} or was rolled back from it`;

export const preflightFailed = (stage: string, findings: readonly string[]) =>
  `${stage} cannot be deployed: ${findings.slice(0, 5).join('; ')}${findings.length > 5 ? `; and ${findings.length - 5} more` : ''}`;

export const approved = (stage: string, image: string) => `${image} may be deployed to ${stage}`;

export const denied = (stage: string, image: string) => `${image} is not deployed to ${stage}`;

export const waitCancelled = (stage: string, image: string) => `${image}, which waited before ${stage}, is not deployed there`;

const nameOfRecord = (record: string): string => record.split('#').at(-1) ?? record;

export const undoFailed = (failure: string, service: string, why: string | undefined) =>
  `${failure}; the rollback of the other services failed: ${service}: ${why ?? 'its result is unknown'}`;

export const rolledBackAll = (failure: string, count: number, planned: number) =>
  `${failure}; ${count === planned ? `${count} other service${count === 1 ? ' was' : 's were'}` : `${count} of ${planned} other services were`} rolled back with it`;

export const rolledBackByHand = (count: number, planned: number) =>
  `${count} of ${planned} services ${count === 1 ? 'is' : 'are'} back on what ran before that release`;

export const notInFile = (what: 'repository' | 'stage', name: string, names: readonly string[], meant: string | undefined) =>
  `${what} ${name} is not in slipway.yml; ${meant === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${meant}?`}`;

export const nothingWaits = (repository: string, stage: string, waiting: readonly string[]) =>
  `no release of ${repository} waits before ${stage}; ${waiting.length === 0 ? 'none waits before another stage either' : `${waiting.join(', ')} does`}`;

export const otherDigestWaits = (stage: string, waits: string, digest: string) =>
  `${waits} waits for approval before ${stage}, and the decision is for ${digest}; decide about the digest that waits`;

type Answered = Pick<Gate, 'decidedAt' | 'decidedBy' | 'decisionReason' | 'cancelledAt' | 'cancelledBy' | 'cancelReason'>;

export const alreadyDecided = (
  stage: string,
  approval: 'APPROVED' | 'REJECTED' | 'TIMED_OUT',
  { decidedAt = '', decidedBy: by, decisionReason: reason }: Answered,
) =>
  approval === 'TIMED_OUT'
    ? `the request for approval of ${stage} ended without an answer at ${moment(decidedAt)}; start the release again`
    : `${stage} was ${approval === 'APPROVED' ? 'approved' : 'rejected'} at ${moment(decidedAt)} ${operator({ by, reason })}`;

export const alreadyCancelled = (stage: string, { cancelledAt = '', cancelledBy: by, cancelReason: reason }: Answered) =>
  `the release was cancelled before ${stage} at ${moment(cancelledAt)} ${operator({ by, reason })}`;

export const notWhole = (stage: string, service: string, why: string) =>
  `${stage} is deployed wholly or not at all, and ${service} would be skipped: ${why}`;
