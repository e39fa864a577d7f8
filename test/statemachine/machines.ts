import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type * as v from 'valibot';
import { parse } from 'yaml';
import type { DecisionError } from '../../core/step/contracts.js';
import { loadSteps, type RegisteredStep } from '../../stack/steps.js';

export type Catcher = { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly Assign?: object };
export type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
};
export type State = {
  readonly Type: 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Map' | 'Succeed' | 'Fail';
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string; readonly Assign?: object }[];
  readonly Resource?: string;
  /** A number, or an expression. */
  readonly TimeoutSeconds?: number | string;
  readonly Seconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Arguments?: { readonly FunctionName?: string; readonly Payload?: Record<string, unknown> };
  readonly Assign?: Record<string, unknown>;
  readonly Output?: unknown;
  readonly ItemProcessor?: Machine;
};
export type Machine = { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };
export type MachineName = 'deployment' | 'release';

// The values that CloudFormation would insert.
const values: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '123456789012',
  'sls:stage': 'dev',
};
const customTags = [
  { tag: '!Sub', resolve: (text: string) => text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? `unknown ${name}`) },
  { tag: '!GetAtt', resolve: (text: string) => `GetAtt ${text}` },
];

const read = (name: MachineName): Machine => parse(readFileSync(`statemachine/${name}.asl.yml`, 'utf8'), { customTags }) as Machine;
const machines: Record<MachineName, Machine> = { deployment: read('deployment'), release: read('release') };

export const machine = (name: MachineName): Machine => machines[name];

export const machineNames: readonly MachineName[] = ['deployment', 'release'];

export type NamedState = { readonly machine: MachineName; readonly name: string; readonly state: State };

const statesIn = (name: MachineName, { States }: Machine): NamedState[] =>
  Object.entries(States).flatMap(([stateName, state]) => [
    { machine: name, name: stateName, state },
    ...(state.ItemProcessor ? statesIn(name, state.ItemProcessor) : []),
  ]);

/** Every state of a machine, including those of its Maps. */
export const statesOf = (name: MachineName): NamedState[] => statesIn(name, machine(name));

export const everyState: readonly NamedState[] = machineNames.flatMap(statesOf);

export const everyTask = everyState.filter(({ state }) => state.Type === 'Task');

const invocation = 'arn:aws:states:::lambda:invoke';

/** Does the state wait until its task token is answered? */
export const isWaiting = ({ Resource }: State): boolean => Resource === `${invocation}.waitForTaskToken`;

/** Tasks that invoke a function of Slipway: all except the Map's nested execution, and the function of a user. */
export const everyFunctionTask = everyTask.filter(
  ({ name, state }) => (state.Resource === invocation || isWaiting(state)) && name !== 'InvokeVerifier',
);

/** The errors by which the decision of a state ends it, instead of a Choice. */
export const decisionErrors: Readonly<Record<string, readonly DecisionError[]>> = {
  RunBeforeTask: ['LookAgain', 'Finish'],
  Verify: ['LookAgain', 'VerifyUrl', 'InvokeVerifier', 'VerificationFailed', 'Finish'],
};

/** `$states.result` of a Task whose function decides this: one that waits gets it by its token, and what the function returns is lost. */
export const resultOf = (state: State, answer: object): object => (isWaiting(state) ? answer : { Payload: answer });

type Exit = { readonly to: string; readonly assigned: readonly string[] };

const exitsOf = ({ Next, Default, Choices = [], Catch = [], Assign = {} }: State): Exit[] => {
  const assigned = Object.keys(Assign);
  const next = [Next, Default, ...Choices.map((choice) => choice.Next)].flatMap((to) => (to === undefined ? [] : [{ to, assigned }]));
  return [...next, ...Catch.map((caught) => ({ to: caught.Next, assigned: Object.keys(caught.Assign ?? {}) }))];
};

/** The variables that are assigned on every way to a state of the machine, outside its Maps. */
export const assignedBefore = (name: MachineName): ReadonlyMap<string, ReadonlySet<string>> => {
  const { StartAt, States } = machine(name);
  const before = new Map<string, ReadonlySet<string>>([[StartAt, new Set()]]);
  const changed = [StartAt];
  for (let from = changed.pop(); from !== undefined; from = changed.pop()) {
    for (const { to, assigned } of exitsOf(States[from] as State)) {
      const after = new Set([...(before.get(from) ?? []), ...assigned]);
      const known = before.get(to);
      const both = known ? new Set([...known].filter((one) => after.has(one))) : after;
      if (known?.size === both.size) continue;
      before.set(to, both);
      changed.push(to);
    }
  }
  return before;
};

/** `WatchRollout` → `functions/deployment/watch-rollout.ts`. */
export const fileOf = (stateName: string): string => {
  const name = stateName.replace(/[A-Z]/g, (letter, index: number) => `${index > 0 ? '-' : ''}${letter.toLowerCase()}`);
  const folder = readdirSync('functions').find((one) => existsSync(`functions/${one}/${name}.ts`));
  return `functions/${folder}/${name}.ts`;
};

export const sourceOf = (stateName: string): string => readFileSync(fileOf(stateName), 'utf8');

/** The step of a function's state. */
export const stepOf = async (stateName: string): Promise<RegisteredStep> => {
  const step = (await loadSteps()).find(({ name }) => name === stateName);
  if (!step) throw new Error(`no step in functions/ has the name ${stateName}`);
  return step;
};

/** The members of its input. */
export const membersOf = async (stateName: string): Promise<string[]> =>
  Object.keys(((await stepOf(stateName)).input as unknown as v.ObjectSchema<v.ObjectEntries, undefined>).entries);

/**
 * The type that a function declares for its answer, without `undefined`, which a step answers while its state waits, and without what
 * ends its state by an error.
 */
const declaredAnswerOf = (stateName: string): string => {
  const source = sourceOf(stateName);
  const withoutWait = (type: string) => type.replace(/ \| undefined$/, '');
  const [, declared = ''] = /Promise<(.+)> =>/.exec(source) ?? [];
  const [, alias] = new RegExp(`^type ${withoutWait(declared)} = (Decision<.+|GateDecision .+);$`, 'm').exec(source) ?? [];
  const type = withoutWait(alias ?? declared);
  return /^Decision<[^>]+>/.exec(type)?.[0] ?? type;
};

/** Its name, or its members: `Decision`, or `{ result: Result }`. */
export const answerTypeOf = (stateName: string): string => declaredAnswerOf(stateName).replace(/<.*>$/, '');

const literalsIn = (type: string): string[] => [...type.matchAll(/'(\w+)'/g)].map(([, literal = '']) => literal);

/** The values of `action` that a function can answer, by its declared type; none if it answers no action. */
export const actionsOf = (stateName: string): string[] => {
  const [, inline] = /^Decision<(.+)>$/.exec(declaredAnswerOf(stateName)) ?? [];
  if (inline !== undefined) return literalsIn(inline);
  const type = answerTypeOf(stateName);
  if (!/^\w+$/.test(type)) return [];
  const declaration = new RegExp(`type ${type} = (?:\\{\\s*readonly action: ([^;]+);|StageDecision<([^>]+)>)`);
  const [, members, literals, actions = members ?? literals ?? ''] =
    declaration.exec(sourceOf(stateName) + readFileSync('core/step/contracts.ts', 'utf8')) ?? [];
  return literalsIn(actions);
};

/** The JSONata in `{% … %}`; undefined for any other value. */
export const expressionIn = (value: unknown): string | undefined =>
  typeof value === 'string' ? /^\{%(.*)%\}$/s.exec(value)?.[1]?.trim() : undefined;

/** Every expression in a value, at any depth. */
export const expressionsIn = (value: unknown): string[] => {
  const expression = expressionIn(value);
  if (expression !== undefined) return [expression];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
};
