import fc from 'fast-check';
import type { Message, ServiceReport } from '../../../core/notification/message.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { nextStep } from '../../../core/result/runbook.js';
import { crashes, registry, resultWith, revisionArn } from '../given.js';
import { anyMessage, messageOfOne } from './given-messages.js';
import { blocksIn, expectAccepted, textsOf } from './slack-blocks.js';

const blocksOf = (message: Message) => blocksIn(slackMessageOf(message));

test('the message of a deployment has its failures and the last log lines', () => {
  const message = messageOfOne({
    trigger: { kind: 'hand', by: 'ann' },
    previousImage: `${registry}/my-learn-app:main-6`,
    revision: revisionArn(8),
    evidence: {
      ...crashes,
      logs: { container: 'app', lines: ['Error: a < b', 'at start'] },
      events: ['(service web) is unhappy'],
      alarms: ['web-5xx'],
      warnings: ['a note'],
    },
  });

  const { text, attachments } = slackMessageOf(message);

  expect(text).toBe(
    'ROLLED_BACK: my-learn-app:main-7 (a1b2c3d4a1b2) on production/web: failed and rolled back. 3 tasks failed; the service is back on web:7',
  );
  expect(attachments.map(({ color }) => color)).toEqual(['#e8912d']);
  expect(textsOf(blocksOf(message)).map((one) => one.text)).toEqual([
    'my-learn-app:main-7 (a1b2c3d4a1b2) on production/web: failed and rolled back',
    '*Outcome*\nROLLED_BACK · CRASHED',
    '*Image*\nmy-learn-app:main-7 (a1b2c3d4a1b2)',
    '*Started by*\nhand, ann',
    '*Took*\n5 min',
    '*Account*\n123456789012 in eu-west-1',
    '*<https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/web?region=eu-west-1|production/web>* ROLLED_BACK · CRASHED · 5 min · before: my-learn-app:main-6 · revision: web:8\n3 tasks failed; the service is back on web:7\n• 3 × exit 1 in app\n• ECS: (service web) is unhappy\n• alarm web-5xx fired\n• a note',
    'Last lines of app:\n```Error: a &lt; b\nat start```',
    '*To see more*\n```npx --no-install slipway show one --stage dev --region eu-west-1```\n*To see the log of production/web*\n```npx --no-install slipway logs production/web --stage dev --region eu-west-1```',
    '<https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one|execution> · arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one',
  ]);
});

test.each([
  ['SUCCEEDED', '#2eb67d'],
  ['PARTIAL', '#daa038'],
  ['SUPERSEDED', '#9e9e9e'],
  ['FAILED', '#e8912d'],
  ['ROLLBACK_FAILED', '#e01e5a'],
  ['UNKNOWN', '#e01e5a'],
] as const)('%s is %s', (outcome, color) => {
  expect(slackMessageOf({ ...messageOfOne(), result: resultWith(outcome) }).attachments[0]?.color).toBe(color);
});

test('a result that needs an operator has its next step, at the service or, without one, at the end', () => {
  const result = { ...resultWith('UNKNOWN'), runbook: 'ROLLOUT_NOT_VISIBLE' } as const;
  const message = { ...messageOfOne(), result };
  const advice = `*To do* ${nextStep(result)}`;
  const lines = (one: Message) => textsOf(blocksOf(one)).flatMap(({ text }) => text.split('\n'));

  expect(lines({ ...message, services: message.services.map((service) => ({ ...service, result })) })).toContain(advice);
  expect(lines({ ...message, services: [] })).toContain(advice);
  expect(lines(messageOfOne()).filter((line) => line.startsWith('*To do*'))).toEqual([]);
});

test('a result without services has its message in a section of its own', () => {
  expect(blocksOf({ ...messageOfOne(), services: [], lines: [] }).map(({ type }) => type)).toEqual([
    'header',
    'section',
    'section',
    'context',
  ]);
});

describe('of many services', () => {
  const [report] = messageOfOne({
    evidence: { ...crashes, logs: { container: 'app', lines: Array.from({ length: 20 }, () => 'x'.repeat(120)) } },
  }).services;
  const given = (count: number, changes: Partial<ServiceReport> = {}) => {
    const services = Array.from({ length: count }, (_, index) => ({ ...report!, ...changes, service: `production/web-${index}` }));
    return { ...messageOfOne(), services };
  };
  const textIn = (message: Message) =>
    textsOf(blocksOf(message))
      .map(({ text }) => text)
      .join('\n');
  const whole = (message: Message) => textIn(message).match(/Last lines of app/g)?.length ?? 0;

  test.each([
    [1, 1],
    [3, 3],
    [25, 1],
    [200, 1],
  ])('%i with long logs, %i have their details at least, and the others a line each, up to twenty', (count, least) => {
    const text = textIn(given(count));

    expect(whole(given(count))).toBeGreaterThanOrEqual(least);
    for (let index = 0; index < Math.min(count, 20); index++) expect(text).toContain(`|production/web-${index}>`);
    expect(text.includes(`and ${count - 20} more services`)).toBe(count > 20);
  });

  test('those that need an operator most have the details', () => {
    const message = given(20);
    const last = message.services[19]!;
    const services = [...message.services.slice(0, 19), { ...last, result: resultWith('UNKNOWN') }];

    const text = textIn({ ...message, services });

    expect(text.indexOf('web-19>')).toBeLessThan(text.indexOf('web-0>'));
    expect(text).toContain(
      '*<https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/web?region=eu-west-1|production/web-19>*',
    );
  });

  test('that fit the order is that of the release, and logs without lines are not shown', () => {
    const message = given(8, { logs: { container: 'app', lines: [] } });

    expect(blocksOf(message).map(({ type }) => type)).toEqual([
      'header',
      'section',
      ...Array.from({ length: 8 }, () => 'section'),
      // Lines to paste.
      'section',
      'context',
    ]);
  });
});

test('five kinds of failures are listed', () => {
  const groups = [1, 2, 3, 4, 5, 6].map((count) => ({ count, description: `exit ${count}` }));
  const section = textsOf(blocksOf(messageOfOne({ evidence: { ...crashes, groups } }))).find(({ text }) => text.includes('•'));

  expect(section?.text.match(/•.*/g)).toEqual(['• 1 × exit 1', '• 2 × exit 2', '• 3 × exit 3', '• 4 × exit 4', '• 5 × exit 5']);
});

test('a log line does not close its code block', () => {
  const message = messageOfOne({ evidence: { ...crashes, logs: { container: 'app', lines: ['```<!channel>', '``', '`'] } } });

  expect(textsOf(blocksOf(message)).map(({ text }) => text)).toContain("Last lines of app:\n```'''&lt;!channel&gt;\n''\n'```");
});

test('of long logs the last lines are shown', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(180)}`);
  const code = textsOf(blocksOf(messageOfOne({ evidence: { ...crashes, logs: { container: 'app', lines } } }))).find(({ text }) =>
    text.includes('```'),
  );

  expect(code?.text).toContain('\n29 xxx');
  expect(code?.text).not.toContain('\n16 xxx');
});

test('text is cut between characters as a reader sees them', () => {
  const texts = textsOf(blocksOf(messageOfOne({ trigger: { kind: 'hand', by: '😀'.repeat(300), reason: 'hotfix' } })));

  expect(texts.find(({ text }) => text.startsWith('*Started by*'))?.text).toMatch(/^\*Started by\*\nhand, (😀)+…$/u);
});

describe('for every untrusted text,', () => {
  test('Slack accepts the message', () => {
    fc.assert(
      fc.property(anyMessage, (message) => expectAccepted(slackMessageOf(message))),
      { numRuns: 25 },
    );
  });

  test('the message mentions no user, and links only to the console', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const texts = textsOf(blocksOf(message));

        for (const { type, text, verbatim } of texts) {
          const links = text.match(/<[^>]*>/g) ?? [];
          for (const link of links) expect(link).toMatch(/^<https:\/\/eu-west-1\.console\.aws\.amazon\.com\//);
          expect(text.replaceAll(/<[^>]*>/g, '')).not.toMatch(/[<>]/);
          // Without it Slack itself makes links and mentions of plain words.
          if (type === 'mrkdwn') expect(verbatim).toBe(true);
        }
        expect(slackMessageOf(message).text).not.toMatch(/[<>]/);
      }),
      { numRuns: 25 },
    );
  });

  test('every & begins a complete escape', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const texts = [slackMessageOf(message).text, ...textsOf(blocksOf(message)).map(({ text }) => text)];

        for (const text of texts) expect(text.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
      }),
      { numRuns: 25 },
    );
  });

  test('a code block has no backticks but its own', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        for (const { text } of textsOf(blocksOf(message))) {
          if (!text.startsWith('Last lines of ') || !text.includes(':\n```')) continue;
          expect(text.slice(text.lastIndexOf(':\n```') + 5, -3)).not.toContain('`');
        }
      }),
      { numRuns: 25 },
    );
  });
});
