import type { Template } from './template.js';

/** The parts of `arn:aws:states:::lambda:invoke.waitForTaskToken`. A function's own ARN has the service `function`. */
export type Resource = {
  readonly arn: string;
  /** `lambda`, `states`, `aws-sdk:ecs`; or `function`. */
  readonly service: string;
  /** `invoke`, `startExecution`. */
  readonly action: string;
  readonly pattern: 'requestResponse' | 'waitForTaskToken' | 'sync' | 'sync:2';
};

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly isJittered: boolean;
};

type Data = {
  readonly output: Template | undefined;
  readonly assign: Template | undefined;
};

export type Catcher = Data & { readonly errorEquals: readonly string[]; readonly next: string };

export type ChoiceRule = Data & { readonly condition: Template; readonly next: string };

/** A state with Retry and Catch. */
type Fallible = { readonly retriers: readonly Retrier[]; readonly catchers: readonly Catcher[] };

type Common = Data & {
  readonly name: string;
  /** The state after this one; none in the last. */
  readonly next: string | undefined;
};

type PassState = Common & { readonly type: 'Pass' };
type SucceedState = Common & { readonly type: 'Succeed' };
export type FailState = Common & { readonly type: 'Fail'; readonly error: Template | undefined; readonly cause: Template | undefined };
export type ChoiceState = Common & { readonly type: 'Choice'; readonly rules: readonly ChoiceRule[]; readonly default: string | undefined };
export type WaitState = Common & {
  readonly type: 'Wait';
  readonly seconds: Template | undefined;
  readonly timestamp: Template | undefined;
};
export type TaskState = Common &
  Fallible & {
    readonly type: 'Task';
    readonly resource: Resource;
    readonly arguments: Template | undefined;
    readonly timeoutSeconds: Template | undefined;
    readonly heartbeatSeconds: Template | undefined;
  };
export type ParallelState = Common &
  Fallible & { readonly type: 'Parallel'; readonly arguments: Template | undefined; readonly branches: readonly Block[] };
export type MapState = Common &
  Fallible & {
    readonly type: 'Map';
    readonly items: Template | undefined;
    readonly itemSelector: Template | undefined;
    readonly maxConcurrency: Template | undefined;
    readonly processor: Block;
  };

export type State = PassState | SucceedState | FailState | ChoiceState | WaitState | TaskState | ParallelState | MapState;

/** A set of states with a start: a machine, a branch or an item processor. */
export type Block = { readonly startAt: string; readonly states: ReadonlyMap<string, State> };

export type Definition = Block & {
  /** As it was given, for DescribeStateMachine. */
  readonly text: string;
  readonly timeoutSeconds: number | undefined;
};
