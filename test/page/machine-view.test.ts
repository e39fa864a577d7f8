import { machineView } from '../../page/server/machine-view.js';
import { type MachineName, machine, machineNames } from '../statemachine/machines.js';
import { type Answers, givenExecution } from './given-execution.js';

const clock = { seconds: 120, nextSeconds: 300, longestSeconds: 1200, deadline: '' };
const result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: 'it runs' };
const decided = (action: string) => ({ action, result, ...clock });

const opened = { action: 'proceed', service: 'production/web', record: 'a record', release: '', result, visit: 1 };
const untilUpdate: Answers = {
  OpenDeployment: [opened],
  AcquireLease: [decided('proceed')],
  RegisterRevision: [decided('proceed')],
  UpdateService: [decided('watch')],
};
const ended = { CloseDeployment: [{ action: 'notify', result }], Notify: [{ result }] };

const viewed = async (answers: Answers, seconds?: number) => {
  const { path, now, transitions, status } = await givenExecution('deployment', answers, seconds === undefined ? {} : { seconds });
  const view = machineView(path, now);
  const node = (name: string) => view.nodes.find((one) => one.name === name);
  const taken = view.edges.filter((edge) => edge.taken).map(({ from, to, kind }) => `${from} ${kind} ${to}`);
  return { view, node, taken, transitions, status };
};

test('a deployment that has ended: its way, its states and what is billed', async () => {
  const { view, node, taken, transitions, status } = await viewed({
    ...untilUpdate,
    WatchRollout: ['Woken', 'Woken', decided('close')],
    ...ended,
  });

  expect(status).toBe('SUCCEEDED');
  expect(taken).toEqual([
    'OpenDeployment next IsOpened',
    'IsOpened choice AcquireLease',
    'AcquireLease next IsLeaseGranted',
    'IsLeaseGranted choice RegisterRevision',
    'RegisterRevision next IsRegistered',
    'IsRegistered choice UpdateService',
    'UpdateService next IsUpdated',
    'IsUpdated choice WatchRollout',
    'WatchRollout next IsRolloutComplete',
    'WatchRollout catch WatchRollout',
    'IsRolloutComplete default CloseDeployment',
    'CloseDeployment next IsReporting',
    'IsReporting choice Notify',
    'Notify next IsSuccessful',
    'IsSuccessful choice Succeeded',
  ]);
  expect(node('WatchRollout')).toMatchObject({ state: 'done', entries: 3, woken: 2 });
  expect(node('RollBack')).toEqual({ name: 'RollBack', type: 'Task', state: 'skipped', entries: 0 });
  expect(node('Succeeded')).toMatchObject({ state: 'done', entries: 1 });
  expect(view.transitions).toBe(transitions);
});

test('a deployment that waits: where it is, what is still ahead and what it has passed by', async () => {
  const { node, view, transitions } = await viewed({ ...untilUpdate, WatchRollout: ['Woken'] }, 40);

  expect(node('WatchRollout')).toMatchObject({ state: 'active', entries: 3, woken: 1 });
  expect(node('WatchRollout')?.seconds).toBeGreaterThanOrEqual(40);
  expect(node('RollBack')?.state).toBe('ahead');
  expect(node('RunBeforeTask')?.state).toBe('skipped');
  expect(view.transitions).toBe(transitions);
});

test('a safety net that ends a wait wakes nothing', async () => {
  const { node } = await viewed({ ...untilUpdate }, 500);

  expect(node('WatchRollout')?.entries).toBeGreaterThan(1);
  expect(node('WatchRollout')).not.toHaveProperty('woken');
});

test('a state whose error has no name of its own has failed; one that answers by an error has not', async () => {
  const { node, taken } = await viewed({
    ...untilUpdate,
    RegisterRevision: [decided('runTask')],
    RunBeforeTask: ['AccessDeniedException'],
    ...ended,
  });
  expect(node('RunBeforeTask')?.state).toBe('failed');
  expect(taken).toContain('RunBeforeTask catch WaitForInFlightCalls');
  expect(node('UpdateService')?.state).toBe('skipped');
});

test.each(machineNames)('the %s machine: every state is a node, and every way leads to one', async (name: MachineName) => {
  const { path, now } = await givenExecution(name, {}, { seconds: 0 });
  const { nodes, edges, startAt } = machineView(path, now);
  const names = nodes.map((node) => node.name);

  expect(names).toEqual(Object.keys(machine(name).States));
  expect(edges.filter(({ from, to }) => !names.includes(from) || !names.includes(to))).toEqual([]);
  expect(names.filter((one) => one !== startAt && !edges.some(({ to }) => to === one))).toEqual([]);
});

test('a definition that is none is refused with what it lacks', () => {
  expect(() => machineView({ name: 'deployment', definition: 'null', events: [] }, '2026-11-23T09:00:00Z')).toThrow('"StartAt"');
});
