import fc from 'fast-check';
import type { MachineEdge, MachineNode, MachineView } from '../../page/api.js';
import { graphOf } from '../../page/client/parts/machine-graph.js';
import { layoutMachine, type MachinePicture } from '../../page/client/parts/machine-layout.js';
import { machineOf } from '../support/page/machines.js';

const toUpdate = [
  'OpenDeployment',
  'IsOpened',
  'AcquireLease',
  'IsLeaseGranted',
  'RegisterRevision',
  'IsRegistered',
  'UpdateService',
  'IsUpdated',
];
const rolledBack = ['WatchRollout', 'IsRolloutComplete', 'RollBack', 'IsRollbackStarted', 'WatchRollout'];

test('the main line of a deployment is the usual way, not the first early end', () => {
  const { line, sidings, beside } = graphOf(machineOf('deployment'));
  expect(line.map(({ name }) => name)).toEqual([
    ...toUpdate,
    'WatchRollout',
    'IsRolloutComplete',
    'CloseDeployment',
    'IsReporting',
    'Succeeded',
  ]);
  expect(sidings.map(({ from, columns }) => [from, columns.map((column) => column.map(({ name }) => name))])).toEqual([
    ['IsRegistered', [['RunBeforeTask']]],
    ['IsRolloutComplete', [['VerifyUrl', 'InvokeVerifier'], ['Verify']]],
    ['IsReporting', [['Notify']]],
  ]);
  expect(beside.map(({ name }) => name)).toEqual(['RollBack', 'Failed']);
});

test('the main line of a release goes through its gates and its services', () => {
  const { line } = graphOf(machineOf('release'));
  expect(line.map(({ name }) => name)).toEqual([
    'Begin',
    'PlanRelease',
    'IsPlanned',
    'PassGates',
    'MayBegin',
    'DeployServices',
    'EvaluateStage',
    'IsStageComplete',
    'CloseRelease',
    'Notify',
    'IsSuccessful',
    'Succeeded',
  ]);
});

test('the main line is straight, sidings are above it, and a loop below its states', () => {
  const { nodes, edges } = layoutMachine(machineOf('deployment', [...toUpdate, ...rolledBack]));
  const spot = (name: string) => nodes.find(({ node }) => node.name === name)!;
  for (const { name } of graphOf(machineOf('deployment')).line) expect(spot(name).y).toBe(0);
  expect(spot('Verify').y).toBeLessThan(0);
  expect(spot('RollBack').y).toBeGreaterThan(0);
  expect(spot('RollBack').x).toBeGreaterThan(spot('WatchRollout').x);
  expect(spot('RollBack').x).toBeLessThan(spot('IsRolloutComplete').x);
  expect(edges).toContainEqual(
    expect.objectContaining({ from: 'RollBack', to: 'WatchRollout', taken: true, through: ['IsRollbackStarted'] }),
  );
});

test('an early end is drawn once it was taken', () => {
  const early = ['OpenDeployment', 'IsOpened', 'CloseDeployment', 'IsReporting', 'Failed'];
  const between = (path: readonly string[]) =>
    layoutMachine(machineOf('deployment', path)).edges.some(({ from, to }) => from === 'IsOpened' && to === 'CloseDeployment');
  expect(between(toUpdate)).toBe(false);
  expect(between(early)).toBe(true);
});

test('the notes say what took how long, and how often it was woken', () => {
  const node: MachineNode = { name: 'WatchRollout', type: 'Task', state: 'active', entries: 6, seconds: 125, woken: 5 };
  const { nodes } = layoutMachine({ name: 'm', startAt: node.name, nodes: [node], edges: [], transitions: 1 });
  expect(nodes.map(({ label }) => label?.note)).toEqual(['2 min 5 s, woken 5 ×']);
  expect(nodes).toHaveLength(1);
});

test('a machine without states is an empty picture', () => {
  expect(layoutMachine({ name: 'm', startAt: 'Gone', nodes: [], edges: [], transitions: 0 })).toMatchObject({ nodes: [], edges: [] });
});

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number; readonly of: string };
const boxesOf = ({ nodes }: MachinePicture): { readonly circles: readonly Box[]; readonly labels: readonly Box[] } => ({
  circles: nodes.map(({ node, x, y }) => ({ of: node.name, left: x - 9, right: x + 9, top: y - 9, bottom: y + 9 })),
  labels: nodes.flatMap(({ node, x, label }) =>
    label
      ? [
          {
            of: node.name,
            left: x - label.width / 2,
            right: x + label.width / 2,
            top: label.nameY - 10,
            bottom: label.note ? label.noteY + 3 : label.nameY + 3,
          },
        ]
      : [],
  ),
});
const overlap = (one: Box, other: Box) =>
  one.of !== other.of && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const overlaps = (picture: MachinePicture): readonly string[] => {
  const { circles, labels } = boxesOf(picture);
  const all = [...circles, ...labels];
  return labels.flatMap((label) => all.filter((box) => overlap(label, box)).map(({ of }) => `${label.of} and ${of}`));
};

test.each(['deployment', 'release'] as const)('labels of the %s machine overlap nothing, by any way', (file) => {
  const { nodes, edges } = machineOf(file);
  const walk = fc.infiniteStream(fc.nat(5)).map((choices) => {
    const path = [machineOf(file).startAt];
    for (const choice of choices) {
      const out = edges.filter(({ from }) => from === path.at(-1));
      if (out.length === 0 || path.length > 3 * nodes.length) break;
      path.push(out[choice % out.length]!.to);
    }
    return path;
  });
  fc.assert(
    fc.property(walk, (path) => {
      expect(overlaps(layoutMachine(machineOf(file, path)))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** Any graph, also one that no machine could be: loops without an end, unreachable states, states named by no edge. */
const anyMachine: fc.Arbitrary<MachineView> = fc.integer({ min: 1, max: 14 }).chain((count) => {
  const name = fc.nat(count - 1).map((at) => `S${'x'.repeat((at * 7) % 23)}${at}`);
  const edge: fc.Arbitrary<MachineEdge> = fc.record({
    from: name,
    to: name,
    kind: fc.constantFrom('next', 'choice', 'default', 'catch'),
    taken: fc.boolean(),
  });
  const node = (at: number): fc.Arbitrary<MachineNode> =>
    fc.record({
      name: fc.constant(`S${'x'.repeat((at * 7) % 23)}${at}`),
      type: fc.constantFrom('Task', 'Choice', 'Pass', 'Wait', 'Map', 'Succeed', 'Fail'),
      state: fc.constantFrom('ahead', 'active', 'done', 'failed', 'skipped'),
      entries: fc.nat(3),
      seconds: fc.nat(9999),
    });
  return fc.record({
    name: fc.constant('any'),
    startAt: name,
    nodes: fc.tuple(...Array.from({ length: count }, (_, at) => node(at))),
    edges: fc.array(edge, { maxLength: 30 }),
    transitions: fc.nat(),
  });
});

test('of any graph: no two states at one place, no label over another, every state that was entered and every way that was taken', () => {
  fc.assert(
    fc.property(anyMachine, (view) => {
      const picture = layoutMachine(view);
      const places = picture.nodes.map(({ x, y }) => `${Math.round(x)} ${y}`);
      expect(new Set(places).size).toBe(places.length);
      expect(overlaps(picture)).toEqual([]);
      const drawn = new Set(picture.nodes.map(({ node }) => node.name));
      for (const { name, type, entries } of view.nodes) if (entries > 0 && type !== 'Choice') expect(drawn).toContain(name);
      const between = new Set(picture.edges.map(({ from, to }) => `${from} ${to}`));
      for (const { from, to, taken } of view.edges)
        if (taken && from !== to && drawn.has(from) && drawn.has(to)) expect(between).toContain(`${from} ${to}`);
    }),
    { numRuns: 200 },
  );
});
