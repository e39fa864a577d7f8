import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Outcome } from '../../../core/result/result.js';
import type { Behaviour } from '../../../emulator/ecr/api.js';
import { web } from '../failing.js';
import type { Pipeline, PipelineOptions } from '../pipeline.js';
import type { Calls } from './calls.js';
import type { Trial } from './trial.js';

/** Something that happens to the pipeline, and how that ends where nothing goes wrong. */
export type Situation = {
  readonly options: PipelineOptions;
  /** What has happened before anything goes wrong. */
  readonly prepare: (pipeline: Pipeline) => Promise<void>;
  readonly act: (pipeline: Pipeline) => Promise<void>;
  /** Outcomes of what was started and has ended before that, in the order of the starts. */
  readonly before: readonly Outcome[];
  /** And of what was started since, or was under way. */
  readonly ends: readonly Outcome[];
  /** Whoever came first may end as the other one. */
  readonly isInAnyOrder?: boolean;
  /** Calls without which nothing can be done here, though they only add words elsewhere: `registerRevision ecr.BatchGetImage`. */
  readonly decisive?: readonly string[];
  /** The functions that are tried here, with the calls that they make. */
  readonly calls: Calls;
  /** Those of the functions for which it is not much as elsewhere; the others are tried in the whole matrix alone. */
  readonly focus?: readonly string[];
  /** A healthy image after it all; answers how that ended. */
  readonly later: (pipeline: Pipeline) => Promise<Outcome | string>;
  /** What else may be wrong. */
  readonly wrongs?: (pipeline: Pipeline, trial: Trial | undefined) => readonly string[];
};

export const nothing = async (): Promise<void> => {};

export const deploy = (pipeline: Pipeline, tag = 'other'): Promise<string> =>
  pipeline.start('deployment', { service: web, image: pipeline.imageUri(tag) });

export const deployOther = async (pipeline: Pipeline): Promise<void> => {
  await deploy(pipeline);
};

/** An image that no release deploys, for no pattern matches its tag. */
export const push = async (pipeline: Pipeline, behaviour: Behaviour = 'healthy', tag = 'other'): Promise<void> => {
  await pipeline.push(tag, behaviour);
  await pipeline.settle();
};

/** An image whose commit stands in its configuration alone, where docker build writes it. */
export const pushLabelled = async (pipeline: Pipeline, ...tags: readonly string[]): Promise<void> => {
  const digest = await pipeline.upload({ config: { Labels: { 'org.opencontainers.image.revision': '4f5e6d7' } } });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: { mediaType: 'x', digest, size: 1 } });
  for (const tag of tags) await pipeline.putManifest(tag, manifest);
};

export const oneTask: PipelineOptions = { services: { [web]: { tasks: 1 } } };

/** Started by hand, after a push whose release was skipped. */
export const byHand: Pick<Situation, 'options' | 'before' | 'later'> = {
  options: oneTask,
  before: ['SKIPPED'],
  later: async (pipeline) => {
    await pipeline.push('later');
    return (await pipeline.ended(await deploy(pipeline, 'later'))).outcome;
  },
};

/** Started by a push, with a stack whose one service is this one. */
export const byPush: Pick<Situation, 'options' | 'before' | 'later'> = {
  options: oneTask,
  before: [],
  later: async (pipeline) => (await pipeline.release('main-later')).outcome,
};

/** Lets time pass until an execution of the machine enters a state for the nth time; answers which, if one does. */
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

/** Ends the execution that enters a state. */
export const abortAt = async (pipeline: Pipeline, machine: string, state: string): Promise<void> => {
  const executionArn = await entered(pipeline, machine, state);
  await pipeline.executionsClient.send(new StopExecutionCommand({ executionArn }));
};
