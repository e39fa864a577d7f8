import { web } from '../../test/support/failing.js';
import type { Pipeline } from '../../test/support/pipeline.js';
import { itemsOf } from '../../test/support/table.js';
import { byOperator, byPush, type CommandName, deploy, entered, give, nothing, operator, push, type Scenario } from './scenario.js';

/** A command that was not reported with who gave it and why. The end of a hold names who set it. */
const unreported = (pipeline: Pipeline, name: CommandName, words: readonly string[] = Object.values(operator)): string[] => {
  const isReported = pipeline.messages().some(({ command, text }) => command?.name === name && words.every((word) => text.includes(word)));
  return isReported ? [] : [`Every command is reported: ${name} was not`];
};

/** What the service's item still has of holds. */
const heldOf = async (pipeline: Pipeline): Promise<string[]> =>
  (await itemsOf(pipeline))
    .filter(({ sk }) => sk === 'state')
    .flatMap((item) => Object.keys(item).filter((key) => /^(hold|withheld#.*)$/.test(key)));

const nothingIsHeld = async (pipeline: Pipeline): Promise<string[]> =>
  (await heldOf(pipeline)).map((attribute) => `Nothing is left behind: the service has ${attribute}`);

/** An operator holds a service; another person deploys to it by hand all the same. */
export const hold: Scenario = {
  ...byOperator,
  prepare: (pipeline) => push(pipeline),
  act: (pipeline) => give(pipeline, 'hold'),
  again: (pipeline) => give(pipeline, 'hold'),
  outcomes: [],
  calls: { control: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish'] },
  violationsOf: async (pipeline) => [
    ...unreported(pipeline, 'hold'),
    ...((await heldOf(pipeline)).includes('hold') ? [] : ['A hold stays until it is released: it is gone']),
  ],
};

/** An operator releases a hold that kept a push back. */
export const unhold: Scenario = {
  ...byPush,
  prepare: async (pipeline) => {
    await pipeline.control('hold', web, operator);
    await pipeline.push('main-2');
    await pipeline.runUntilIdle();
  },
  act: (pipeline) => give(pipeline, 'unhold'),
  again: (pipeline) => give(pipeline, 'unhold'),
  before: ['SKIPPED'],
  outcomes: ['SUCCEEDED'],
  calls: { control: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish', 'states.StartExecution'] },
  violationsOf: async (pipeline) => [...unreported(pipeline, 'unhold'), ...(await nothingIsHeld(pipeline))],
};

/** A hold keeps a push back until its time has passed. */
export const expiredHold: Scenario = {
  ...byPush,
  prepare: async (pipeline) => {
    await pipeline.control('hold', web, { ...operator, until: '10m' });
    await pipeline.push('main-2');
    await pipeline.runUntilIdle();
  },
  act: nothing,
  before: ['SKIPPED'],
  outcomes: ['SUCCEEDED'],
  calls: { sweep: ['dynamodb.GetItem', 'dynamodb.Query', 'dynamodb.UpdateItem', 'sns.Publish', 'states.StartExecution'] },
  violationsOf: async (pipeline) => [...unreported(pipeline, 'unhold', [operator.by]), ...(await nothingIsHeld(pipeline))],
};

/** A push arrives during a hold. */
export const keptBack: Scenario = {
  ...expiredHold,
  prepare: async (pipeline) => {
    await pipeline.control('hold', web, { ...operator, until: '30m' });
  },
  act: async (pipeline) => {
    await pipeline.push('main-2');
  },
  before: [],
  outcomes: ['SKIPPED', 'SUCCEEDED'],
  isChain: true,
  calls: { acquireLease: ['dynamodb.GetItem', 'dynamodb.PutItem', 'dynamodb.UpdateItem', 'states.SendTaskSuccess'] },
};

/** An operator cancels a deployment by hand. */
export const cancel: Scenario = {
  ...byOperator,
  prepare: async (pipeline) => {
    await push(pipeline);
    await deploy(pipeline);
    await entered(pipeline, 'deployment', 'WatchRollout');
  },
  act: (pipeline) => give(pipeline, 'cancel'),
  outcomes: ['ROLLED_BACK'],
  calls: { control: ['dynamodb.GetItem', 'dynamodb.UpdateItem', 'sns.Publish', 'states.SendTaskFailure'] },
  violationsOf: (pipeline, faultCase) => {
    const own = pipeline.messages().findLast(({ command, result }) => command === undefined && result.outcome !== 'SKIPPED');
    const isCancelled = own?.result.reason === 'CANCELLED';
    const missing = unreported(pipeline, 'cancel');
    if (missing.length === 0) return isCancelled ? [] : ['A command that is reported is carried out: nothing was cancelled'];
    // While commands cannot be reported, the deployment says who cancelled it, and why.
    const isReported = isCancelled && own.text.includes(`${operator.by}: ${operator.reason}`);
    return (faultCase?.duration ?? 'once') === 'once' || (isCancelled && !isReported) ? missing : [];
  },
};
