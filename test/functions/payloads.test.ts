import { step as acquireLease } from '../../functions/deployment/acquire-lease.js';
import { step as checkRollout } from '../../functions/deployment/check-rollout.js';
import { step as closeDeployment } from '../../functions/deployment/close-deployment.js';
import { step as openDeployment } from '../../functions/deployment/open-deployment.js';
import { step as registerRevision } from '../../functions/deployment/register-revision.js';
import { step as rollBack } from '../../functions/deployment/roll-back.js';
import { step as updateService } from '../../functions/deployment/update-service.js';
import { step as reconcile } from '../../functions/events/reconcile.js';
import { step as sweep } from '../../functions/events/sweep.js';
import { step as notify } from '../../functions/notification/notify.js';
import { step as sendToSlack } from '../../functions/notification/send-to-slack.js';
import { step as closeRelease } from '../../functions/release/close-release.js';
import { step as judgeStage } from '../../functions/release/judge-stage.js';
import { step as planRelease } from '../../functions/release/plan-release.js';
import type { Environment } from '../../functions/runtime/environment.js';
import { configuration, later, startedAt } from '../core/given.js';
import { noTrouble, unknown } from './given.js';

const environment: Environment = {
  configuration,
  variables: {
    TABLE_NAME: 'slipway',
    TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:slipway',
    RELEASE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:slipway-dev-release',
    SLACK_SECRET: 'slipway/slack',
    SLACK_QUEUE_URL: 'https://sqs.example/queue',
  },
  clients: { region: 'eu-west-1', maxAttempts: 1 },
};
const started = { execution: 'arn', startedAt, now: later };
const looked = { service: 'production/web', record: 'r', now: later };
const ended = { record: 'r', ending: unknown, trouble: noTrouble, now: later };
const steps = [
  { step: planRelease, payload: { ...started, input: {} }, optional: ['input'] },
  { step: openDeployment, payload: { ...started, input: {} }, optional: ['input'] },
  { step: judgeStage, payload: { record: 'r', stage: 'staging', now: later } },
  { step: closeRelease, payload: ended },
  { step: acquireLease, payload: looked },
  { step: registerRevision, payload: looked },
  { step: updateService, payload: looked },
  { step: checkRollout, payload: looked },
  { step: rollBack, payload: { service: 'production/web', ...ended } },
  { step: closeDeployment, payload: { service: 'production/web', ...ended } },
  { step: notify, payload: { ...started, service: '', record: '', release: '', ending: unknown, trouble: noTrouble } },
  { step: sweep, payload: { time: later } },
  { step: reconcile, payload: { time: later } },
  { step: sendToSlack, payload: { Records: [] } },
];

test.each(
  steps.flatMap(({ step, payload, optional = [] }) =>
    Object.keys(payload)
      .filter((key) => !optional.includes(key))
      .map((key) => ({ name: step.name, step, key, payload })),
  ),
)('$name refuses a payload whose $key is absent or of another kind, before it looks at anything', async ({ step, key, payload }) => {
  const run = step.in(environment);

  await expect(run({ ...payload, [key]: undefined })).rejects.toMatchObject({ name: 'ValiError' });
  await expect(run({ ...payload, [key]: 7 })).rejects.toMatchObject({ name: 'ValiError' });
});

test.each(['yesterday', '2026-11-23', '1764000000'])('a time that is "%s" is refused', async (now) => {
  await expect(checkRollout.in(environment)({ ...looked, now })).rejects.toMatchObject({ name: 'ValiError' });
});

test.each(['succeeded', 'DONE', ''])('an outcome that is "%s" is refused', async (outcome) => {
  await expect(closeDeployment.in(environment)({ service: '', ...ended, ending: { ...unknown, outcome } })).rejects.toMatchObject({
    name: 'ValiError',
  });
});

test.each([
  [checkRollout, 'TABLE_NAME'],
  [notify, 'TABLE_NAME'],
  [sendToSlack, 'SLACK_SECRET'],
])('a step without its variable says which is not set: %#', (step, name) => {
  expect(() => step.in({ ...environment, variables: {} })).toThrow(`the environment variable ${name} is not set; serverless.yml sets it`);
});
