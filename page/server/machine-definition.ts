import type { MachineEdge, MachineNode } from '../api.js';

// What the page reads of a definition in Amazon States Language. Members that it does not know are passed over.

export type Catcher = { readonly ErrorEquals?: readonly string[]; readonly Next: string };

export type State = {
  readonly Type: MachineNode['type'];
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly Catcher[];
};

export type Definition = { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };

/** The deployed definition, as Step Functions answers it: JSON. @throws Error if it is none */
export const definitionOf = (json: string): Definition => {
  const definition = JSON.parse(json) as Partial<Definition> | null;
  if (typeof definition?.StartAt !== 'string' || typeof definition.States !== 'object' || definition.States === null)
    throw new Error('the definition of the state machine has no "StartAt" and "States"');
  return { StartAt: definition.StartAt, States: definition.States };
};

type Way = Omit<MachineEdge, 'taken'>;

const ways = (from: string, { Next, Default, Choices = [], Catch = [] }: State): Way[] => [
  ...(Next === undefined ? [] : [{ from, to: Next, kind: 'next' } as const]),
  ...Choices.flatMap(({ Next: to }) => (to === undefined ? [] : [{ from, to, kind: 'choice' } as const])),
  ...(Default === undefined ? [] : [{ from, to: Default, kind: 'default' } as const]),
  ...Catch.map(({ Next: to }) => ({ from, to, kind: 'catch' }) as const),
];

/** Every way from one state to another once, by what leads there first in the order next, choice, default, catch. */
export const waysOf = ({ States }: Definition): readonly Way[] => {
  const found = new Map<string, Way>();
  for (const [name, state] of Object.entries(States))
    for (const way of ways(name, state)) {
      const key = JSON.stringify([way.from, way.to]);
      if (!found.has(key)) found.set(key, way);
    }
  return [...found.values()];
};

/** The states that can still be entered from one, without a way through those of `behind`. */
export const reachableFrom = (start: string, all: readonly Way[], behind: ReadonlySet<string>): ReadonlySet<string> => {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const { from, to } of all)
      if (from === name && !reached.has(to) && !behind.has(to)) {
        reached.add(to);
        open.push(to);
      }
  return reached;
};

/** Was this error caught by its name? Then it is an answer of the state, not a failure. */
export const isNamedIn = ({ Catch = [] }: State, error: string): boolean =>
  Catch.some(({ ErrorEquals = [] }) => ErrorEquals.includes(error));
