import fc from 'fast-check';
import type { Configuration } from '../../core/configuration/configuration.js';
import { deploymentEvents, hookEvents, parseEcsEvent, serviceActions } from '../../core/input/ecs-event.js';
import { compilePattern } from '../../emulator/events/pattern.js';
import { sizeOf } from '../../stack/cloudformation.js';
import { ecsEventRules } from '../../stack/ecs-event-rules.js';
import { PATTERN_LIMIT } from '../../stack/event-patterns.js';
import { configuration, revisionArn } from '../core/given.js';
import { actionEvent, deploymentEvent, hookEvent, taskEvent } from '../core/input/given-ecs-events.js';

const withServices = (services: readonly string[]): Configuration => ({
  notifications: { sns: true },
  repositories: {
    app: {
      name: 'app',
      tags: ['*'],
      stages: [
        {
          name: 'production',
          services: services.map((service) => ({
            service,
            cluster: service.split('/')[0] ?? '',
            name: service.split('/')[1] ?? '',
            timeoutSeconds: 1800,
          })),
        },
      ],
    },
  },
});

const filledIn = (pattern: unknown): object =>
  JSON.parse(
    JSON.stringify(pattern).replaceAll('{"Ref":"AWS::AccountId"}', '"123456789012"').replaceAll('{"Ref":"AWS::Region"}', '"eu-west-1"'),
  ) as object;

const rulesOf = (of: Configuration) =>
  Object.entries(ecsEventRules('dev', of)).map(([id, { Properties }]) => ({
    id,
    name: String(Properties.Name),
    pattern: Properties.EventPattern as object,
  }));

/** The logical IDs of the rules that an event matches. */
const matching = (of: Configuration) => {
  const rules = rulesOf(of).map(({ id, pattern }) => ({ id, matches: compilePattern(filledIn(pattern)) }));
  return (event: unknown): string[] => rules.filter(({ matches }) => matches(event)).map(({ id }) => id);
};

const match = matching(configuration);
const task = (detail: object) => taskEvent(1, { detail: { ...detail } });

describe('the rules pass', () => {
  test.each([
    ['a task that failed, when its containers have ended', taskEvent()],
    ['a task that failed, when all of it has', task({ lastStatus: 'STOPPED' })],
    ['a task that could not be started, without a reason', task({ stoppedReason: undefined, stopCode: 'TaskFailedToStart' })],
    ['a task that a health check found unhealthy', task({ stoppedReason: 'Task failed ELB health checks in (target-group web)' })],
  ])('%s', (_, event) => expect(match(event)).toEqual(['EcsTaskRule1']));

  test.each([...deploymentEvents.map((name) => deploymentEvent(name)), ...serviceActions.map((name) => actionEvent(name))])(
    '$detail.eventName',
    (event) => expect(match(event)).toEqual(['EcsServiceRule1']),
  );

  test.each(hookEvents)('%s', (name) => expect(match(hookEvent(name))).toEqual(['EcsHookRule1']));
});

describe('the rules do not pass', () => {
  const elsewhere = { account: '210987654321' };
  const other = (service: string) => ({ resources: [`arn:aws:ecs:eu-west-1:123456789012:service/${service}`] });
  const scaled = 'Scaling activity initiated by (deployment ecs-svc/1637086347952626779)';

  test.each<[string, unknown]>([
    ['tasks that a rollout replaces', task({ stopCode: 'ServiceSchedulerInitiated', stoppedReason: scaled })],
    ['tasks that are scaled in', task({ stoppedReason: scaled, lastStatus: 'STOPPED', taskDefinitionArn: revisionArn(1) })],
    ['tasks that start', task({ desiredStatus: 'RUNNING', lastStatus: 'PENDING', stoppedReason: undefined })],
    ['tasks whose containers run', task({ lastStatus: 'STOPPING' })],
    ['tasks of no service', task({ group: 'family:web' })],
    ['tasks of other services', task({ group: 'service:web-2' })],
    ['tasks of other clusters', task({ clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production-2' })],
    ['tasks of other accounts', taskEvent(1, elsewhere)],
    ['tasks of other Regions', taskEvent(1, { region: 'us-east-1' })],
    ['events of other sources', taskEvent(1, { source: 'acme.ecs' })],
    ['services in steady state', actionEvent('SERVICE_STEADY_STATE')],
    ['service actions that a deployment event repeats', actionEvent('SERVICE_DEPLOYMENT_COMPLETED')],
    ['deployments of other services', deploymentEvent(undefined, other('production/web-2'))],
    ['deployments of a service whose name ends alike', deploymentEvent(undefined, other('production/the-web'))],
    ['deployments of a cluster whose name ends alike', deploymentEvent(undefined, other('pre-production/web'))],
    ['deployments of other accounts', deploymentEvent(undefined, elsewhere)],
    ['hooks in progress', hookEvent('HOOK_IN_PROGRESS')],
    ['hooks of other services', hookEvent(undefined, { detail: { serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/other/web' } })],
  ])('%s', (_, event) => expect(match(event)).toEqual([]));
});

test('a service that several repositories deploy is in a pattern once', () => {
  const { app } = withServices(['production/web']).repositories;
  const both: Configuration = {
    notifications: { sns: true },
    repositories: { app: app as never, proxy: { ...(app as object), name: 'proxy' } as never },
  };

  expect(rulesOf(both)).toEqual(rulesOf(withServices(['production/web'])));
});

test.each([
  [1, 3],
  [40, 5],
  [300, 24],
])('%i services need %i rules, each of which EventBridge accepts', (count, rules) => {
  const services = Array.from({ length: count }, (_, index) => `production/payments-api-${index + 1}`);
  const all = rulesOf(withServices(services));

  expect(all).toHaveLength(rules);
  expect(new Set(all.map(({ name }) => name)).size).toBe(rules);
  // As an account with an ID in the Region of the longest name gets them.
  for (const { pattern } of all) expect(sizeOf(pattern)).toBeLessThanOrEqual(PATTERN_LIMIT);
});

test('of any services, exactly one rule of each kind passes what happens to one', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/);
  const services = fc.uniqueArray(
    fc.tuple(name, name).map((names) => names.join('/')),
    { minLength: 1, maxLength: 30 },
  );
  fc.assert(
    fc.property(services, fc.nat(), (all, index) => {
      const service = all[index % all.length] ?? '';
      const [cluster, serviceName] = service.split('/');
      const serviceArn = `arn:aws:ecs:eu-west-1:123456789012:service/${service}`;
      const clusterArn = `arn:aws:ecs:eu-west-1:123456789012:cluster/${cluster}`;
      const events = [
        task({ clusterArn, group: `service:${serviceName}` }),
        deploymentEvent(undefined, { resources: [serviceArn] }),
        actionEvent(undefined, { resources: [serviceArn] }),
        hookEvent(undefined, { detail: { serviceArn } }),
      ];
      const matched = events.map(matching(withServices(all)));

      expect(matched.slice(1).map(({ length }) => length)).toEqual([1, 1, 1]);
      // Names of services may repeat in other clusters.
      expect(matched[0]?.length).toBeGreaterThanOrEqual(1);
      expect(events.map((event) => parseEcsEvent(event)?.service)).toEqual(events.map(() => service));
      for (const { pattern } of rulesOf(withServices(all))) expect(sizeOf(pattern)).toBeLessThanOrEqual(PATTERN_LIMIT);
    }),
    { numRuns: 30 },
  );
});
