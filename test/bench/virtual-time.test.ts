import { inVirtualTime } from '../../bench/virtual-time.js';
import { Clock } from '../../emulator/clock.js';
import { Random } from '../../emulator/random.js';

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('code that sleeps and reads the time does so in virtual time', async () => {
  const clock = new Clock();
  const start = clock.now;
  const seen = inVirtualTime(clock, new Random(1), async () => {
    await sleep(3_600_000);
    return Date.now();
  });

  await clock.run();

  expect(await seen).toBe(start + 3_600_000);
});

test('random numbers come from the seed', async () => {
  const draw = () => inVirtualTime(new Clock(), new Random(7), async () => [Math.random(), Math.random()]);

  expect(await draw()).toEqual(await draw());
});

test('afterwards the globals are restored, also when the code throws', async () => {
  const before = [setTimeout, Date.now, Math.random];

  await expect(inVirtualTime(new Clock(), new Random(1), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

  expect([setTimeout, Date.now, Math.random]).toEqual(before);
});
