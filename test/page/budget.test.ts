import { type Bucket, Budget } from '../../page/server/budget.js';
import { Repeating } from '../../page/server/repeating.js';
import { rowOf } from '../../page/server/rows.js';
import { Samples } from '../../page/server/samples.js';
import { counts, deployment, service, web } from './given-stack.js';
import { beginning, givenTime } from './given-time.js';

describe('a budget of reads', () => {
  test.each<[Bucket, number]>([
    ['ecsServices', 4],
    ['ecsTasks', 4],
    ['stepFunctions', 1],
  ])('%s: %d a second, however many are asked for', async (bucket, rate) => {
    const { time, advance } = givenTime();
    const budget = new Budget(time);
    const made: number[] = [];

    for (let read = 0; read < 50; read++) void budget.take(bucket).then(() => made.push(time.now() - beginning));
    await advance(60_000);

    expect(made).toEqual(Array.from({ length: 50 }, (_, index) => (index * 1000) / rate));
  });

  test('several at once are paid by those that follow, and what was not used is not saved', async () => {
    const { time, advance } = givenTime();
    const budget = new Budget(time);
    const made: number[] = [];
    await advance(60_000);

    for (const reads of [4, 1, 1]) void budget.take('ecsTasks', reads).then(() => made.push(time.now() - beginning - 60_000));
    await advance(60_000);

    expect(made).toEqual([0, 1000, 1250]);
  });

  test('one category does not wait for another', async () => {
    const { time } = givenTime();
    const budget = new Budget(time);

    await budget.take('ecsTasks', 100);

    await expect(budget.take('ecsServices')).resolves.toBeUndefined();
  });
});

describe('a read that is repeated', () => {
  const given = (period = 1000) => {
    const virtual = givenTime();
    const made: number[] = [];
    const stack = { error: undefined as Error | undefined, milliseconds: 0 };
    const repeating = new Repeating({
      time: virtual.time,
      period: () => period,
      ended: () => undefined,
      act: async () => {
        made.push((virtual.time.now() - beginning) / 1000);
        if (stack.milliseconds > 0) await new Promise((resolve) => virtual.time.setTimeout(() => resolve(undefined), stack.milliseconds));
        if (stack.error) throw stack.error;
      },
    });
    return { ...virtual, made, stack, repeating };
  };

  test('waits from the end of one to the next: two never run at once', async () => {
    const { repeating, stack, made, advance } = given();
    stack.milliseconds = 2500;

    repeating.start();
    await advance(10_000);

    expect(made).toEqual([0, 3.5, 7]);
  });

  test('asked for while it runs, it runs once more', async () => {
    const { repeating, stack, made, advance } = given(60_000);
    stack.milliseconds = 1000;
    repeating.start();
    await advance(500);

    for (let times = 0; times < 3; times++) void repeating.soon();
    await advance(10_000);

    expect(made).toEqual([0, 1]);
  });

  test('fails: it waits twice as long each time, a minute at most, and as before once it works', async () => {
    const { repeating, stack, made, advance } = given();
    stack.error = new Error('no');
    repeating.start();
    await advance(250_000);
    stack.error = undefined;
    await advance(62_000);

    expect(made.slice(0, 9)).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242]);
    expect(made.slice(9, 12)).toEqual([302, 303, 304]);
  });

  test('stopped, it is over, also while it runs', async () => {
    const { repeating, stack, made, advance, timers } = given();
    stack.milliseconds = 1000;
    repeating.start();
    await advance(500);
    repeating.stop();
    await advance(60_000);

    expect(made).toEqual([0]);
    expect(timers.size).toBe(0);
  });
});

describe('samples of a deployment', () => {
  const row = (running: number) =>
    rowOf({
      status: service(web, { current: deployment() }),
      counts: counts({ tasks: [{ taskDefinition: 'x/web:8', running, pending: 0 }] }),
      waits: [],
      isProduction: false,
    });
  const time = (second: number): string => new Date(beginning + second * 1000).toISOString();

  test('equal ones are the first and the last of them', () => {
    const samples = new Samples();

    for (const [second, running] of [1, 1, 1, 2].entries()) samples.add(row(running), time(second));

    expect(samples.of('one').map(({ at, new: its }) => [at, its])).toEqual([
      [time(0), 1],
      [time(2), 1],
      [time(3), 2],
    ]);
    expect(samples.of('another')).toEqual([]);
  });

  test('are 300 at most, from the beginning to the end', () => {
    const samples = new Samples();

    for (let second = 0; second < 5000; second++) samples.add(row(second), time(second));

    const kept = samples.of('one');
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept[0]?.at).toBe(time(0));
    expect(kept.at(-1)?.at).toBe(time(4999));
  });
});
