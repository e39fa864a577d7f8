import { createHash } from 'node:crypto';
import { type Packaged, packageStack } from '../../stack/package-stack.js';
import { closePipelines } from '../support/pipeline.js';
import { grievances, type Story } from '../support/races/oracle.js';
import { raceOf } from '../support/races/race.js';
import { run } from '../support/races/run.js';

const configurationFile = 'test/support/one-service.yml';

let packaged: Packaged;
beforeAll(() => {
  packaged = packageStack(configurationFile);
}, 60_000);
afterAll(() => packaged.remove());
afterEach(closePipelines);

const runOf = (seed: number) => run(raceOf(seed), { directory: packaged.directory, configurationFile });

/** `SEED=7` is that one; `SEEDS=200` are the first two hundred, `SEEDS=101-200` the second hundred of them. */
const seeds = (): number[] => {
  const { SEED, SEEDS = '25' } = process.env;
  const [from = 1, to = from] = (SEED ?? (SEEDS.includes('-') ? SEEDS : `1-${SEEDS}`)).split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
};

test.each(seeds())('race %i ends with the newest push that works, or with what was good before it, and all is told', async (seed) => {
  const { story } = await runOf(seed);

  const wrong = grievances(story);

  if (wrong.length > 0)
    throw new Error([...wrong, `again: SEED=${seed} npx jest test/scenarios/races`, JSON.stringify(story.race, undefined, 2)].join('\n'));
});

test('a race runs again exactly as it ran', async () => {
  const historyOf = async (seed: number): Promise<string> => {
    const { pipeline } = await runOf(seed);
    const { entries } = pipeline.account.log;
    expect(entries.length).toBeGreaterThan(200);
    return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
  };

  // Late and doubled events, a hold, a person in the console, two executions aborted.
  expect(await historyOf(36)).toBe(await historyOf(36));
  expect(await historyOf(36)).not.toBe(await historyOf(35));
});

describe('the judge of races finds it, too, when', () => {
  let good: Story;
  beforeAll(async () => {
    good = (await runOf(2)).story;
  });
  const [, other = ''] = ['', `sha256:${'0'.repeat(64)}`];
  const first = <T>(all: readonly T[]): T => all[0] as T;

  test('nothing is wrong', () => {
    expect(good.updates.length).toBeGreaterThan(1);
    expect(grievances(good)).toEqual([]);
  });

  test.each<[string, (story: Story) => Story, RegExp]>([
    ['another image runs', (story) => ({ ...story, running: [other] }), /should run/],
    ['two images run', (story) => ({ ...story, running: [...story.running, other] }), /should run/],
    ['an execution still runs', (story) => ({ ...story, executions: [{ ...first(story.executions), status: 'RUNNING' }] }), /still runs/],
    ['a record is open', (story) => ({ ...story, records: [{ ...first(story.records), open: 'yes' }] }), /is still open/],
    ['the lease is not free', (story) => ({ ...story, state: { lease: {} } }), /has a lease still/],
    ['a claim is kept', (story) => ({ ...story, claims: ['claim#1'] }), /was not given back/],
    ['something is told twice', (story) => ({ ...story, messages: [...story.messages, first(story.messages)] }), /was told 2 times/],
    ['something is not told', (story) => ({ ...story, messages: story.messages.slice(1) }), /nobody was told/],
    [
      'a deployment is told beside its release',
      (story) => {
        const deployment = story.records.find(({ release }) => release !== undefined);
        return { ...story, messages: [...story.messages, { id: deployment?.execution ?? '', outcome: '', reason: '' }] };
      },
      /was told by itself and by its release/,
    ],
    [
      'something else is told',
      (story) => ({ ...story, messages: story.messages.map((message) => ({ ...message, outcome: 'FAILED' })) }),
      /was told as FAILED/,
    ],
    [
      'an image that never works is said to run',
      (story) => ({ ...story, pushes: story.pushes.map((push) => ({ ...push, works: false })) }),
      /SUCCEEDED with an image that never works/,
    ],
    [
      'an image that works is taken back',
      (story) => ({ ...story, records: story.records.map((record) => ({ ...record, outcome: 'ROLLED_BACK', reason: 'CRASHED' })) }),
      /ROLLED_BACK CRASHED with an image that works/,
    ],
    ['a service is updated twice', (story) => ({ ...story, updates: [...story.updates, ...story.updates] }), /updated its service twice/],
    [
      'an older image goes over a newer one',
      (story) => ({ ...story, updates: [...story.updates, { ...first(story.updates), at: Number.MAX_SAFE_INTEGER }] }),
      /was deployed after .* newer/,
    ],
    ['a function fails', (story) => ({ ...story, amiss: ['lambda failed'] }), /lambda failed/],
  ])('%s', (_, spoil, complaint) => {
    expect(grievances(spoil(good)).join('\n')).toMatch(complaint);
  });

  test('what gave way to something newer comes back', () => {
    const update = good.updates.findLast(({ by }) => by === 'forward');
    const record = good.records.find(({ revision }) => revision === update?.revision);
    if (!update || !record) throw new Error('race 2 updates nothing');
    const passedOver = {
      ...record,
      sk: 'deployment#0',
      revision: 'none',
      outcome: 'SKIPPED',
      message: 'x goes first',
      endedAt: record.startedAt,
    };

    expect(grievances({ ...good, records: [...good.records, passedOver] }).join('\n')).toMatch(/was deployed once more/);
  });
});
