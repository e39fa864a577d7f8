import * as v from 'valibot';
import { causes, type Ending, outcomes } from './outcome.js';
import type { RecordName } from './records.js';

/** What every step of the deployment machine answers; `next` is the word that the Choice after it compares. */
export type Decision<Next extends string> = {
  readonly next: Next;
  /** Seconds until the next look, should the machine wait. */
  readonly waitSeconds: number;
  /** How it ended; while it goes on, what would have to be said if nothing more were heard. */
  readonly ending: Ending;
};

const EndingShape = v.object({ outcome: v.picklist(outcomes), cause: v.picklist(['', ...causes]), sentence: v.string() });

/** What a Catch kept of an error: empty strings when nothing was caught. */
const Trouble = v.object({ state: v.string(), error: v.string(), cause: v.string() });
export type Trouble = v.InferOutput<typeof Trouble>;

const now = v.pipe(v.string(), v.isoTimestamp());
const started = { execution: v.string(), startedAt: now, now };

/** The first state of either machine: whatever came in, and which execution it is. */
export const StartInput = v.object({ input: v.unknown(), ...started });
export type StartInput = v.InferOutput<typeof StartInput>;

export const DeploymentInput = v.object({ service: v.string(), record: v.string(), now });
export type DeploymentInput = v.InferOutput<typeof DeploymentInput>;

export const EndingInput = v.object({ record: v.string(), ending: EndingShape, trouble: Trouble, now });
export type EndingInput = v.InferOutput<typeof EndingInput>;

export const DeploymentEndingInput = v.object({ service: v.string(), ...EndingInput.entries });
export type DeploymentEndingInput = v.InferOutput<typeof DeploymentEndingInput>;

export const StageInput = v.object({ record: v.string(), stage: v.string(), now });
export type StageInput = v.InferOutput<typeof StageInput>;

export const NotifyInput = v.object({
  service: v.string(),
  /** Of a deployment or of a release; empty where none was opened. */
  record: v.string(),
  /** The release that the deployment is of. */
  release: v.string(),
  /** The record that the execution was started to adopt. */
  adopts: v.string(),
  ending: EndingShape,
  trouble: Trouble,
  /** Has the record been closed, and everything been given back? */
  isClosed: v.boolean(),
  ...started,
});
export type NotifyInput = v.InferOutput<typeof NotifyInput>;

/** What EventBridge sends, on a schedule or because something happened: the functions that it starts need only know when. */
export const EventInput = v.object({ time: now });
export type EventInput = v.InferOutput<typeof EventInput>;

export type OpenDeploymentOutput = {
  readonly next: 'go' | 'adopt' | 'end';
  readonly service: string;
  readonly record: RecordName;
  readonly release: RecordName;
  readonly ending: Ending;
};

/** One service to deploy, as the Map's iteration gets it. */
export type StageItem = { readonly service: string; readonly name: string; readonly image: string };

export type StageDecision = {
  readonly next: 'go' | 'end';
  readonly record: RecordName;
  readonly stage: string;
  readonly services: readonly StageItem[];
  readonly ending: Ending;
};

/** What is said of an execution of which nothing more was heard. */
export const unfinished: Ending = { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: 'the execution ended before it could tell how' };
