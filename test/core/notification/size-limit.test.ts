import fc from 'fast-check';
import type { Message } from '../../../core/notification/message.js';
import { withinLimit } from '../../../core/notification/size-limit.js';
import { textOf } from '../../../core/notification/text.js';
import { messageOfOne } from './given-messages.js';

const crashed = messageOfOne({
  evidence: {
    failedTasks: 3,
    reason: 'CRASHED',
    groups: Array.from({ length: 5 }, () => ({ count: 3, description: 'x'.repeat(300) })),
    logs: { container: 'app', lines: Array.from({ length: 20 }, () => 'x'.repeat(300)) },
    events: ['x'.repeat(300), 'x'.repeat(300), 'x'.repeat(300)],
  },
});
const ofServices = (count: number): Message => ({ ...crashed, services: Array.from({ length: count }, () => crashed.services[0]!) });
const detailed = ({ services }: Message) => services.filter(({ logs }) => logs).length;

test.each([
  [1, 1],
  [4, 4],
  [5, 5],
  [20, 10],
  [40, 10],
])('of %i services that failed with long logs %i keep them, and all keep their result', (count, expected) => {
  const short = withinLimit(ofServices(count));

  expect(short.services).toHaveLength(count);
  expect(detailed(short)).toBe(expected);
});

test('services without details do not count against those with details, in any order', () => {
  const [bare] = messageOfOne().services;
  const services = [...Array.from({ length: 30 }, () => bare!), ...ofServices(8).services];

  const short = withinLimit({ ...crashed, services });

  expect(short.services.flatMap(({ logs }, index) => (logs ? [index] : []))).toEqual([30, 31, 32, 33, 34, 35, 36, 37]);
  const many = withinLimit({ ...crashed, services: [...services, ...ofServices(30).services] });
  expect(detailed(many)).toBe(10);
  expect(many.services[67]).toMatchObject({ failures: [], events: [], result: crashed.services[0]?.result });
});

test('a short message stays as it is', () => {
  expect(withinLimit(crashed)).toBe(crashed);
});

test('SNS accepts every notification, with any characters', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.constantFrom('字', '"', '\\', '\0', '😀', 'x'), (count, character) => {
      const filled = JSON.parse(
        JSON.stringify(ofServices(count)).replaceAll(/x{300}/g, JSON.stringify(character.repeat(300)).slice(1, -1)),
      ) as Message;
      const message = withinLimit(filled);

      const sent = JSON.stringify({ default: textOf(message), sqs: JSON.stringify(message) });
      expect(Buffer.byteLength(sent)).toBeLessThan(262_144);
    }),
    { numRuns: 20 },
  );
});

test.each(['字', '"', '😀'])('SNS accepts a notification with long texts of %s, with what matters of each', (character) => {
  const long = character.repeat(100_000);
  const services = ofServices(300).services.map((report) => ({ ...report, from: long, result: { ...report.result, message: long } }));
  const message = withinLimit({ ...crashed, to: long, result: { ...crashed.result, message: long }, services });

  const sent = JSON.stringify({ default: textOf(message), sqs: JSON.stringify(message) });
  expect(Buffer.byteLength(sent)).toBeLessThan(262_144);
  expect(message.result).toMatchObject({ outcome: 'ROLLED_BACK', message: expect.stringMatching(/^.{1000,2000}$/) });
  expect(message.services).toHaveLength(20);
});
