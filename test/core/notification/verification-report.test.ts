import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { startedAt } from '../given.js';
import { messageOfOne } from './given-messages.js';

const url = { isPassed: true, seen: 'https://example.com/health answered 200 after 3 s' };
const verifier = { isPassed: false, seen: '"verified": false: 2 of 9 checks, password=hunter2' };

test('what a verification saw is in mail and Slack, without credentials', () => {
  const message = messageOfOne({ verification: { since: startedAt, url, verifier } });
  const text = textOf(message);

  expect(text).toContain(`
  URL verified: https://example.com/health answered 200 after 3 s
  verifier did not pass: "verified": false: 2 of 9 checks, password=***
`);
  expect(JSON.stringify(slackMessageOf(message))).toContain('URL verified: https://example.com/health');
  expect(JSON.stringify(message)).not.toContain('hunter2');
});

test('a bake alone has no line of its own, and an alarm that did not guard it has', () => {
  const message = messageOfOne({ verification: { since: startedAt, ignoredAlarms: ['web-5xx'] } });

  expect(textOf(message)).not.toMatch(/URL|verifier/);
  expect(message.services[0]?.warnings).toContain('alarm web-5xx did not guard the verification: it was in ALARM before the update');
});
