import type { MachineEdge, MachineNode, MachineView } from '../../api.js';

/**
 * What of a state machine is drawn.
 * - `line`: the main line, from StartAt to the success, as the definition's author wrote it: Next, and of each Choice the first branch,
 *   or the next one that neither leads back nor is a siding. The shortest way would be the first early end.
 * - `sidings`: chains of states after a Choice, every way out of which is another branch of that Choice: what can be bypassed.
 * - `beside`: other states that do something or were entered.
 * - `edges` join those. A Choice off the line is a point of the way through it; so is a state that is not drawn.
 */
export type MachineGraph = {
  readonly line: readonly MachineNode[];
  readonly sidings: readonly Siding[];
  readonly beside: readonly MachineNode[];
  readonly edges: readonly DrawnEdge[];
};

/** `columns` are the states in the order of their ways through it; those of one column are alternatives. */
export type Siding = { readonly from: string; readonly to: string; readonly columns: readonly (readonly MachineNode[])[] };

/** `through` are the states between that are not drawn. */
export type DrawnEdge = { readonly from: string; readonly to: string; readonly taken: boolean; readonly through: readonly string[] };

type Definition = {
  readonly view: MachineView;
  readonly nodes: ReadonlyMap<string, MachineNode>;
  /** The ways out of a state in the order of the definition, without Catch. */
  readonly ways: (name: string) => readonly string[];
};

export const graphOf = (view: MachineView): MachineGraph => {
  const definition = definitionOf(view);
  const line = mainLine(definition);
  const sidings = sidingsOf(definition, line);
  const placed = new Set([...line, ...sidings.flatMap(({ columns }) => columns.flat().map(({ name }) => name))]);
  const beside = view.nodes.filter((node) => !placed.has(node.name) && isShownBeside(node));
  for (const { name } of beside) placed.add(name);
  return {
    line: line.map((name) => definition.nodes.get(name)!),
    sidings,
    beside,
    edges: edgesBetween(view, placed, new Set(beside.map(({ name }) => name)), line),
  };
};

const definitionOf = (view: MachineView): Definition => {
  const nodes = new Map(view.nodes.map((node) => [node.name, node]));
  const ways = new Map<string, string[]>();
  for (const { from, to, kind } of view.edges) if (kind !== 'catch' && nodes.has(to)) ways.set(from, [...(ways.get(from) ?? []), to]);
  return { view, nodes, ways: (name) => ways.get(name) ?? [] };
};

/** Only what was entered says why a Choice, a Wait or a Pass off the line matters; a Choice is drawn by the ways through it. */
const isShownBeside = ({ type, entries, state }: MachineNode): boolean =>
  type !== 'Choice' && (entries > 0 || state === 'active' || (type !== 'Wait' && type !== 'Pass'));

const mainLine = (definition: Definition): readonly string[] => {
  const { startAt } = definition.view;
  if (!definition.nodes.has(startAt)) return [];
  const walked = walk(definition, startAt, []);
  return isSuccess(definition, walked.at(-1)!) ? walked : (shortest(definition, startAt) ?? walked);
};

const isSuccess = ({ nodes, ways }: Definition, name: string): boolean => {
  const type = nodes.get(name)?.type;
  return type === 'Succeed' || (type !== 'Fail' && ways(name).length === 0);
};

/** The way from a state by first branches, until its end or until nothing leads on. */
const walk = (definition: Definition, from: string, before: readonly string[]): readonly string[] => {
  const line = [...before, from];
  for (;;) {
    const next = nextOnLine(definition, line);
    if (!next) return line;
    line.push(next);
  }
};

const nextOnLine = (definition: Definition, line: readonly string[]): string | undefined => {
  const from = line.at(-1)!;
  const all = definition.ways(from);
  const ways = all.filter((way) => !line.includes(way));
  if (ways.length < 2) return ways[0];
  const isSiding = (way: string) => sidingFrom(definition, from, way, line) !== undefined;
  // What is written first is the usual way, even if all that follows may be done again.
  return ways.find((way) => !isSiding(way) && (way === all[0] || !leadsBack(definition, way, line))) ?? ways[0];
};

/** Whether Next and first branches lead from a state to the line, before they lead to an end. */
const leadsBack = ({ ways }: Definition, from: string, line: readonly string[]): boolean => {
  const seen = new Set<string>();
  for (let at: string | undefined = from; at !== undefined && !seen.has(at); at = ways(at).find((way) => way !== at)) {
    if (line.includes(at)) return true;
    seen.add(at);
  }
  return false;
};

const shortest = (definition: Definition, startAt: string): readonly string[] | undefined => {
  const cameFrom = new Map<string, string | undefined>([[startAt, undefined]]);
  for (const name of cameFrom.keys()) {
    if (isSuccess(definition, name)) return pathTo(name, cameFrom);
    for (const way of definition.ways(name)) if (!cameFrom.has(way)) cameFrom.set(way, name);
  }
  return undefined;
};

const pathTo = (end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] => {
  const line: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) line.unshift(at);
  return line;
};

/**
 * The states after `way`, a branch of `choice`, if every way out of them is another branch of it and none leads back to them; each with the
 * length of the longest way to it.
 */
const sidingFrom = (
  { ways, nodes }: Definition,
  choice: string,
  way: string,
  line: readonly string[],
): ReadonlyMap<string, number> | undefined => {
  const branches = new Set(ways(choice));
  const depths = new Map<string, number>();
  const visit = (name: string, path: readonly string[]): boolean => {
    if (path.length > longestSiding) return false;
    depths.set(name, Math.max(path.length, depths.get(name) ?? 0));
    const out = ways(name);
    const leads = (to: string) =>
      !line.includes(to) && !path.includes(to) && to !== name && (branches.has(to) || visit(to, [...path, name]));
    return out.length > 0 && out.every(leads);
  };
  const type = nodes.get(way)?.type;
  return type !== 'Choice' && type !== 'Wait' && visit(way, []) ? depths : undefined;
};

/** Longer ones are ways of their own; it also ends the search in a loop. */
const longestSiding = 6;

const sidingsOf = (definition: Definition, line: readonly string[]): readonly Siding[] => {
  const placed = new Set(line);
  return line.flatMap((choice, at) => {
    const to = line[at + 1];
    const branches = definition.ways(choice).filter((way) => way !== to);
    if (to === undefined || definition.nodes.get(choice)?.type !== 'Choice' || branches.length === 0) return [];
    const depths = new Map<string, number>();
    for (const way of branches) {
      const found = line.includes(way) ? undefined : sidingFrom(definition, choice, way, line.slice(0, at + 1));
      for (const [name, depth] of found ?? []) if (!placed.has(name)) depths.set(name, Math.max(depth, depths.get(name) ?? 0));
    }
    for (const name of depths.keys()) placed.add(name);
    const columns = columnsOf(definition, depths);
    return columns.length > 0 ? [{ from: choice, to, columns }] : [];
  });
};

/** A branch that is itself a way out of another one comes after it. */
const columnsOf = ({ nodes, ways }: Definition, depths: ReadonlyMap<string, number>): Siding['columns'] => {
  const column = new Map(depths);
  for (let round = 0; round < depths.size; round++)
    for (const name of depths.keys())
      for (const to of ways(name))
        if (to !== name && column.has(to)) column.set(to, Math.min(depths.size, Math.max(column.get(to)!, column.get(name)! + 1)));
  const drawn = [...column.keys()].map((name) => nodes.get(name)!).filter(({ type }) => type !== 'Choice');
  const numbers = [...new Set(drawn.map(({ name }) => column.get(name)!))].sort((one, other) => one - other);
  return numbers.map((number) => drawn.filter(({ name }) => column.get(name) === number));
};

/** The ways between drawn states, also those that lead through others. Of what was not taken, no Catch and no early end. */
const edgesBetween = (
  view: MachineView,
  placed: ReadonlySet<string>,
  beside: ReadonlySet<string>,
  line: readonly string[],
): readonly DrawnEdge[] => {
  const out = new Map<string, MachineEdge[]>();
  for (const edge of view.edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const drawn = new Map<string, DrawnEdge>();
  const follow = (from: string, at: string, isTaken: boolean, through: readonly string[]): void => {
    for (const edge of out.get(at) ?? []) {
      const taken = isTaken && edge.taken;
      if (placed.has(edge.to)) keep({ from, to: edge.to, taken, through }, edge.kind === 'catch');
      else if (!through.includes(edge.to) && (edge.kind !== 'catch' || taken)) follow(from, edge.to, taken, [...through, edge.to]);
    }
  };
  const keep = (edge: DrawnEdge, isCatch: boolean): void => {
    const key = `${edge.from}\n${edge.to}`;
    const known = drawn.get(key);
    if (edge.from === edge.to || known?.taken || (known && !edge.taken)) return;
    if (edge.taken || (!isCatch && isShownAhead(edge, line))) drawn.set(key, edge);
  };
  for (const name of placed) follow(name, name, true, []);
  return withoutSpareWays([...drawn.values()], beside, line);
};

/** On the line, only from one state to the next: other ways along it are early ends, or waits that start again. */
const isShownAhead = ({ from, to }: DrawnEdge, line: readonly string[]): boolean => {
  const [start, end] = [line.indexOf(from), line.indexOf(to)];
  return start < 0 || end < 0 || end === start + 1;
};

/** To a state beside the line, and from it, the ways that were taken; if there are none, the first one (to it: the first from the line). */
const withoutSpareWays = (edges: readonly DrawnEdge[], beside: ReadonlySet<string>, line: readonly string[]): readonly DrawnEdge[] => {
  const kept = (name: string, end: 'from' | 'to'): DrawnEdge | undefined => {
    const ways = edges.filter((edge) => edge[end] === name);
    return ways.some(({ taken }) => taken)
      ? undefined
      : ((end === 'to' ? ways.find(({ from }) => line.includes(from)) : undefined) ?? ways[0]);
  };
  const isSpare = (edge: DrawnEdge, end: 'from' | 'to'): boolean => beside.has(edge[end]) && kept(edge[end], end) !== edge;
  return edges.filter((edge) => edge.taken || (!isSpare(edge, 'to') && !isSpare(edge, 'from')));
};
