import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { MachineEdge, MachineNode, MachineView } from '../../../page/api.js';

type State = {
  readonly Type: MachineNode['type'];
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
};
type Definition = { readonly StartAt: string; readonly States: Readonly<Record<string, State>> };

const read = (file: string) => parse(readFileSync(`statemachine/${file}.asl.yml`, 'utf8'), { logLevel: 'silent' }) as Definition;
const definitions = { deployment: read('deployment'), release: read('release') };

/** One of our machines, of which an execution has taken `path`; the last state of it is the active one, unless it is an end; `known` is what else is known of states. */
export const machineOf = (
  file: 'deployment' | 'release',
  path: readonly string[] = [],
  known: Readonly<Record<string, Partial<MachineNode>>> = {},
): MachineView => {
  const definition = definitions[file];
  const edges = Object.entries(definition.States).flatMap(([from, state]) => edgesOf(from, state));
  const isTaken = ({ from, to }: MachineEdge) => path.some((name, at) => name === from && path[at + 1] === to);
  return {
    name: `slipway-prod-${file}`,
    startAt: definition.StartAt,
    nodes: Object.entries(definition.States).map(([name, { Type }]) => ({ ...nodeOf(name, Type, path), ...known[name] })),
    edges: edges.map((edge) => ({ ...edge, taken: isTaken(edge) })),
    transitions: path.length,
  };
};

const edgesOf = (from: string, { Choices = [], Default, Next, Catch = [] }: State): MachineEdge[] => [
  ...Choices.map(({ Next: to }) => ({ from, to, kind: 'choice' as const, taken: false })),
  ...(Default ? [{ from, to: Default, kind: 'default' as const, taken: false }] : []),
  ...(Next ? [{ from, to: Next, kind: 'next' as const, taken: false }] : []),
  ...Catch.map(({ Next: to }) => ({ from, to, kind: 'catch' as const, taken: false })),
];

const nodeOf = (name: string, type: MachineNode['type'], path: readonly string[]): MachineNode => {
  const entries = path.filter((entered) => entered === name).length;
  const isEnd = type === 'Succeed' || type === 'Fail';
  const state = path.at(-1) === name && !isEnd ? 'active' : entries === 0 ? 'ahead' : type === 'Fail' ? 'failed' : 'done';
  return { name, type, state, entries, ...(entries > 0 && type === 'Task' ? { seconds: 0.4 } : {}) };
};
