import { commandMessageOf, type ReportedCommand } from '../../../core/notification/command-message.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { subjectOf, textOf } from '../../../core/notification/text.js';
import { resultOf } from '../../../core/result/result.js';
import { digest, later, releaseExecution } from '../given.js';

const topic = 'arn:aws:sns:eu-west-1:123456789012:slipway-dev';
const image = 'my-learn-app:main-7 (a1b2c3d4a1b2)';
const site = 'https://eu-west-1.console.aws.amazon.com';
const details = `${site}/states/home?region=eu-west-1#/v2/executions/details/${releaseExecution}`;
const ofRelease = { repository: 'my-learn-app', stage: 'production', digest, tag: 'main-7', execution: releaseExecution };
const ada = { kind: 'hand', by: 'ada', reason: 'tried it' } as const;

test.each<[string, ReportedCommand]>([
  [
    `${image} on production: approved`,
    { ...ofRelease, command: 'approve', trigger: ada, now: later, result: resultOf('SUCCEEDED', 'APPROVAL_GIVEN', 'x') },
  ],
  [
    `${image} on production: rejected`,
    { ...ofRelease, command: 'reject', trigger: ada, now: later, result: resultOf('SUCCEEDED', 'APPROVAL_DENIED', 'x') },
  ],
  [
    `${image} on production: cancel requested`,
    { ...ofRelease, command: 'cancel', trigger: ada, now: later, result: resultOf('SUCCEEDED', 'CANCEL_REQUESTED', 'x') },
  ],
])('the subject of a command about a release is: %s', (subject, reported) => {
  const message = commandMessageOf(topic, reported);

  expect(subjectOf(message)).toBe(subject);
  expect(message).toMatchObject({
    id: `${reported.command} my-learn-app production ${digest} ${later}`,
    command: { name: reported.command },
    repository: 'my-learn-app',
    stage: 'production',
    to: image,
    trigger: ada,
    account: '123456789012',
    region: 'eu-west-1',
    consoleUrl: details,
  });
  expect(textOf(message)).toContain('\nby        ada: tried it\n');
  expect(slackMessageOf(message).text).toBe(`${image} on production: ${subject.slice(subject.indexOf(': ') + 2)}. x`);
});

test.each([
  ['production/web', 'production/web: on hold', `${site}/ecs/v2/clusters/production/services/web?region=eu-west-1`],
  ['*', 'every service: on hold', `${site}/ecs/v2/clusters?region=eu-west-1`],
])('the subject of a command about %s is: %s', (service, subject, consoleUrl) => {
  const message = commandMessageOf(topic, {
    service,
    command: 'hold',
    trigger: ada,
    now: later,
    result: resultOf('SUCCEEDED', 'HELD', 'x'),
  });

  expect(subjectOf(message)).toBe(subject);
  expect(message).toMatchObject({ id: `hold ${service} ${later}`, command: { name: 'hold', service }, consoleUrl });
});
