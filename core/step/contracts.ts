import * as v from 'valibot';
import type { RecordName } from '../records/record-name.js';
import type { StageDeployment } from '../records/records.js';
import { outcomes, type Result, reasons, runbookEntries } from '../result/result.js';
import { type SafetyNet, safetyNet } from '../rollout/safety-net.js';
import { Visit } from './visit.js';

/** The answer of a step of the deployment machine; the Choice after it compares `action`. */
export type Decision<Action extends string> = SafetyNet & {
  readonly action: Action;
  /** The result; until there is one, the result to report if the execution ends now. */
  readonly result: Result;
  /** When the clock decides something, ISO 8601; empty if it never does. The next visit's safety net is cut there. */
  readonly deadline: string;
};

/** A decision after which nothing is uncertain, without a deadline. */
export const decided = <Action extends string>(action: Action, result: Result): Decision<Action> => ({
  action,
  result,
  ...safetyNet,
  deadline: '',
});

/** The errors with which a state that waits can be left, beside `Woken`; each has a Catch in the machine. */
export type DecisionError = 'LookAgain' | 'VerifyUrl' | 'InvokeVerifier' | 'VerificationFailed' | 'Finish';

/** A decision that leaves the state by an error of this name, with the decision as its cause. */
export type ErrorDecision<Name extends DecisionError = DecisionError> = Omit<Decision<never>, 'action'> & { readonly error: Name };

/** A decision that leaves the state by an error, after which nothing is uncertain. */
export const decidedByError = <Name extends DecisionError>(error: Name, result: Result): ErrorDecision<Name> => ({
  error,
  result,
  ...safetyNet,
  deadline: '',
});

/** What VerifyUrl and InvokeVerifier need, which have no table. */
export type VerificationTask = {
  /** The repository whose entry in slipway.yml has the settings. */
  readonly repository: string;
  /** Name or ARN of the user's function; empty without one. */
  readonly verifier: string;
  /** Its input (`VerifierRequest`); empty without one. */
  readonly request: object;
  /** When the URL must have answered as expected, ISO 8601; empty without one. */
  readonly until: string;
};

/** What WatchRollout and Verify answer before a state that verifies. */
export type WithVerification = { readonly verification?: VerificationTask };

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

export const DeploymentStepInput = v.object({ service: v.string(), record: v.string(), execution: v.string(), visit: Visit, now });
export type DeploymentStepInput = v.InferOutput<typeof DeploymentStepInput>;

/**
 * A step that may wait: its answer goes to the task token. `because`: the state was entered, woken by an answer to its token, or
 * its safety net ended the visit before.
 */
export const WaitingStepInput = v.object({
  ...DeploymentStepInput.entries,
  token: v.string(),
  because: v.picklist(['entered', 'woken', 'timedOut']),
  /** The safety net of this visit, and the deadline at which it is cut. */
  seconds: v.number(),
  deadline: v.string(),
});
export type WaitingStepInput = v.InferOutput<typeof WaitingStepInput>;

/** What VerifyUrl is invoked with. The URL must have answered by `until`, ISO 8601. */
export const VerifyUrlInput = v.object({
  service: v.string(),
  record: v.string(),
  execution: v.string(),
  repository: v.string(),
  until: v.string(),
  now,
});
export type VerifyUrlInput = v.InferOutput<typeof VerifyUrlInput>;

/**
 * What VerifyUrl answers. `passed`: the URL answered as expected; `failed`: it did not, or not at all, which speaks of the image; `refused`:
 * it may not be requested, or its name or certificate is wrong, which does not; `continues`: not yet, and there is time. The Catch of its
 * state says `error`. `seen` is what it saw last, redacted, for the message.
 */
export const Probe = v.object({ outcome: v.picklist(['', 'passed', 'failed', 'refused', 'continues', 'error']), seen: v.string() });
export type Probe = v.InferOutput<typeof Probe>;

/**
 * A look at a rollout that ECS has completed. `invocation.status`: empty, `answered` or the name of the error; `answer` is the JSON of the
 * user's function, empty if it is longer than 4,096 characters.
 */
export const VerifyInput = v.object({
  ...WaitingStepInput.entries,
  probe: Probe,
  invocation: v.object({ status: v.string(), answer: v.string() }),
});
export type VerifyInput = v.InferOutput<typeof VerifyInput>;

const ended = { result: ResultShape, caught: CaughtError };

export const RollBackInput = v.object({ ...DeploymentStepInput.entries, ...ended });
export type RollBackInput = v.InferOutput<typeof RollBackInput>;

/** `record` is empty if the first step failed before it answered its name. */
export const CloseReleaseInput = v.object({ repository: v.string(), record: v.string(), ...ended, ...started });
export type CloseReleaseInput = v.InferOutput<typeof CloseReleaseInput>;

export const CloseDeploymentInput = v.object({
  service: v.string(),
  record: v.string(),
  /** The record of the release that the deployment is part of. */
  release: v.string(),
  /** The record that the execution was started to resume. */
  resumes: v.string(),
  ...ended,
  ...started,
});
export type CloseDeploymentInput = v.InferOutput<typeof CloseDeploymentInput>;

/** `action`: that of the decision whose services have been deployed. */
export const StageInput = v.object({
  record: v.string(),
  stage: v.string(),
  action: v.picklist(['proceed', 'prepare', 'begin', 'deploy', 'rollBack']),
  now,
});
export type StageInput = v.InferOutput<typeof StageInput>;

export const NotifyInput = v.object({
  service: v.string(),
  repository: v.string(),
  record: v.string(),
  ...ended,
  /** Was the record closed, and everything released? */
  isClosed: v.boolean(),
  ...started,
});
export type NotifyInput = v.InferOutput<typeof NotifyInput>;

/** A stage before which a release may have to wait: the answer goes to the task token. */
export const StageGateInput = v.object({
  record: v.string(),
  stage: v.string(),
  execution: v.string(),
  visit: Visit,
  now,
  token: v.string(),
  /** The next moment that matters, at which this visit ends; empty if none is known. */
  deadline: v.string(),
});
export type StageGateInput = v.InferOutput<typeof StageGateInput>;

/** An event of EventBridge, scheduled or not, of which a function needs only the time. */
export const EventInput = v.object({ time: now });
export type EventInput = v.InferOutput<typeof EventInput>;

export type OpenDeploymentOutput = {
  readonly action: 'proceed' | 'resume' | 'finish';
  readonly service: string;
  readonly record: RecordName;
  readonly release: RecordName;
  /** The number of the next visit: one that resumes a deployment continues its count. */
  readonly visit: number;
  readonly result: Result;
};

/** One service of the Map, and the seconds after which its deployment starts: registrations share a bucket of ECS. */
export type StageItem = StageDeployment & { readonly delaySeconds: number };

/** What a step of the release machine answers: the services to deploy, or the result to end with. */
export type StageDecision<Action extends string = string> = {
  readonly action: Action;
  readonly record: RecordName;
  readonly stage: string;
  /** Each the input of a Map iteration. */
  readonly services: readonly StageItem[];
  /** How many of them are deployed at the same time. */
  readonly parallel: number;
  readonly result: Result;
};

/** What PlanRelease answers. `deploy`: an operator rolls a release back, and no gate is before that. */
export type PlanDecision = StageDecision<'proceed' | 'deploy' | 'finish'> & {
  /** When the first visit of PassGates ends at the latest, ISO 8601; empty if it may be as long as any. */
  readonly deadline: string;
};

/** What EvaluateStage answers. `begin`: the services of the stage, whose before task has succeeded; `rollBack`: the services that the release changed. */
export type EvaluationDecision = StageDecision<'proceed' | 'begin' | 'rollBack' | 'finish'>;

/** What PassGates answers. `prepare`: the before task of the stage comes first; `wait`: it is entered again at once, for another deadline. */
export type GateDecision = StageDecision<'proceed' | 'prepare' | 'wait' | 'finish'> & {
  /** When the clock decides something, ISO 8601; empty if it never does. */
  readonly deadline: string;
};
