import jsonata from 'jsonata';
import type { Result } from '../../core/result/result.js';
import type { OpenDeploymentOutput } from '../../core/step/contracts.js';
import { execution, later, startedAt } from '../core/given.js';
import { expressionIn, type MachineName, machine, resultOf, type State } from './machines.js';

export type Variables = Record<string, unknown>;
export const contextOf = (input: unknown = {}) => ({
  Execution: { Id: execution, Input: input, Name: 'one', StartTime: startedAt },
  State: { Name: 'Now', EnteredTime: later, RetryCount: 0 },
  Task: { Token: 'AQCkAAAAKgAAAAMAAAAA' },
});
export const context = contextOf();

export const result: Result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' };

export const opened: OpenDeploymentOutput = {
  action: 'proceed',
  service: 'production/web',
  record: 'service#production/web deployment#1',
  release: '',
  visit: 1,
  result,
};

/** What Step Functions adds to JSONata, as far as the machines use it. */
const added = { parse: (json: string): unknown => JSON.parse(json) };

/** Evaluates the expressions in a value as Step Functions does: an expression without a result is an error. */
export const evaluated = async (value: unknown, bindings: Variables): Promise<unknown> => {
  const expression = expressionIn(value);
  if (expression !== undefined) {
    const result: unknown = await jsonata(expression).evaluate(undefined, { ...added, ...bindings });
    if (result === undefined) throw new Error(`${expression} has no result`);
    return result;
  }
  if (Array.isArray(value)) return Promise.all(value.map((one) => evaluated(one, bindings)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await evaluated(one, bindings)] as const)),
  );
};

/** The first state: it assigns every variable, before anything can fail, or whether or not it fails. */
export const firstOf = (name: MachineName): State => machine(name).States[machine(name).StartAt] as State;

/** The variables after it, for this input of the execution. */
export const begun = async (name: MachineName, input: unknown = {}): Promise<Variables> => {
  const first = firstOf(name);
  const states = { input, result: resultOf(first, opened), context: contextOf(input) };
  return (await evaluated(first.Assign, { states })) as Variables;
};
