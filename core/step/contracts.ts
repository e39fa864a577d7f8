import * as v from 'valibot';
import type { RecordName } from '../records/record-name.js';
import type { StageDeployment } from '../records/records.js';
import { outcomes, type Result, reasons, runbookEntries } from '../result/result.js';

/** The answer of a step of the deployment machine; the Choice after it compares `action`. */
export type Decision<Action extends string> = {
  readonly action: Action;
  /** Seconds until the step runs again, if `action` is `wait`. */
  readonly waitSeconds: number;
  /** The result; until there is one, the result to report if the execution ends now. */
  readonly result: Result;
};

export const ResultShape = v.object({
  outcome: v.picklist(outcomes),
  reason: v.picklist(reasons),
  message: v.string(),
  runbook: v.exactOptional(v.picklist(runbookEntries)),
});

/** The error that led here through a Catch; empty strings if the state before it answered. */
const CaughtError = v.object({ state: v.string(), error: v.string(), cause: v.string() });
export type CaughtError = v.InferOutput<typeof CaughtError>;

const now = v.pipe(v.string(), v.isoTimestamp());
const started = { execution: v.string(), startedAt: now, now };

/** The first state of either machine: the input of the execution, unparsed, and its ARN and times. */
export const ExecutionInput = v.object({ input: v.unknown(), ...started });
export type ExecutionInput = v.InferOutput<typeof ExecutionInput>;

export const DeploymentStepInput = v.object({ service: v.string(), record: v.string(), now });
export type DeploymentStepInput = v.InferOutput<typeof DeploymentStepInput>;

const decided = { result: ResultShape, caught: CaughtError };

/** `visit` identifies the visit of the state, and is the same for all its retries: at most one call that changes ECS is sent in one. */
export const UpdateServiceInput = v.object({ ...DeploymentStepInput.entries, visit: v.string() });
export type UpdateServiceInput = v.InferOutput<typeof UpdateServiceInput>;

export const RollBackInput = v.object({ ...UpdateServiceInput.entries, ...decided });
export type RollBackInput = v.InferOutput<typeof RollBackInput>;

/** `record` is empty if the first step failed before it answered its name. */
export const CloseReleaseInput = v.object({ repository: v.string(), record: v.string(), ...decided, ...started });
export type CloseReleaseInput = v.InferOutput<typeof CloseReleaseInput>;

export const CloseDeploymentInput = v.object({
  service: v.string(),
  record: v.string(),
  /** The record of the release that the deployment is part of. */
  release: v.string(),
  /** The record that the execution was started to resume. */
  resumes: v.string(),
  ...decided,
  ...started,
});
export type CloseDeploymentInput = v.InferOutput<typeof CloseDeploymentInput>;

export const StageInput = v.object({ record: v.string(), stage: v.string(), now });
export type StageInput = v.InferOutput<typeof StageInput>;

export const NotifyInput = v.object({
  service: v.string(),
  repository: v.string(),
  record: v.string(),
  ...decided,
  /** Was the record closed, and everything released? */
  isClosed: v.boolean(),
  ...started,
});
export type NotifyInput = v.InferOutput<typeof NotifyInput>;

/** An event of EventBridge, scheduled or not, of which a function needs only the time. */
export const EventInput = v.object({ time: now });
export type EventInput = v.InferOutput<typeof EventInput>;

export type OpenDeploymentOutput = {
  readonly action: 'proceed' | 'resume' | 'finish';
  readonly service: string;
  readonly record: RecordName;
  readonly release: RecordName;
  readonly result: Result;
};

export type StageDecision = {
  readonly action: 'proceed' | 'finish';
  readonly record: RecordName;
  readonly stage: string;
  /** Each the input of a Map iteration. */
  readonly services: readonly StageDeployment[];
  readonly result: Result;
};
