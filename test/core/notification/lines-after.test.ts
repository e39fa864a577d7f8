import fc from 'fast-check';
import { commandLine } from '../../../core/command-line/shell-word.js';
import { messageOf } from '../../../core/notification/message.js';
import { isPasteable } from '../../../core/notification/plain-text.js';
import { slackMessageOf } from '../../../core/notification/slack.js';
import { slackWaitingMessageOf } from '../../../core/notification/slack-waiting.js';
import { textOf } from '../../../core/notification/text.js';
import { waitingMessageOf } from '../../../core/notification/waiting-message.js';
import { waitingTextOf } from '../../../core/notification/waiting-text.js';
import { type Outcome, type Reason, resultOf } from '../../../core/result/result.js';
import { untrustedWord, wordsOf } from '../command-line/shell.js';
import { deploymentRecord, digest, execution, image, later, releaseExecution, releaseRecord, startedAt } from '../given.js';
import { requestInput } from './given-waiting.js';
import { blocksIn, textsOf } from './slack-blocks.js';

type End = { readonly outcome: Outcome; readonly reason: Reason; readonly services?: readonly [service: string, outcome: Outcome][] };

const ended = ({ outcome, reason, services = [] }: End, isRelease = true) =>
  messageOf({
    result: { outcome, reason, message: '' },
    execution: isRelease ? releaseExecution : execution,
    startedAt,
    now: later,
    ...(isRelease && { release: releaseRecord() }),
    deployments: services.map(([service, of]) => deploymentRecord({ service, result: { outcome: of, reason: 'AWS_ERROR', message: '' } })),
  });

test.each<[End, string[]]>([
  [{ outcome: 'SUCCEEDED', reason: 'DEPLOYED', services: [['production/web', 'SUCCEEDED']] }, []],
  [{ outcome: 'SKIPPED', reason: 'ON_HOLD' }, []],
  [{ outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' }, []],
  [{ outcome: 'FAILED', reason: 'REJECTED' }, ['show push-1']],
  [{ outcome: 'FAILED', reason: 'PREFLIGHT' }, ['show push-1', 'deploy my-learn-app:main-7']],
  [{ outcome: 'FAILED', reason: 'APPROVAL_TIMED_OUT' }, ['show push-1', 'deploy my-learn-app:main-7']],
  [{ outcome: 'PARTIAL', reason: 'ON_HOLD', services: [['production/web', 'SKIPPED']] }, ['show push-1', 'deploy my-learn-app:main-7']],
  [
    {
      outcome: 'ROLLBACK_FAILED',
      reason: 'CRASHED',
      services: [
        ['production/web', 'SUCCEEDED'],
        ['production/worker', 'ROLLED_BACK'],
        ['production/api', 'ROLLBACK_FAILED'],
        ['production/mail', 'UNKNOWN'],
      ],
    },
    ['show push-1', 'status production/mail', 'logs production/api', 'rollback production/api'],
  ],
])('after %j there is to paste: %j', (end, lines) => {
  expect((ended(end).lines ?? []).map(({ line }) => line)).toEqual(
    lines.map((words) => `npx --no-install slipway ${words} --stage dev --region eu-west-1`),
  );
});

test('a single deployment is not started again by a release, and one without a record is not shown', () => {
  const failed: End = { outcome: 'FAILED', reason: 'TIMED_OUT', services: [['production/web', 'FAILED']] };
  const unrecorded = messageOf({ result: resultOf('FAILED', 'AWS_ERROR', ''), execution, startedAt, now: later, deployments: [] });

  expect(ended(failed, false).lines).toMatchObject([{ to: 'see more' }]);
  expect(unrecorded).not.toHaveProperty('lines');
});

test('a rollback by an operator is not started again as a deployment', () => {
  const release = releaseRecord({ rollback: { of: 'repository#my-learn-app release#1#push-1', deployments: [] } });
  const message = messageOf({
    result: resultOf('FAILED', 'ABORTED', ''),
    execution: releaseExecution,
    startedAt,
    now: later,
    release,
    deployments: [],
  });

  expect(message.lines).toMatchObject([{ to: 'see more' }]);
});

test.each(['two\nlines', '\u001b[31mred', 'turned \u202e around', 'next\u2028line'])('%j is not a line to paste', (word) => {
  expect(isPasteable(commandLine(['slipway', word]))).toBe(false);
});

const inSlack = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const isLine = (line: string): boolean => line.startsWith('npx ');

/** The lines to paste as readers see them: in a mail, and in the code blocks of Slack. */
const linesIn = (mail: string, slack: Parameters<typeof blocksIn>[0]): string[][] => [
  mail.split('\n').filter(isLine),
  textsOf(blocksIn(slack)).flatMap(({ text }) => [...text.matchAll(/```(.*?)```/gs)].map(([, line = '']) => inSlack(line)).filter(isLine)),
];

test('for every name, a line that is in a mail or in Slack is parsed back into its words by a shell', () => {
  const name = untrustedWord.filter((word) => word !== '');

  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { minLength: 25, maxLength: 25 }), (names) => {
      const seen = names.flatMap(([repository, stage]) => {
        const message = waitingMessageOf(requestInput({ release: releaseRecord({ repository }), stage }));
        const words = (verb: string) => ['--no-install', 'slipway', verb, repository, stage, '--digest', digest, ...place];
        return linesIn(waitingTextOf(message), slackWaitingMessageOf(message)).flatMap((lines) => {
          expect([0, 2]).toContain(lines.length);
          return lines.map((line, index) => ({ line, words: words(index === 0 ? 'approve' : 'reject') }));
        });
      });
      const failed = names.flatMap(([tag, service]) => {
        const release = releaseRecord({ image: { ...image, tag } });
        const result = resultOf('FAILED', 'PREFLIGHT', '');
        const deployments = [deploymentRecord({ service, result: resultOf('ROLLED_BACK', 'CRASHED', '') })];
        const message = messageOf({ result, execution: releaseExecution, startedAt, now: later, release, deployments });
        const all = [
          ['show', 'push-1'],
          ['logs', service],
          ['deploy', `my-learn-app:${tag}`],
        ];
        return linesIn(textOf(message), slackMessageOf(message)).flatMap((lines) =>
          lines.map((line) => ({ line, words: all.map((words) => ['--no-install', 'slipway', ...words, ...place]) })),
        );
      });

      expect(wordsOf(seen.map(({ line }) => line))).toEqual(seen.map(({ words }) => words));
      wordsOf(failed.map(({ line }) => line)).forEach((words, index) => void expect(failed[index]?.words).toContainEqual(words));
    }),
    { numRuns: 4 },
  );
});

const place = ['--stage', 'dev', '--region', 'eu-west-1'];
