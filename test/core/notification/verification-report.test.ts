import { slackMessageOf } from '../../../core/notification/slack.js';
import { textOf } from '../../../core/notification/text.js';
import { verificationTexts } from '../../../core/notification/wording.js';
import { startedAt } from '../given.js';
import { messageOfOne, succeeded } from './given-messages.js';

const url = { isPassed: true, seen: 'https://example.com/health answered 200 after 3 s' };
const verifier = { isPassed: false, seen: 'the function check refused it: 2 of 9' };
const verification = { since: startedAt, url, verifier };

test('what held before a verification failed is in mail and Slack; what failed is in the message of the result', () => {
  const message = messageOfOne({ verification });

  expect(textOf(message)).toContain('\n  verified: https://example.com/health answered 200 after 3 s\n');
  expect(textOf(message)).not.toContain('the function check');
  expect(JSON.stringify(slackMessageOf(message))).toContain('verified: https://example.com/health');
});

test('of a success the message of the result says it all', () => {
  const [service] = messageOfOne({ verification }).services;

  expect(service && verificationTexts({ ...service, result: succeeded })).toEqual([]);
});

test('the data have what was seen of each part', () => {
  expect(messageOfOne({ verification }).services[0]?.verification).toEqual(verification);
});
