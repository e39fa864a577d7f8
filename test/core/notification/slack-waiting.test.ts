import fc from 'fast-check';
import { plainSlackWaitingMessageOf, slackWaitingMessageOf } from '../../../core/notification/slack-waiting.js';
import { type WaitingMessage, waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { digest, releaseExecution } from '../given.js';
import { anyWaitingMessage, change, requestInput, to, windowInput } from './given-waiting.js';
import { blocksIn, expectAccepted, textsOf } from './slack-blocks.js';

const texts = (message: WaitingMessage): string[] => textsOf(blocksIn(slackWaitingMessageOf(message))).map(({ text }) => text);
const site = 'https://eu-west-1.console.aws.amazon.com';

test('a request says what would change, until when, and how to decide', () => {
  const message = waitingMessageOf(
    requestInput({
      changes: [change({ differences: [{ path: 'cpu', before: '256', after: '<512>' }], more: 1 })],
      findings: [{ code: 'ALARM', severity: 'warn', service: 'production/web', message: 'alarm web-5xx is in ALARM' }],
    }),
  );
  const line = (name: string): string =>
    `npx --no-install slipway ${name} my-learn-app production --digest ${digest} --stage dev --region eu-west-1`;

  expect(slackWaitingMessageOf(message)).toMatchObject({
    text: `WAITING for approval until 2026-11-24 12:05 UTC: ${to} on production`,
    attachments: [{ color: '#1264a3' }],
  });
  expect(texts(message)).toEqual([
    `WAITING for approval: ${to} on production`,
    '*Until*\n<!date^1795521900^{date_short_pretty} at {time}|2026-11-24 12:05 UTC>',
    `*Image*\n${to}`,
    '*Started by*\na push',
    '*Passed*\nstaging',
    '*Account*\n123456789012 in eu-west-1',
    'No answer is a no: then the release ends, and production does not change.',
    '• warning, ALARM: production/web: alarm web-5xx is in ALARM',
    `*<${site}/ecs/v2/clusters/production/services/web?region=eu-west-1|production/web>* my-learn-app:main-6 (0f0f0f0f0f0f) → ${to}\n• cpu: 256 → &lt;512&gt;\n• and 1 more difference`,
    `*To approve it*\n\`\`\`${line('approve')}\`\`\`\n*To reject it*\n\`\`\`${line('reject')}\`\`\``,
    `With --reason you say why, and with --by who does it. <${site}/states/home?region=eu-west-1#/v2/executions/details/${releaseExecution}|execution> · ${releaseExecution} production request`,
  ]);
});

test('one that waits for its window says how to cancel it', () => {
  const message = waitingMessageOf(windowInput({ because: 'freeze', reason: 'it is frozen on 2026-12-24 UTC' }));

  expect(plainSlackWaitingMessageOf(message).text).toBe(`WAITING for the end of a freeze until 2026-11-30 08:00 UTC: ${to} on production`);
  expect(texts(message)).toEqual(
    expect.arrayContaining([
      'production begins then, and not now, because it is frozen on 2026-12-24 UTC.',
      '*To cancel it*\n```npx --no-install slipway cancel my-learn-app production --stage dev --region eu-west-1```',
    ]),
  );
});

test.each([
  [1, 5, true],
  [12, 5, true],
  [20, 5, true],
  [30, 2, true],
  [40, 0, true],
  [200, 0, false],
])('each of %i services is named, with %i of its twenty differences; its images are shown: %s', (count, most, hasImages) => {
  const differences = Array.from({ length: 20 }, (_, index) => ({ path: `environment.A${index}`, before: 'a', after: 'b' }));
  const services = Array.from({ length: count }, (_, index) => `production/web-${index}`);
  const message = waitingMessageOf(requestInput({ changes: services.map((service) => change({ service, differences })) }));

  const text = texts(message).join('\n');

  expect(services.filter((service) => !new RegExp(`\\b${service}\\b`).test(text))).toEqual([]);
  expect(text.match(/environment\./g)?.length ?? 0).toBe(most * count);
  expect(text.match(/ → /g)?.length ?? 0).toBe(hasImages ? count * (most + 1) : 0);
});

test('services with names that are too long for one message are counted', () => {
  const changes = Array.from({ length: 200 }, (_, index) => change({ service: `production/${'x'.repeat(100)}-${index}` }));

  expect(texts(waitingMessageOf(requestInput({ changes }))).join('\n')).toContain('and 150 more services');
});

test('for every untrusted text Slack accepts it, and it mentions no user', () => {
  fc.assert(
    fc.property(anyWaitingMessage, (message) => {
      const shown = slackWaitingMessageOf(message);

      expectAccepted(shown);
      for (const { text } of textsOf(blocksIn(shown))) {
        const links = (text.match(/<[^>]*>/g) ?? []).filter(
          (link) => !/^<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>]*>$/.test(link),
        );
        for (const link of links) expect(link).toMatch(/^<https:\/\/eu-west-1\.console\.aws\.amazon\.com\//);
        expect(text.replaceAll(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
        expect(text.replaceAll(/&(amp|lt|gt);/g, '').replaceAll(/<[^>]*>/g, '')).not.toContain('&');
      }
    }),
    { numRuns: 25 },
  );
});
