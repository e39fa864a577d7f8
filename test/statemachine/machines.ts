import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type * as v from 'valibot';
import { parse } from 'yaml';
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
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Seconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Arguments?: { readonly FunctionName?: string; readonly Payload?: Record<string, string> };
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

/** Tasks that invoke a function: all except the Map's nested execution. */
export const everyFunctionTask = everyTask.filter(({ state }) => state.Resource === 'arn:aws:states:::lambda:invoke');

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

/** The type that a function declares for its answer: `Decision`, or `{ result: Result }`. */
export const answerTypeOf = (stateName: string): string => /Promise<(\{[^}]*\}|\w+)(?:<[^>]*>)?> =>/.exec(sourceOf(stateName))?.[1] ?? '';

const literalsIn = (type: string): string[] => [...type.matchAll(/'(\w+)'/g)].map(([, literal = '']) => literal);

/** The values of `action` that a function can answer, by its declared type; none if it answers no action. */
export const actionsOf = (stateName: string): string[] => {
  const source = sourceOf(stateName);
  const [, inline] = /Promise<Decision<([^>]+)>> =>/.exec(source) ?? [];
  if (inline !== undefined) return literalsIn(inline);
  const type = answerTypeOf(stateName);
  if (!/^\w+$/.test(type)) return [];
  const declaration = new RegExp(`type ${type} = \\{\\s*readonly action: ([^;]+);`);
  const [, actions = ''] = declaration.exec(source + readFileSync('core/step/contracts.ts', 'utf8')) ?? [];
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
