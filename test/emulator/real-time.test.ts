import { Clock } from '../../emulator/clock.js';
import { RealTime } from '../../emulator/real-time.js';

const given = (speed: number) => {
  const clock = new Clock(0);
  const failures: unknown[] = [];
  return { clock, failures, time: new RealTime(clock, speed, (error) => failures.push(error)) };
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a step goes to what is due next and has happened, while time stands', async () => {
  const { clock, time } = given(0);
  const happened: string[] = [];
  const seen = () => happened.length > 0;
  clock.at(60_000, () => undefined);
  clock.at(61_000, () => void happened.push('first'));
  clock.at(62_000, () => void happened.push('second'));
  await pause(50);
  expect([clock.now, happened]).toEqual([0, []]);
  await time.step(seen);
  expect([clock.now, happened]).toEqual([61_000, ['first']]);
  await pause(50);
  expect(clock.now).toBe(61_000);
  await time.stop();
});

test('without anything that is due a step is an hour, and after the end none', async () => {
  const { clock, time } = given(0);
  await time.step(() => true);
  expect(clock.now).toBe(3_600_000);
  await time.stop();
  await time.step(() => true);
  expect(clock.now).toBe(3_600_000);
});

test('a change of the speed skips no time, and steps neither', async () => {
  const { clock, time } = given(0);
  await time.step(() => true);
  await pause(30);
  time.speed = 1;
  await pause(50);
  // Ten minutes are far more than a slow machine takes, and far less than the hour that was stepped over.
  expect(clock.now).toBeGreaterThan(3_600_000);
  expect(clock.now).toBeLessThan(3_600_000 + 600_000);
  time.speed = 0;
  await pause(30);
  const stood = clock.now;
  await pause(50);
  expect([time.speed, clock.now]).toEqual([0, stood]);
  await time.stop();
});

test('time goes on after work that failed', async () => {
  const { clock, failures, time } = given(3600);
  const done = new Promise<void>((resolve) => clock.at(2000, resolve));
  clock.at(1000, () => {
    throw new Error('failed');
  });
  await done;
  await time.stop();
  expect(failures).toHaveLength(1);
});

test('while time stands it passes for an answer that a client waits for, and no further', async () => {
  const { clock, time } = given(0);
  const answer = new Promise<string>((resolve) => clock.at(300, () => resolve('answered')));
  clock.at(400, () => undefined);
  await pause(50);
  expect(clock.now).toBe(0);
  expect(await clock.awaited(answer)).toBe('answered');
  await pause(50);
  expect([clock.now, clock.isAwaited]).toEqual([300, false]);
  await time.stop();
});
