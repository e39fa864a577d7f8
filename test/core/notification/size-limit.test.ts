import fc from 'fast-check';
import { type Message, messageOf } from '../../../core/notification/message.js';
import { waitingWithinLimit, withinLimit } from '../../../core/notification/size-limit.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { type WaitingMessage, waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { waitingTextOf } from '../../../core/notification/waiting-text.js';
import { deploymentRecord, later, releaseExecution, releaseRecord, startedAt } from '../given.js';
import { messageOfOne } from './given-messages.js';
import { change, requestInput } from './given-waiting.js';
import { expectAccepted } from './slack-blocks.js';

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

const bytes = (message: Message | WaitingMessage, text: string): number =>
  Buffer.byteLength(JSON.stringify({ default: text, sqs: JSON.stringify(message) }));

test('a release to 200 services that was rolled back names each of them, with both of its results', () => {
  const names = Array.from({ length: 200 }, (_, index) => `production/service-${index}`);
  const result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '3 of 3 tasks run it' } as const;
  const undone = { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_WITH_RELEASE', message: 'the service is back on web:7' } as const;
  const message = messageOf({
    result: { outcome: 'ROLLED_BACK', reason: 'CRASHED', message: 'x' },
    execution: releaseExecution,
    startedAt,
    now: later,
    release: releaseRecord({ rollback: { of: 'repository#my-learn-app release#1#push-1', deployments: [] } }),
    deployments: names.map((service) => ({ ...deploymentRecord({ service, result }), name: service })),
    undos: names.map((service) => ({ service, name: 'undo', undoes: service, record: deploymentRecord({ service, result: undone }) })),
  });

  const short = withinLimit(message);
  const text = textOf(short);

  expect(bytes(short, text)).toBeLessThan(262_144 - Buffer.byteLength(JSON.stringify(names)));
  expect(short.services.map(({ service, result: { reason }, undo }) => [service, reason, undo?.result.reason])).toEqual(
    names.map((service) => [service, 'DEPLOYED', 'ROLLED_BACK_WITH_RELEASE']),
  );
  expectAccepted(slackMessageOf(short));
});

test('what is left out of too long a notification are the services that need an operator least, and they are counted', () => {
  const long = 'x'.repeat(2000);
  const services = Array.from({ length: 300 }, (_, index) => ({ ...crashed.services[0]!, service: `${long}/${index}` }));
  const last = { ...services[299]!, result: { ...crashed.result, outcome: 'UNKNOWN' as const } };

  const short = withinLimit({ ...crashed, services: [...services.slice(0, 299), last] });

  expect(short.services.map(({ service }) => service.slice(2001))).toEqual([
    '299',
    ...Array.from({ length: 19 }, (_, index) => `${index}`),
  ]);
  expect(textOf(short)).toContain('\nand 280 more services\n');
  expect(JSON.stringify(slackMessageOf(short))).toContain('more services');
});

test.each([
  [1, 20, 20],
  [40, 20, 5],
  [200, 20, 1],
])('of %i services that a stage would change with %i long differences each, %i are published', (count, given, shown) => {
  const differences = Array.from({ length: given }, (_, index) => ({
    path: `environment.${index}`,
    before: 'x'.repeat(100),
    after: '字'.repeat(20),
  }));
  const changes = Array.from({ length: count }, (_, index) => change({ service: `production/web-${index}`, differences, more: 4 }));

  const short = waitingWithinLimit(waitingMessageOf(requestInput({ changes })));

  expect(bytes(short, waitingTextOf(short))).toBeLessThan(250_000);
  expect(short.services).toHaveLength(count);
  expect(short.services.at(-1)).toMatchObject({ more: 4 + given - shown });
  expect(short.services.at(-1)?.differences).toHaveLength(shown);
});

test('SNS accepts what a release waits for, with long texts and findings', () => {
  const findings = Array.from({ length: 200 }, () => ({ code: 'PLATFORM', severity: 'block' as const, message: '字'.repeat(5000) }));
  const differences = [{ path: '字'.repeat(5000), before: '"'.repeat(5000), after: '😀'.repeat(5000) }];
  const message = waitingMessageOf(requestInput({ changes: Array.from({ length: 200 }, () => change({ differences })), findings }));

  const short = waitingWithinLimit(message);

  expect(bytes(short, waitingTextOf(short))).toBeLessThan(250_000);
  expect(short).toMatchObject({ unlisted: 180, asks: message.asks, digest: message.digest });
});
