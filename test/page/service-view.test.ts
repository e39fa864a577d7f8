import type { HistoryRecord, RowState, ServiceDetail, ServiceRow } from '../../page/api.js';
import { hrefOfRecord, secondsOf, stateOf, subjectOf } from '../../page/client/history/record.js';
import { standingOf, wordsOfQueue } from '../../page/client/service/standing.js';

const near = (iso: string) => iso.slice(11, 16);
const digest = `sha256:${'a'.repeat(64)}`;
const withheld: ServiceDetail['withheld'] = [{ repository: 'app', tag: 'v3', digest, pushedAt: '2026-11-26T11:29:00Z' }];
const standing = (state: RowState, kept: ServiceDetail['withheld'] = []) =>
  standingOf({ row: { state } as ServiceRow, withheld: kept }, near);

describe('how a service stands', () => {
  it('is not said of one that simply runs', () => {
    expect(standing({ kind: 'steady' })).toBeUndefined();
    expect(standing({ kind: 'untouched' })).toBeUndefined();
  });

  it('of a hold: who, since when, why, and what waits', () => {
    const hold: RowState = { kind: 'hold', by: 'ada', since: '2026-11-24T17:40:00Z', message: 'database move', waits: 'v3' };
    expect(standing(hold, withheld)?.text).toBe(
      'ada holds it since 17:40: “database move”. v3, pushed 11:29, waits and is deployed when the hold is released.',
    );
    expect(standing({ kind: 'hold' })?.text).toBe('It is held. Nothing waits.');
  });

  it('needs an operator in red, and warns in amber', () => {
    expect(standing({ kind: 'failed', reason: 'CRASHED', message: '3 × exit 137' })).toEqual({
      title: 'ROLLBACK_FAILED',
      text: 'CRASHED: 3 × exit 137',
      tone: 'solid',
    });
    expect(standing({ kind: 'unreadable', message: 'its schema is 9' })).toMatchObject({ text: 'its schema is 9', tone: 'amber' });
    expect(standing({ kind: 'empty' })).toMatchObject({ text: 'desired count is 0', tone: 'none' });
  });
});

it('a queue says what waits in it', () => {
  expect(wordsOfQueue({ queued: [], withheld: [] }, near)).toBe('empty');
  expect(wordsOfQueue({ queued: [], withheld }, near)).toBe('v3, kept back by the hold');
  const queued = [{ id: 'x', since: '2026-11-26T14:01:00Z', repository: 'app' }];
  expect(wordsOfQueue({ queued, withheld: [] }, near)).toBe('1 deployment, the first since 14:01');
});

describe('a record of the history', () => {
  const record = (more: Partial<HistoryRecord> = {}): HistoryRecord => ({
    name: 'n' as HistoryRecord['name'],
    id: 'one',
    kind: 'deployment',
    service: 'production/web',
    phase: 'rollingOut',
    trigger: { kind: 'push' },
    startedAt: '2026-11-26T14:00:00Z',
    ...more,
  });
  const row = { current: 'one', state: { kind: 'rollingOut', done: 3, of: 8 } } as ServiceRow;

  it('moves as its service does while it is the one that moves there', () => {
    expect(stateOf(record(), row)).toEqual({ kind: 'rollingOut', done: 3, of: 8 });
    expect(stateOf(record({ id: 'two', phase: 'queued' }), row)).toEqual({ kind: 'queued' });
    expect(stateOf(record({ phase: 'ended' }), row)).toBeUndefined();
  });

  it('leads to its deployment or release, and nowhere if it cannot be read', () => {
    expect(hrefOfRecord(record())).toBe('/deployments/production/web/one');
    expect(hrefOfRecord({ ...record({ kind: 'release', repository: 'team/app' }) })).toBe('/releases/team/app/one');
    expect(hrefOfRecord(record({ unreadable: { why: 'its schema is 9' } }))).toBeUndefined();
  });

  it('is named by its service, else by its image, else by its own name', () => {
    const { service: _, ...release } = record({ kind: 'release', repository: 'app', image: { repository: 'app', digest } });
    expect(subjectOf(record())).toBe('production/web');
    expect(subjectOf(release)).toBe('app aaaaaaaa');
    expect(subjectOf({ ...release, repository: '' })).toBe('n');
  });

  it('took as long as to its end, or to now', () => {
    const now = Date.parse('2026-11-26T14:02:00Z');
    expect(secondsOf(record(), now)).toBe(120);
    expect(secondsOf(record({ endedAt: '2026-11-26T14:00:31Z' }), now)).toBe(31);
    expect(secondsOf(record({ startedAt: 'rubbish' }), now)).toBeUndefined();
    expect(secondsOf(record(), 0)).toBe(0);
  });
});
