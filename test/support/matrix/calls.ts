import type { Pipeline } from '../pipeline.js';

/** The calls that each function makes: `checkRollout: ['ecs.ListTasks', …]`. */
export type Calls = Readonly<Record<string, readonly string[]>>;

/** For each function and call, how often one invocation makes it at most. */
export type Recorded = Map<string, Map<string, number>>;

/** `…:role/slipway-dev-CheckRolloutRole-3BBFFE5EC2D4` is `checkRollout`'s; a machine's is `deploymentMachine`. */
const callerOf = (arn: string): string | undefined => {
  const [, name] = /slipway-dev-(\w+)Role-/.exec(arn) ?? [];
  return name && name.charAt(0).toLowerCase() + name.slice(1);
};

/** Is it one of the two state machines, and not a function? */
export const isMachine = (name: string): boolean => name.endsWith('Machine');

/** Notes every call that is made with a role of the stack from now on, until `stop`. */
export const record = ({ account }: Pipeline): { readonly recorded: Recorded; readonly stop: () => void } => {
  const recorded: Recorded = new Map();
  // A machine's calls are of no invocation: they are counted all together. Others without one are Lambda's own.
  const counts = new Map<unknown, Map<string, number>>();
  const stop = account.faults.onRequest(({ on, caller }) => {
    const name = callerOf(caller.arn);
    if (name === undefined || !(caller.activity || isMachine(name))) return;
    const invocation = caller.activity ?? name;
    const count = counts.get(invocation) ?? new Map<string, number>();
    counts.set(invocation, count.set(on, (count.get(on) ?? 0) + 1));
    const ofFunction = recorded.get(name) ?? new Map<string, number>();
    recorded.set(name, ofFunction.set(on, Math.max(ofFunction.get(on) ?? 0, count.get(on) ?? 0)));
  });
  return { recorded, stop };
};

/** The calls of these functions, in the order of the alphabet. */
export const callsOf = (recorded: Recorded, functions: readonly string[]): Calls =>
  Object.fromEntries(functions.map((name) => [name, [...(recorded.get(name)?.keys() ?? [])].sort()]));

/** Every call that is tried in one of these situations. */
export const allOf = (situations: readonly { readonly calls: Calls }[]): Record<string, string[]> => {
  const all: Record<string, string[]> = {};
  for (const { calls } of situations)
    for (const [name, of] of Object.entries(calls)) all[name] = [...new Set([...(all[name] ?? []), ...of])].sort();
  return all;
};
