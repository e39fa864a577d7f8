import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Overview, RowState, ServiceRow } from '../../page/api.js';
import { byCluster, countOf, filtered, nearest, type Shown } from '../../page/client/overview/filter.js';
import { idsIn, listOf, movingCount, notSteadyCount, sumsOf } from '../../page/client/overview/shown.js';
import { entriesOf, search } from '../../page/client/palette/entries.js';
import { applyEvent, showOverview } from '../../page/client/state.js';

const row = (id: string, state: RowState = { kind: 'steady' }, tag = 'v1'): ServiceRow => {
  const [cluster = '', name = ''] = id.split('/');
  const sources = [{ repository: name, tag, digest: `sha256:${'a'.repeat(64)}` }];
  return { id, cluster, name, sources, state, quarantine: [], isProduction: cluster === 'production' };
};

const rows = [
  row('production/billing', { kind: 'hold' }),
  row('production/checkout', { kind: 'rollingOut' }),
  row('staging/checkout', { kind: 'steady' }, 'v2'),
  row('staging/reports', { kind: 'empty' }),
];
const ids = (some: readonly ServiceRow[]) => some.map(({ id }) => id);

describe('filters of the services', () => {
  it('counts and shows what moves, and what is not steady', () => {
    expect([countOf(rows, 'all'), countOf(rows, 'moving'), countOf(rows, 'notSteady')]).toEqual([4, 1, 2]);
    expect(ids(filtered(rows, 'notSteady', ''))).toEqual(['production/billing', 'production/checkout']);
  });

  it.each([
    ['check stag', ['staging/checkout']],
    ['V2', ['staging/checkout']],
    [' ', ids(rows)],
    ['nothing', []],
  ])('“%s” finds %j', (text, found) => expect(ids(filtered(rows, 'all', text))).toEqual(found));

  it.each([
    ['billl', 'production/billing'],
    ['chekout', 'staging/checkout'],
    ['reprots', 'staging/reports'],
    ['zzz', undefined],
  ])('nearest to %s is %s', (text, name) => expect(nearest(rows, text)).toBe(name));

  it('draws so many rows at most, and counts a cluster whole', () =>
    expect(byCluster(ids(rows), 3).map(({ name, all, drawn }) => [name, all.length, drawn.length])).toEqual([
      ['production', 2, 2],
      ['staging', 2, 1],
    ]));
});

describe('the list of services', () => {
  const drawn = (of: ReadonlySignal<unknown>) => {
    let times = 0;
    const end = effect(() => {
      void of.value;
      times++;
    });
    return { times: () => times, end };
  };

  it('is drawn again by what enters or leaves it, and not by a change of one service in it', () => {
    const overview = {
      mode: 'account',
      services: rows,
      releases: [],
      attention: [],
      problems: [],
      clock: { now: '2026-11-23T09:00:00Z', speed: 1 },
    };
    showOverview(overview as unknown as Overview);
    const shown = signal<Shown>('moving');
    const list = listOf(shown, signal(''));
    const sums = sumsOf(ids(rows));
    const all = [list, movingCount, notSteadyCount, sums.tasks, sums.moving, sums.alarms].map(drawn);
    expect(list.value).toBe('production/checkout');
    applyEvent({ type: 'service', data: row('production/checkout', { kind: 'rollingOut', done: 1, of: 4 }) });
    expect(all.map(({ times }) => times())).toEqual([1, 1, 1, 1, 1, 1]);
    applyEvent({ type: 'service', data: { ...row('staging/checkout', { kind: 'failed' }), running: 2 } });
    expect(all.map(({ times }) => times())).toEqual([1, 1, 2, 2, 1, 2]);
    applyEvent({ type: 'service', data: row('staging/checkout', { kind: 'rollingBack' }) });
    expect(idsIn(list.value)).toEqual(['production/checkout', 'staging/checkout']);
    expect(all[0]?.times()).toBe(2);
    for (const { end } of all) end();
  });
});

describe('the palette', () => {
  const entries = entriesOf({ rows, releases: [], attention: [], images: [{ repository: 'web', images: [] }] });
  const texts = (query: string) => {
    const { run, go } = search(query, entries);
    return { run: run.map(({ entry }) => entry.text), go: go.map(({ entry }) => entry.text) };
  };

  it('offers the rollback of what was typed first, then where to look', () => {
    const { run, go } = texts('check');
    expect(run[0]).toBe('Roll back production/checkout…');
    expect(go).toEqual(['production/checkout', 'staging/checkout', 'History of production/checkout', 'History of staging/checkout']);
  });

  it('cancels only what moves, and releases only what is held', () => {
    expect(texts('cancel deployment').run).toEqual(['Cancel the deployment of production/checkout…']);
    expect(texts('release hold').run[0]).toBe('Release the hold of production/billing…');
    expect(texts('hold billing').run).toEqual(['Release the hold of production/billing…']);
  });

  it('runs nothing before a word is typed', () => expect(texts(' ').run).toEqual([]));
});
