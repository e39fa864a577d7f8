import { blocksIn } from '../../bench/quotes.js';
import { pageNamed, pages } from './pages.js';

const results = pageNamed('bench/results.md');
const cost = pageNamed('docs/cost.md');

/** The tables of a part of bench/results.md, as objects by column. */
const rowsOf = (heading: string): Record<string, string>[] => {
  const part = results.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  return [...part.matchAll(/(?:^\|.*\|\n)+/gm)].flatMap(([text]) => {
    const [head = [], , ...rows] = text
      .trim()
      .split('\n')
      .map((line) => line.split('|').slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim()));
    return rows.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])));
  });
};

/** The numbers of states in the row of an execution in docs/cost.md. */
const statesOf = (execution: string): number[] => {
  const line = cost.split('\n').find((one) => one.startsWith(`| ${execution} |`));
  return [...(line?.split('|')[2]?.matchAll(/\d+/g) ?? [])].map(Number);
};

test.each(pages.filter(({ name }) => name !== 'bench/results.md').filter(({ text }) => blocksIn(text).size > 0))(
  '$name repeats what bench/results.md has',
  ({ text }) => {
    const measured = blocksIn(results);

    for (const [name, block] of blocksIn(text)) expect(block).toBe(measured.get(name));
  },
);

test('the README shows how soon a broken image is rolled back, and how long a large release takes', () => {
  expect([...blocksIn(pageNamed('README.md')).keys()]).toEqual(['broken images', 'a large release']);
});

test('docs/cost.md counts the transitions of a deployment as they were measured', () => {
  const [fixed = 0, each = 0] = statesOf('a deployment that succeeds');
  const rows = rowsOf('One deployment');

  expect(rows).toHaveLength(4);
  for (const { looks, transitions } of rows) expect(Number(transitions)).toBe(fixed + each * Number(looks));
});

test('what a deployment needs hardly grows with its length', () => {
  const rows = rowsOf('One deployment');
  const most = [17, 18, 20, 26];

  for (const [index, { transitions, events }] of rows.entries()) {
    expect(Number(transitions)).toBeLessThanOrEqual(most[index] ?? 0);
    expect(Number(events)).toBeLessThanOrEqual(10);
  }
  expect(Number(rows[1]?.['1,000 of them']?.slice(1))).toBeLessThanOrEqual(0.5);
  // Six events a look, one at least every 20 minutes.
  expect(Number(rows[3]?.history)).toBeLessThanOrEqual(115);
});

test('what wakes a deployment was measured as fast as docs/architecture.md says', () => {
  const part = results.split(/^## /m).find((one) => one.startsWith('What wakes a deployment\n')) ?? '';
  const reactions = rowsOf('What wakes a deployment').flatMap((row) => {
    const [text] = Object.entries(row).flatMap(([name, value]) => (name.includes('StopServiceDeployment') ? [value] : []));
    return [Number(/[\d.]+(?=\)?$)/.exec(text ?? '')?.[0])];
  });
  const [, events = ''] = /healthy image:\n(.+)\.\n/.exec(part) ?? [];
  const [, handover] = /registers its revision:\n[\d.]+ \([\d.]+–([\d.]+)\)/.exec(part) ?? [];

  expect(reactions).toHaveLength(8);
  for (const seconds of [...reactions, Number(handover)]) expect(seconds).toBeLessThanOrEqual(2);
  expect([...events.matchAll(/(\d+) for/g)].map(([, count]) => Number(count) <= 10)).toEqual([true, true, true]);
});

test('docs/cost.md counts the transitions of a rollback, a release and a skipped push as they were measured', () => {
  // Slipway was the first to stop the rollout in every trial: what ECS rolls back is counted from the machine.
  const [, bySlipway] = /without the 1 of each look: (?:.+ if ECS, )?(.+) if Slipway stops it/.exec(results) ?? [];
  const [, release, skipped] = /(\d+) transitions with one stage and one service, (\d+) for a tag/.exec(results) ?? [];
  const [fixed = 0, eachStage = 0, eachService = 0] = statesOf('a release');

  expect(cost).toContain(`| a deployment that Slipway rolls back | ${bySlipway}, and 1 for each look`);
  expect(Number(release)).toBe(fixed + eachStage + eachService);
  expect([Number(skipped)]).toEqual(statesOf('a push that is skipped for its tag'));
});

test('a hundred pushes in a minute were measured as three deployments at most, the newest last', () => {
  const rows = rowsOf('A hundred pushes in a minute');

  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(row).toMatchObject({ pushes: '100', 'runs the newest': 'yes' });
    expect(Number(row['deployments that updated the service'])).toBeLessThanOrEqual(3);
  }
});

test('a release to 200 services was measured within 1.2 times what AWS allows, and within its sizes', () => {
  const [release, ...sizes] = rowsOf('A release to many services');

  expect(release).toMatchObject({ services: '200', 'services without the image': '0' });
  expect(Number(release?.ratio)).toBeLessThanOrEqual(1.2);
  expect(sizes).toHaveLength(4);
  for (const { measured, 'may be': most } of sizes) expect(Number(measured)).toBeLessThanOrEqual(Number(most));
});

test('a release that waits at a gate was measured with one transition an hour at most, as the README says', () => {
  const [, transitions, hours] = /waits for approval needs (\d+) transitions .+ in (\d+) h\./.exec(results) ?? [];

  expect(Number(hours)).toBe(24);
  expect(Number(transitions)).toBeLessThanOrEqual(24);
  expect(pageNamed('README.md')).toContain('needs one state transition an hour');
});

test('what Slipway reported of a broken image was measured as true, and every success of a waiter as false', () => {
  const rows = rowsOf('A broken image').filter((row) => row.true !== undefined);
  const ours = rows.filter((row) => row['who watches']?.startsWith('Slipway'));
  const successes = rows.filter((row) => row['says at the end']?.startsWith('stable'));

  expect(ours).toHaveLength(8);
  for (const row of ours) expect(row).toMatchObject({ 'says at the end': 'ROLLED_BACK', true: 'yes' });
  expect(successes.length).toBeGreaterThan(0);
  for (const row of successes) {
    // Where the waiter of some sizes gave up, those trials alone were true.
    const [, sizes = ''] = /Max attempts exceeded \(exit 255\) \(([\d, ]+)\)/.exec(row['says at the end'] ?? '') ?? [];
    expect(row.true).toBe(sizes === '' ? 'no' : `in ${sizes.split(', ').length * 9} of 36`);
  }
});

test('Slipway acted within two seconds of the event of the failed task that reached the limit', () => {
  const [, counts = '', longest] = /and StopServiceDeployment: (.+?) trials\. Seconds: [\d.]+ \(median\), ([\d.]+)/s.exec(results) ?? [];
  const looks = [...counts.matchAll(/(\d+) in \d+/g)].map(([, count]) => Number(count));

  expect(looks.length).toBeGreaterThan(0);
  expect(Math.max(...looks)).toBeLessThanOrEqual(1);
  expect(Number(longest)).toBeLessThanOrEqual(2);
});

test('every function was measured within its budget', () => {
  const rows = rowsOf('Cold start');

  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ within }) => within !== 'yes').map((row) => row.function)).toEqual([]);
});
