import type { DeploymentView, ServiceOfStage, StageView } from '../../core/query/answers.js';
import { resultOf } from '../../core/result/result.js';
import type { ReleaseDetail, ServiceRow } from '../../page/api.js';
import { longDigest } from '../../page/client/format/text.js';
import {
  beforeOf,
  changesOfStage,
  doneOf,
  gatesOf,
  kindOf,
  leadSecondsOf,
  markOf,
  nameIn,
  secondsOfStage,
} from '../../page/client/release/stages.js';

const image = { repository: 'app', tag: 'v2', digest: `sha256:${'2'.repeat(64)}` };
const old = { repository: 'app', tag: 'v1', digest: `sha256:${'1'.repeat(64)}` };
const now = Date.parse('2026-11-26T14:10:00Z');
const ended: Partial<DeploymentView> = {
  phase: 'ended',
  endedAt: '2026-11-26T14:03:00Z',
  result: resultOf('SUCCEEDED', 'DEPLOYED', 'v2 runs'),
};
const deployment = (more: Partial<DeploymentView> = {}): DeploymentView =>
  ({ id: 'one', service: 'production/web', phase: 'rollingOut', startedAt: '2026-11-26T14:00:00Z', ...more }) as DeploymentView;
const of = (more: Partial<ServiceOfStage> = {}): ServiceOfStage => ({ service: 'production/web', ...more });
const stage = (more: Partial<StageView> = {}): StageView => ({ name: 'production', state: 'ahead', services: [of()], ...more });
const row = (more: Partial<ServiceRow> = {}): ServiceRow => ({
  id: 'production/web',
  cluster: 'production',
  name: 'web',
  sources: [old],
  desired: 3,
  state: { kind: 'steady' },
  quarantine: [],
  isProduction: true,
  ...more,
});
const detail = (more: object = {}) =>
  ({
    release: { image, repository: 'app', approvals: [] },
    gates: [{ stage: 'production', hasApproval: true, hasWindow: true, hasBeforeTask: true, hasVerification: true }],
    ...more,
  }) as unknown as ReleaseDetail;
const waiting = { stage: 'production', for: 'window', since: '', until: '' } as const;

describe('a stage', () => {
  it('shows what it waits for, else how it stands', () => {
    expect(markOf(stage({ state: 'waiting' }), waiting).words).toBe('waits for its window');
    expect(markOf(stage({ name: 'staging', state: 'succeeded' }), waiting)).toMatchObject({ tone: 'green', words: 'complete' });
  });

  it('has as done what succeeded and was not undone', () => {
    const services = [of({ deployment: deployment(ended) }), of({ deployment: deployment(ended), undo: deployment() }), of()];
    expect(doneOf(stage({ services }))).toEqual({ done: 1, of: 3 });
  });

  it('lasts from its first start to its last end, and counts on while it runs', () => {
    const services = [of({ deployment: deployment(ended) }), of({ deployment: deployment({ ...ended, endedAt: '2026-11-26T14:05:00Z' }) })];
    expect(secondsOfStage(stage({ state: 'succeeded', services }), now)).toBe(300);
    expect(secondsOfStage(stage({ state: 'running', services }), now)).toBe(600);
    expect(secondsOfStage(stage(), now)).toBeUndefined();
  });

  it('names the tasks that it would replace', () => {
    expect(changesOfStage(stage({ services: [of(), of({ service: 'production/new' })] }), [row()])).toEqual([
      { service: 'production/web', desired: 3 },
      { service: 'production/new', desired: undefined },
    ]);
    expect(changesOfStage(undefined, [])).toEqual([]);
  });
});

describe('gates', () => {
  const states = (shown: StageView, more: object) => gatesOf(shown, detail(more)).map(({ text, state }) => `${text} ${state}`);

  it('are those that the stage has, in order', () => {
    expect(states(stage(), { gates: [] })).toEqual(['Update ahead']);
    expect(states(stage({ state: 'waiting' }), { waiting: { ...waiting, for: 'approval' } })).toEqual([
      'Approval active',
      'Window ahead',
      'Before task ahead',
      'Update ahead',
      'Verification ahead',
    ]);
  });

  it('are passed one by one', () => {
    const approvals = [{ stage: 'production', at: '' }];
    const release = { image, repository: 'app', approvals };
    expect(states(stage({ state: 'waiting' }), { release, waiting }).slice(0, 2)).toEqual(['Approved passed', 'Window active']);
    const before = of({ deployment: deployment(ended) });
    expect(states(stage({ state: 'running', before }), {}).slice(0, 4)).toEqual([
      'Approval passed',
      'Window passed',
      'Before task passed',
      'Update ahead',
    ]);
  });
});

describe('a service of a stage', () => {
  it('moves as its row says while that is its deployment, else as its phase says', () => {
    const one = of({ deployment: deployment({ phase: 'updating' }) });
    expect(kindOf(one, row({ current: 'one', state: { kind: 'verifying' } }))).toBe('verifying');
    expect(kindOf(one, row({ current: 'another', state: { kind: 'verifying' } }))).toBe('rollingOut');
    expect(kindOf(of({ deployment: deployment(ended) }), row())).toBeUndefined();
    expect(kindOf(of({ deployment: deployment(ended), undo: deployment({ id: 'two' }) }), undefined)).toBe('rollingOut');
    expect(kindOf(of(), row())).toBeUndefined();
  });

  it('ran what its deployment says, else what runs now', () => {
    expect(beforeOf(of({ deployment: deployment({ previousImage: 'app:v0' }) }), row(), detail())).toBe('v0');
    expect(beforeOf(of({ deployment: deployment({ previousImage: `host:5000/app@${old.digest}` }) }), row(), detail())).toBe('11111111');
    expect(beforeOf(of(), row(), detail())).toBe('v1');
    expect(beforeOf(of(), undefined, detail({ before: old }))).toBe('v1');
    expect(beforeOf(of(), row({ sources: [image] }), detail())).toBeUndefined();
  });

  it('is named without a cluster that is named like the stage', () => {
    expect(nameIn('production', 'production/web')).toBe('web');
    expect(nameIn('production', 'production-eu/web')).toBe('production-eu/web');
  });
});

it('lead time counts from the label to the end, or to now, and is unknown without the label', () => {
  const release = detail().release;
  const createdAt = '2026-11-26T14:00:00Z';
  expect(leadSecondsOf({ createdAt, release }, now)).toBe(600);
  expect(leadSecondsOf({ createdAt, release: { ...release, endedAt: '2026-11-26T14:01:00Z' } }, now)).toBe(60);
  expect(leadSecondsOf({ createdAt: 'yesterday', release }, now)).toBeUndefined();
  expect(leadSecondsOf({ release }, now)).toBeUndefined();
});

it('a long digest keeps both its ends', () => {
  expect(longDigest(`sha256:7c1ea90f52b8${'0'.repeat(48)}e3d1`)).toBe('sha256:7c1ea90f52b8…e3d1');
  expect(longDigest('latest')).toBe('latest');
});
