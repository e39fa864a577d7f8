import fc from 'fast-check';
import { subjectOf, textOf } from '../../../core/notification/text.js';
import { nextStep } from '../../../core/result/runbook.js';
import { crashes, registry, resultWith, revisionArn } from '../given.js';
import { anyMessage, messageOfOne } from './given-messages.js';

test('a mail has every fact on its own line', () => {
  const message = messageOfOne({
    trigger: { kind: 'hand', by: 'ann', reason: 'hotfix' },
    previousImage: `${registry}/my-learn-app:main-6`,
    revision: revisionArn(8),
    evidence: {
      ...crashes,
      logs: { container: 'app', lines: ['Error: boom', '    at start'] },
      events: ['(service web) was unable to start'],
      alarms: ['web-5xx'],
      warnings: ['a note'],
    },
  });

  expect(subjectOf(message)).toBe('ROLLED_BACK: my-learn-app:main-7 (a1b2c3d4a1b2) on production/web');
  expect(textOf(message)).toBe(`my-learn-app:main-7 (a1b2c3d4a1b2) on production/web: failed and rolled back
3 tasks failed; the service is back on web:7

outcome   ROLLED_BACK, CRASHED
image     my-learn-app:main-7 (a1b2c3d4a1b2)
started   hand, ann: hotfix
took      5 min
account   123456789012 in eu-west-1

production/web: failed and rolled back (CRASHED), after 5 min
  3 tasks failed; the service is back on web:7
  before: my-learn-app:main-6
  revision: web:8
  3 × exit 1 in app
  last lines of app:
    Error: boom
    at start
  ECS: (service web) was unable to start
  alarm web-5xx fired
  a note
  web:8 was rolled back, and is the newest of its family: see docs/terraform-and-cdk.md
  https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/web?region=eu-west-1

To see more:
npx --no-install slipway show one --stage dev --region eu-west-1

To see the log of production/web:
npx --no-install slipway logs production/web --stage dev --region eu-west-1

execution: https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one
id: arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one`);
});

test('a result that needs an operator has its next step, for the release and for each service', () => {
  const result = { ...resultWith('ROLLBACK_FAILED'), runbook: 'ECS_ROLLBACK_FAILED' } as const;
  const message = messageOfOne();
  const [service] = message.services;
  const text = textOf({ ...message, result, services: service ? [{ ...service, result }, service] : [] });
  const advice = nextStep(result);

  expect(text.split('\n').filter((line) => line.includes('docs/operations.md'))).toEqual([`to do     ${advice}`, `  to do: ${advice}`]);
  expect(textOf(message)).not.toContain('to do');
});

test('for every untrusted text SNS accepts the subject: one line of under 100 characters without control characters', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const subject = subjectOf(message);

      expect(subject.length).toBeGreaterThan(0);
      expect(subject.length).toBeLessThan(100);
      expect(subject).toMatch(/^[^\p{Cc}\u2028\u2029]*$/u);
    }),
  );
});

test('untrusted text neither controls a terminal nor begins a line', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const text = textOf(message);

      expect(text).toMatch(/^[^\p{Cf}\u2028\u2029]*$/u);
      expect(text.replaceAll('\n', '')).toMatch(/^\P{Cc}*$/u);
    }),
    { numRuns: 25 },
  );
});
