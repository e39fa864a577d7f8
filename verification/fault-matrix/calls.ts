import type { Pipeline } from '../../test/support/pipeline.js';

/** The calls that each function makes: `watchRollout: ['ecs.ListTasks', …]`. */
export type Calls = Readonly<Record<string, readonly string[]>>;

/** For each function and call, the most times that one invocation makes it. */
export type Recorded = Map<string, Map<string, number>>;

/** `…:role/slipway-dev-WatchRolloutRole-3BBFFE5EC2D4` is `watchRollout`'s; a machine's is `deploymentMachine`. */
const callerOf = (arn: string): string | undefined => {
  const [, name] = /slipway-dev-(\w+)Role-/.exec(arn) ?? [];
  return name && name.charAt(0).toLowerCase() + name.slice(1);
};

/** A state machine, not a function. */
export const isMachine = (name: string): boolean => name.endsWith('Machine');

/** Records every call made with a role of the stack, until `stop`. */
export const record = ({ account }: Pipeline): { readonly recorded: Recorded; readonly stop: () => void } => {
  const recorded: Recorded = new Map();
  // A machine's calls belong to no invocation and are counted together. Other calls without an invocation are made by Lambda.
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

/** The calls of the functions under test, sorted by name, but for those that another scenario tests. */
export const callsOf = (recorded: Recorded, { calls, otherCalls = [] }: { calls: Calls; otherCalls?: readonly string[] }): Calls => {
  const made = (name: string): string[] => [...(recorded.get(name)?.keys() ?? [])];
  return Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      made(name)
        .filter((call) => !otherCalls.includes(call) && !otherCalls.includes(`${name} ${call}`))
        .sort(),
    ]),
  );
};

/** Every call that one of these scenarios tests. */
export const allOf = (scenarios: readonly { readonly calls: Calls }[]): Record<string, string[]> => {
  const all: Record<string, string[]> = {};
  for (const { calls } of scenarios)
    for (const [name, of] of Object.entries(calls)) all[name] = [...new Set([...(all[name] ?? []), ...of])].sort();
  return all;
};
