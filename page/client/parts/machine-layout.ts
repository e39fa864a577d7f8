import type { MachineNode, MachineView } from '../../api.js';
import { type DrawnEdge, graphOf, type Siding } from './machine-graph.js';
import { notesOf } from './machine-notes.js';
import { edgePath } from './machine-paths.js';

/** A state at its place. Pixels; the main line is at y = 0. `lane` 0 is the main line, negative ones are above it. */
export type PlacedNode = {
  readonly node: MachineNode;
  readonly x: number;
  readonly y: number;
  readonly lane: number;
  /** Absent of a Choice on the line: its name says nothing that its branches do not show. */
  readonly label?: PlacedLabel;
};

/** Two lines of text around `x`; `nameY` and `noteY` are their baselines. */
export type PlacedLabel = {
  readonly name: string;
  readonly note: string;
  readonly nameY: number;
  readonly noteY: number;
  readonly width: number;
};

export type PlacedEdge = DrawnEdge & {
  readonly path: string;
  readonly isSiding: boolean;
  /** To or from a state below the line that is not an end. */
  readonly isLoop: boolean;
  readonly arrow?: string;
};

export type MachinePicture = {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

const step = 44;
const gap = 10;
/** Between a label and the next state on the line: ways lead down from there. */
const clear = 6;
const padding = 16;
const laneAbove = 54;
const lanesAbove = 66;
const laneBelow = 68;

/** The picture is at least `leastWidth` wide: the main line is stretched to it. */
export const layoutMachine = (view: MachineView, leastWidth = 0): MachinePicture => {
  const graph = graphOf(view);
  const line = stretched(placeLine(graph.line, graph.sidings), leastWidth);
  const known = new Map(line.map((spot) => [spot.node.name, spot]));
  const spots = [...line, ...placeBeside(graph.beside, graph.edges, known)];
  const places = new Map(spots.map((spot) => [spot.node.name, spot]));
  const nodes = spots.map((spot) => labelled(spot, graph.edges, places));
  const bottom = Math.max(...spots.map(({ lane, y }) => (lane > 0 ? y + 40 : 44)), 44);
  const edges = graph.edges.map((edge, at) => {
    const [from, to] = [places.get(edge.from)!, places.get(edge.to)!];
    return {
      ...edge,
      isLoop: isBelow(from) || isBelow(to),
      ...edgePath(from, to, { isNext: isNextOnLine(graph.line, edge), track: bottom + 8 + (at % 4) * 8 }),
    };
  });
  return { nodes, edges, ...boundsOf(nodes, edges) };
};

/** A state without its label. `width` is that of its label, 0 of one that has none. */
export type Spot = { readonly node: MachineNode; readonly x: number; readonly y: number; readonly lane: number; readonly width: number };

const isBelow = ({ lane, node }: Spot): boolean => lane > 0 && node.type !== 'Fail' && node.type !== 'Succeed';

const isNextOnLine = (line: readonly MachineNode[], { from, to }: DrawnEdge): boolean => {
  const at = line.findIndex(({ name }) => name === from);
  return at >= 0 && line[at + 1]?.name === to;
};

/** From the left to the right, each state as near to the one before as their labels allow. */
const placeLine = (line: readonly MachineNode[], sidings: readonly Siding[]): readonly Spot[] => {
  const spots: Spot[] = [];
  const labelsEnd = new Map<number, number>();
  const earliest = (lane: number, width: number) => (width === 0 ? 0 : (labelsEnd.get(lane) ?? -gap) + gap + width / 2);
  const place = (nodes: readonly Omit<Spot, 'x'>[], atLeast: number): number => {
    const x = Math.max(atLeast, ...nodes.map(({ lane, width }) => earliest(lane, width)));
    for (const node of nodes) {
      spots.push({ ...node, x });
      if (node.width > 0) labelsEnd.set(node.lane, x + node.width / 2);
    }
    return x;
  };
  let x = 0;
  let half = 0;
  for (const node of line) {
    const width = node.type === 'Choice' ? 0 : labelWidth(node);
    x = place([{ node, y: 0, lane: 0, width }], x + Math.max(step, half, width / 2 + clear));
    half = width / 2 + clear;
    for (const column of sidings.find(({ from }) => from === node.name)?.columns ?? [])
      x = place(
        column.map((beside, above) => ({
          node: beside,
          lane: -1 - above,
          y: -laneAbove - above * lanesAbove,
          width: labelWidth(beside),
        })),
        x + step,
      );
  }
  return spots;
};

const nameWidth = 8.3;
const noteWidth = 6.3;

/** An estimate that is rather too wide: what a font makes of a text is not known here. */
const labelWidth = (node: MachineNode): number => Math.max(node.name.length * nameWidth, notesOf(node).length * noteWidth);

const stretched = (spots: readonly Spot[], leastWidth: number): readonly Spot[] => {
  const left = Math.min(...spots.map(({ x, width }) => x - width / 2));
  const right = Math.max(...spots.map(({ x, width }) => x + width / 2));
  const first = Math.min(...spots.map(({ x }) => x));
  const last = Math.max(...spots.map(({ x }) => x));
  const room = leastWidth - 2 * padding - (right - left);
  const factor = last > first && room > 0 ? 1 + room / (last - first) : 1;
  return spots.map((spot) => ({ ...spot, x: spot.x * factor }));
};

/** Below the line, in the middle of the states that they are joined to, in the first lane with room for the label. */
const placeBeside = (nodes: readonly MachineNode[], edges: readonly DrawnEdge[], line: ReadonlyMap<string, Spot>): readonly Spot[] => {
  const known = new Map(line);
  const end = Math.max(0, ...[...line.values()].map(({ x }) => x));
  return nodes.map((node) => {
    const joined = edges.flatMap(({ from, to }) => (from === node.name ? [to] : to === node.name ? [from] : []));
    const xs = joined.flatMap((name) => known.get(name)?.x ?? []);
    const x = node.type === 'Fail' || node.type === 'Succeed' ? end : xs.length > 0 ? xs.reduce((sum, one) => sum + one, 0) / xs.length : 0;
    const width = labelWidth(node);
    const lane = freeLane([...known.values()], x, width);
    const spot = { node, x, y: lane * laneBelow, lane, width };
    known.set(node.name, spot);
    return spot;
  });
};

const freeLane = (spots: readonly Spot[], x: number, width: number): number => {
  for (let lane = 1; ; lane++) {
    const neighbours = spots.filter((spot) => spot.lane === lane);
    if (neighbours.every((spot) => Math.abs(spot.x - x) >= (spot.width + width) / 2 + gap)) return lane;
  }
};

/** Above a siding, and above a state of the line from or to which ways lead below; else below. */
const labelled = ({ node, x, y, lane, width }: Spot, edges: readonly DrawnEdge[], places: ReadonlyMap<string, Spot>): PlacedNode => {
  if (width === 0) return { node, x, y, lane };
  const isBackOrBelow = ({ from, to }: DrawnEdge) =>
    (to === node.name && (places.get(from)!.lane > 0 || places.get(from)!.x > x)) || (from === node.name && places.get(to)!.lane > 0);
  const isAbove = lane < 0 || (lane === 0 && edges.some(isBackOrBelow));
  const note = notesOf(node);
  const nameY = isAbove ? y - (note ? 32 : 18) : y + 24;
  return { node, x, y, lane, label: { name: node.name, note, nameY, noteY: nameY + 14, width } };
};

const boundsOf = (nodes: readonly PlacedNode[], edges: readonly PlacedEdge[]): Omit<MachinePicture, 'nodes' | 'edges'> => {
  if (nodes.length === 0) return { left: 0, top: 0, width: 1, height: 1 };
  const xs = nodes.flatMap(({ x, label }) => [x - 12, x + 12, x - (label?.width ?? 0) / 2, x + (label?.width ?? 0) / 2]);
  const ys = nodes.flatMap(({ y, label }) => [y - 14, y + 14, (label?.nameY ?? y) - 12, (label?.noteY ?? y) + 4]);
  const depths = edges.flatMap(({ path }) => [...path.matchAll(/[-\d.]+ ([-\d.]+)/g)].map(([, y]) => Number(y)));
  const [left, top] = [Math.min(...xs) - padding, Math.min(...ys, ...depths) - 8];
  return { left, top, width: Math.max(...xs) + padding - left, height: Math.max(...ys, ...depths) + 10 - top };
};
