import { chunksOf, daysOf } from '../../page/client/history/days.js';
import { apiPathOf, filtersOf, hrefOf, hrefWith } from '../../page/client/history/filters.js';
import { routeOf } from '../../page/client/routes.js';

const at = (startedAt: string) => ({ startedAt });
const now = Date.parse('2026-11-26T14:31:00Z');

describe('days of the history', () => {
  it('are those of the reader’s time zone', () => {
    const rows = [at('2026-11-26T00:30:00Z'), at('2026-11-25T23:30:00Z')];
    expect(daysOf(rows, { now, zone: 'UTC' }).map(({ title, date }) => [title, date])).toEqual([
      ['Today', 'Thursday 26 November'],
      ['Yesterday', 'Wednesday 25 November'],
    ]);
    expect(daysOf(rows, { now, zone: 'Europe/Berlin' })).toHaveLength(1);
    expect(daysOf(rows, { now, zone: 'America/New_York' }).map(({ title }) => title)).toEqual(['Yesterday']);
  });

  it('have their weekday, and their year if it is another one', () => {
    const titles = daysOf([at('2026-11-20T08:00:00Z'), at('2025-12-31T08:00:00Z'), at('rubbish')], { now, zone: 'UTC' });
    expect(titles.map(({ title, date }) => [title, date])).toEqual([
      ['Friday', '20 November'],
      ['Wednesday', '31 December 2025'],
      ['Unknown time', undefined],
    ]);
  });

  it('yesterday is yesterday where a day has 23 or 25 hours', () => {
    const [day] = daysOf([at('2026-10-25T10:00:00Z')], { now: Date.parse('2026-10-26T22:30:00Z'), zone: 'Europe/Berlin' });
    expect(day?.title).toBe('Yesterday');
  });

  it('are one below yesterday in a short list', () => {
    const days = daysOf([at('2026-11-26T08:00:00Z'), at('2026-11-20T08:00:00Z'), at('2026-11-02T08:00:00Z')], {
      now,
      zone: 'UTC',
      isShort: true,
    });
    expect(days.map(({ title, rows }) => [title, rows.length])).toEqual([
      ['Today', 1],
      ['Earlier', 2],
    ]);
  });
});

it('a long day has parts, and its title once', () => {
  const rows = Array.from({ length: 120 }, () => at('2026-11-26T08:00:00Z'));
  const chunks = chunksOf(daysOf(rows, { now, zone: 'UTC' }), 50);
  expect(chunks.map(({ rows: part, isFirst }) => [part.length, isFirst])).toEqual([
    [50, true],
    [50, false],
    [20, false],
  ]);
  expect(new Set(chunks.map(({ key }) => key)).size).toBe(3);
});

describe('filters of the history', () => {
  it('are those of the URL', () => {
    const href = hrefOf({ service: 'production/web', q: 'a&b=c # “ü”' });
    const route = routeOf(href);
    expect(route.view === 'history' && filtersOf(route.filters)).toEqual({ service: 'production/web', q: 'a&b=c # “ü”' });
    expect(filtersOf(new URLSearchParams('service=&who=%20&foreign=x'))).toEqual({});
  });

  it('change one at a time; an empty one goes', () => {
    expect(hrefWith({ service: 'a/b', who: 'ada' }, 'who', '')).toBe('/history?service=a%2Fb');
    expect(hrefWith({ service: 'a/b' }, 'service', ' ')).toBe('/history');
    expect(hrefWith({}, 'outcome', 'FAILED')).toBe('/history?outcome=FAILED');
  });

  it('a period is counted back from the server’s time; a time stays as it is', () => {
    expect(apiPathOf({ since: '7d' }, now)).toBe('/api/history?since=2026-11-19T14%3A31%3A00.000Z');
    expect(apiPathOf({ since: '2026-11-01' }, now, 'x')).toBe('/api/history?since=2026-11-01&after=x');
    expect(apiPathOf({}, now)).toBe('/api/history');
  });
});
