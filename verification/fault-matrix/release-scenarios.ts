import type { Outcome } from '../../core/result/result.js';
import type { Pipeline } from '../../test/support/pipeline.js';
import { slow, staging, unchecked, web, worker } from '../../test/support/staged.js';
import { type FaultCase, minutes } from './fault-case.js';
import { atGate, cancelRelease, decide, gateViolations, undoViolations, waitingDigest } from './gates.js';
import { abort, byPush, entered, nothing, oneTask, operator, pushWhole, type Scenario } from './scenario.js';

/** The digests that were approved in an account. */
const approvals = new WeakMap<Pipeline, string[]>();
const approvedIn = (pipeline: Pipeline): string[] => {
  const known = approvals.get(pipeline) ?? [];
  approvals.set(pipeline, known);
  return known;
};

const approve = async (pipeline: Pipeline, digest: string): Promise<void> => {
  approvedIn(pipeline).push(digest);
  await decide(pipeline, 'approve', digest);
};

const seconds = 1000;

/** Until a release runs. */
const pushAndWait = async (pipeline: Pipeline): Promise<void> => {
  await pipeline.push('main-2');
  await pipeline.account.clock.advance(minutes);
};

/** A release that waits for approval. */
const atApproval: Pick<Scenario, 'options' | 'before' | 'prepare' | 'verifyNext' | 'violationsOf' | 'mayEnd'> = {
  options: oneTask,
  before: [],
  prepare: async (pipeline) => {
    await pipeline.push('main-2');
    await atGate(pipeline);
    await pipeline.account.clock.advance(2 * seconds);
  },
  // A request that cannot be answered is not approved.
  mayEnd: ['FAILED'],
  violationsOf: (pipeline) => gateViolations(pipeline, approvedIn(pipeline)),
  verifyNext: async (pipeline): Promise<Outcome | string> => {
    await approve(pipeline, await pipeline.push('main-later'));
    await pipeline.runUntilIdle();
    return (await pipeline.executions('release')).at(-1)?.outcome ?? 'nothing';
  },
};

const preflight = [
  'cloudwatch.DescribeAlarms',
  'ecr.BatchCheckLayerAvailability',
  'ecr.BatchGetImage',
  'ecr.DescribeImages',
  'ecr.GetDownloadUrlForLayer',
  'ecs.DescribeServices',
  'ecs.DescribeTaskDefinition',
  'ecs.ListTaskDefinitions',
];

const look = ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'states.SendTaskSuccess'];

/** An operator approves. */
export const approved: Scenario = {
  ...atApproval,
  act: async (pipeline) => approve(pipeline, await waitingDigest(pipeline)),
  outcomes: ['SUCCEEDED'],
  violationsOf: async (pipeline) => {
    const isReported = pipeline.messages().some(({ text }) => text.includes('ada') && text.includes('reviewed'));
    const isDeployed = (await pipeline.executions('release')).some(({ outcome }) => outcome === 'SUCCEEDED');
    return [
      ...(await gateViolations(pipeline, approvedIn(pipeline))),
      ...(isDeployed && !isReported ? ['Every command is reported: approve was not, and neither was the approval'] : []),
    ];
  },
  calls: {
    decide: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish', 'states.DescribeExecution', 'states.SendTaskFailure'],
  },
};

/** An operator rejects what staging has already. */
export const rejected: Scenario = {
  ...atApproval,
  options: { services: { [staging]: {}, [web]: {} } },
  prepare: async (pipeline) => {
    await pipeline.push('main-2');
    await atGate(pipeline, 2);
    await pipeline.account.clock.advance(2 * seconds);
  },
  act: async (pipeline) => decide(pipeline, 'reject', await waitingDigest(pipeline)),
  outcomes: ['FAILED'],
  calls: { closeRelease: ['dynamodb.DeleteItem'], passGates: ['dynamodb.Query'] },
  otherCalls: look,
};

/** An operator cancels the release that waits. */
export const cancelledAtGate: Scenario = {
  ...atApproval,
  act: cancelRelease,
  outcomes: ['FAILED'],
  calls: {
    control: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish', 'states.DescribeExecution', 'states.SendTaskFailure'],
  },
};

/** No operator answers. */
export const unanswered: Scenario = {
  ...atApproval,
  prepare: nothing,
  act: pushAndWait,
  outcomes: ['FAILED'],
  calls: { passGates: ['dynamodb.PutItem', ...look, 'sns.Publish'].sort() },
  otherCalls: preflight,
};

/** A newer release reaches the gate, and is approved. */
export const supersededAtGate: Scenario = {
  ...atApproval,
  act: async (pipeline) => {
    const digest = await pipeline.push('main-3');
    await pipeline.account.clock.advance(2 * minutes);
    await approve(pipeline, digest);
  },
  outcomes: ['SUPERSEDED', 'SUCCEEDED'],
  calls: { passGates: ['dynamodb.PutItem', 'states.DescribeExecution', 'states.SendTaskFailure'] },
  otherCalls: [...look, ...preflight, 'sns.Publish'],
};

/** A release is aborted while it waits: the sweep reports it, and leaves the gate. */
export const abortedAtGate: Scenario = {
  ...atApproval,
  act: nothing,
  prepare: async (pipeline) => {
    await pipeline.push('main-2');
    await atGate(pipeline);
    await abort(pipeline, await entered(pipeline, 'release', 'PassGates'));
  },
  outcomes: ['FAILED'],
  calls: {
    sweep: ['dynamodb.DeleteItem', 'dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish', 'states.DescribeExecution'],
  },
};

/** A release waits for the window of its stage. */
export const outsideWindow: Scenario = {
  ...byPush,
  prepare: nothing,
  act: pushAndWait,
  mayEnd: ['FAILED'],
  outcomes: ['SUCCEEDED'],
  calls: { passGates: ['sns.Publish'] },
  otherCalls: ['dynamodb.PutItem', ...look, ...preflight],
  violationsOf: (pipeline) => {
    const early = pipeline.account.log.of('ecs', 'service-updated').filter(({ time }) => new Date(time).getUTCHours() < 10);
    return early.map(({ time }) => `A stage begins in its window: it began at ${new Date(time).toISOString()}`);
  },
};

const digests = new WeakMap<Pipeline, string>();

/** A release of both services, and then another one, of whose services the worker succeeds first. */
const releasedBoth = async (pipeline: Pipeline): Promise<void> => {
  digests.set(pipeline, (await pipeline.release('main-1a')).digest);
};

const asBefore = async (pipeline: Pipeline, outcome: Outcome, failed: readonly string[]): Promise<readonly string[]> => {
  const isUndone = (await pipeline.executions('release')).some((release, index) => index === 1 && release.outcome === outcome);
  return isUndone ? undoViolations(pipeline, digests.get(pipeline) ?? '', failed) : [];
};

const isLasting = (faultCase: FaultCase | undefined): boolean => faultCase !== undefined && faultCase.duration !== 'once';

const bothServices = { services: { [web]: {}, [worker]: unchecked } };

/** One service fails when the other one has succeeded: that one is rolled back, too. */
export const oneFails: Scenario = {
  ...byPush,
  options: bothServices,
  prepare: releasedBoth,
  act: async (pipeline) => {
    await pipeline.push('main-2', 'never-healthy');
  },
  before: ['SUCCEEDED'],
  outcomes: ['ROLLED_BACK'],
  calls: {
    evaluateStage: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem'],
  },
  violationsOf: (pipeline) => asBefore(pipeline, 'ROLLED_BACK', [web]),
};

/** One deployment is aborted when the other one has succeeded: the execution that resumes it rolls it back. */
export const oneIsAborted: Scenario = {
  ...oneFails,
  options: { services: { [web]: slow, [worker]: unchecked } },
  act: async (pipeline) => {
    const { clock, services } = pipeline.account;
    const running = () => services.states.executions(pipeline.machine('deployment')).filter(({ status }) => status === 'RUNNING');
    await pipeline.push('main-2');
    for (const count of [2, 1]) await clock.run({ until: () => running().length === count });
    await abort(pipeline, running()[0]?.arn);
  },
  // The release does not know how the deployment ends.
  outcomes: ['UNKNOWN'],
  calls: { evaluateStage: ['states.SendTaskFailure'] },
  otherCalls: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem'],
  violationsOf: (pipeline, faultCase) => (isLasting(faultCase) ? [] : asBefore(pipeline, 'UNKNOWN', [])),
};

/** An operator rolls a release back. */
export const rolledBackByHand: Scenario = {
  ...byPush,
  options: bothServices,
  prepare: async (pipeline) => {
    await releasedBoth(pipeline);
    await pipeline.release('main-2');
  },
  act: async (pipeline) => {
    await pipeline.start('release', { repository: 'my-learn-app', rollback: true, ...operator });
  },
  before: ['SUCCEEDED', 'SUCCEEDED'],
  outcomes: ['SUCCEEDED'],
  focus: ['planRelease'],
  calls: {
    planRelease: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.Query'],
    openDeployment: ['dynamodb.GetItem', 'dynamodb.PutItem'],
  },
};

/** The tag of production is given to an image whose release is in staging: the stage joins that release. */
export const joined: Scenario = {
  ...byPush,
  options: {},
  prepare: async (pipeline) => {
    await pipeline.push('main-2', 'healthy', 'promoted');
    await entered(pipeline, 'deployment', 'WatchRollout');
  },
  act: async (pipeline) => {
    await pipeline.push('main-2-production', 'healthy', 'promoted');
  },
  outcomes: ['SUCCEEDED', 'SKIPPED'],
  // What comes when the release has ended starts at its stage.
  mayEnd: ['SUCCEEDED'],
  calls: { planRelease: ['dynamodb.PutItem', 'dynamodb.UpdateItem', 'states.DescribeExecution'] },
  otherCalls: ['dynamodb.GetItem', 'dynamodb.Query', 'ecr.BatchGetImage'],
  violationsOf: async (pipeline) => {
    const hasJoined = (await pipeline.executions('release')).some(({ reason }) => reason === 'JOINED_RELEASE');
    const isDeployed = pipeline.running(web).includes(pipeline.running(staging)[0] ?? '');
    return hasJoined && !isDeployed ? ['A stage that joined is not lost: production runs another image'] : [];
  },
};

const alarmed = { deploymentConfiguration: { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: false } } };

/** A service with an alarm, whose newest revision is copied, gets an image of all parts. */
export const checked: Scenario = {
  ...byPush,
  options: { services: { [web]: alarmed } },
  prepare: nothing,
  act: (pipeline) => pushWhole(pipeline, 'main-2'),
  outcomes: ['SUCCEEDED'],
  mayEnd: ['FAILED'],
  calls: { passGates: preflight },
  otherCalls: look,
};

export const copiesLatest: Scenario = {
  ...checked,
  calls: { registerRevision: ['ecs.ListTaskDefinitions'] },
  otherCalls: [...look, 'ecr.BatchGetImage', 'ecs.DescribeServices', 'ecs.DescribeTaskDefinition', 'ecs.RegisterTaskDefinition'],
};

/** An operator asks what a push would do. */
export const planned: Scenario = {
  ...checked,
  prepare: async (pipeline) => {
    await pushWhole(pipeline, 'main-2');
    await pipeline.runUntilIdle();
  },
  act: async (pipeline) => {
    await pipeline.invoke('query', { query: 'plan', repository: 'my-learn-app', tag: 'main-2' });
  },
  before: ['SUCCEEDED'],
  outcomes: [],
  // It changes nothing.
  focus: [],
  calls: { query: ['dynamodb.GetItem', ...preflight].sort() },
  otherCalls: [],
};

/** An operator asks what ran, by the name of an execution and by an image, and for log lines. */
export const asked: Scenario = {
  ...planned,
  act: async (pipeline) => {
    const [release] = await pipeline.executions('release');
    await pipeline.invoke('query', { query: 'status', services: [web], last: false });
    await pipeline.invoke('query', { query: 'release', release: release?.arn });
    await pipeline.invoke('query', { query: 'release', repository: 'my-learn-app', tag: 'main-2' });
    await pipeline.invoke('query', { query: 'log', service: web });
  },
  calls: {
    query: [
      'dynamodb.BatchGetItem',
      'dynamodb.Query',
      'ecs.DescribeTasks',
      'ecs.ListTasks',
      'logs.GetLogEvents',
      'states.DescribeExecution',
    ],
  },
  otherCalls: ['dynamodb.GetItem', 'ecr.DescribeImages', 'ecs.DescribeServices', 'ecs.DescribeTaskDefinition'],
};
