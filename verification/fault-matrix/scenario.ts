import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Outcome } from '../../core/result/result.js';
import type { Behaviour } from '../../emulator/ecr/api.js';
import { web } from '../../test/support/failing.js';
import type { Pipeline, PipelineOptions } from '../../test/support/pipeline.js';
import type { Calls } from './calls.js';
import { type FaultCase, minutes } from './fault-case.js';

/** Something that happens to the pipeline, and its outcomes without a fault. */
export type Scenario = {
  readonly options: PipelineOptions;
  /** Happens before the fault is injected. */
  readonly prepare: (pipeline: Pipeline) => Promise<void>;
  readonly act: (pipeline: Pipeline) => Promise<void>;
  /** What people do once more when a permanent fault has ended. */
  readonly again?: (pipeline: Pipeline) => Promise<void>;
  /** Outcomes of the executions that ended before the fault, in the order of their starts. */
  readonly before: readonly Outcome[];
  /** Outcomes of the executions that were running or were started since. */
  readonly outcomes: readonly Outcome[];
  /** Outcomes that a lasting fault may cause here, beside those that it may cause anywhere. */
  readonly mayEnd?: readonly Outcome[];
  /** By function: outcomes that a single fault of it may cause. */
  readonly mayEndOnce?: Readonly<Record<string, readonly Outcome[]>>;
  /** The outcomes may be swapped between executions that start at the same time. */
  readonly isInAnyOrder?: boolean;
  /** An execution that ends otherwise starts no next one. */
  readonly isChain?: boolean;
  /** Calls that this scenario cannot do without, although elsewhere they only add details: `registerRevision ecr.BatchGetImage`. */
  readonly required?: readonly string[];
  /** The functions under test, with the calls they make. */
  readonly calls: Calls;
  /** The number of the selected turns in which it is tested; default all. */
  readonly turns?: number;
  /** Further calls of these functions, which another scenario tests; of one of them as `passGates dynamodb.GetItem`. */
  readonly otherCalls?: readonly string[];
  /** The functions whose situation differs from other scenarios; the rest are tested with FAULTS=all only. */
  readonly focus?: readonly string[];
  /** Deploys a healthy image afterwards; answers its outcome. */
  readonly verifyNext: (pipeline: Pipeline) => Promise<Outcome | string>;
  /** Further violations. */
  readonly violationsOf?: (pipeline: Pipeline, faultCase: FaultCase | undefined) => readonly string[] | Promise<readonly string[]>;
};

export const nothing = async (): Promise<void> => {};

export const deploy = (pipeline: Pipeline, tag = 'other'): Promise<string> =>
  pipeline.start('deployment', { service: web, image: pipeline.imageUri(tag) });

export const deployOther = async (pipeline: Pipeline): Promise<void> => {
  await deploy(pipeline);
};

/** Pushes an image that no release deploys, because no pattern matches its tag. */
export const push = async (pipeline: Pipeline, behaviour: Behaviour = 'healthy', tag = 'other'): Promise<void> => {
  await pipeline.push(tag, behaviour);
  await pipeline.runUntilIdle();
};

/** Pushes an image whose commit is only in its configuration, where docker build writes it. */
export const pushLabelled = async (pipeline: Pipeline, ...tags: readonly string[]): Promise<void> => {
  const digest = await pipeline.upload({ config: { Labels: { 'org.opencontainers.image.revision': '4f5e6d7' } } });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1 },
  });
  for (const tag of tags) await pipeline.putManifest(tag, manifest);
};

/** Pushes an image that has all of its parts: its configuration, and a layer. */
export const pushWhole = async (pipeline: Pipeline, tag: string): Promise<void> => {
  const config = await pipeline.upload({ os: 'linux', architecture: 'amd64' });
  const layer = await pipeline.upload({ of: tag });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const part = (kind: string, digest: string) => ({ mediaType: `application/vnd.oci.image.${kind}`, digest, size: 1 });
  const manifest = { schemaVersion: 2, mediaType, config: part('config.v1+json', config), layers: [part('layer.v1.tar', layer)] };
  await pipeline.putManifest(tag, JSON.stringify(manifest));
};

export const oneTask: PipelineOptions = { services: { [web]: { tasks: 1 } } };

/** Started by an operator, after a push whose release was skipped. */
export const byOperator: Pick<Scenario, 'options' | 'before' | 'verifyNext'> = {
  options: oneTask,
  before: ['SKIPPED'],
  verifyNext: async (pipeline) => {
    await pipeline.push('verifyNext');
    return (await pipeline.ended(await deploy(pipeline, 'verifyNext'))).outcome;
  },
};

/** Started by a push, on a stack with this one service. */
export const byPush: Pick<Scenario, 'options' | 'before' | 'verifyNext'> = {
  options: oneTask,
  before: [],
  verifyNext: async (pipeline) => (await pipeline.release('main-later')).outcome,
};

export type CommandName = Parameters<Pipeline['control']>[0];

/** Who gives commands, and why. */
export const operator = { by: 'ada', reason: 'the database is being moved' };

/** Gives a command as people do: again and later each time, while the invocation fails, for an hour. */
export const give = async (pipeline: Pipeline, name: CommandName, more: object = {}): Promise<void> => {
  for (const delay of [10_000, minutes, 5 * minutes, 20 * minutes, 30 * minutes]) {
    const { outcome } = await pipeline.control(name, web, { ...operator, ...more });
    if (outcome !== undefined) return;
    await pipeline.account.clock.advance(delay);
  }
};

/** Lets time pass until an execution of the machine enters a state for the nth time; answers the execution's ARN, if any. */
export const entered = async (
  { account: { clock, log } }: Pipeline,
  machine: string,
  state: string,
  nth = 1,
): Promise<string | undefined> => {
  const found = () =>
    log
      .of('states', 'state-entered')
      .filter(({ detail }) => detail.state === state && String(detail.execution).includes(`:slipway-dev-${machine}:`))
      .at(nth - 1);
  await clock.run({ until: () => found() !== undefined });
  const execution = found()?.detail.execution;
  return execution === undefined ? undefined : String(execution);
};

export const abort = async (pipeline: Pipeline, executionArn: string | undefined): Promise<void> => {
  await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn }));
};

/** Aborts the execution that enters a state. */
export const abortAt = async (pipeline: Pipeline, machine: string, state: string): Promise<void> =>
  abort(pipeline, await entered(pipeline, machine, state));
