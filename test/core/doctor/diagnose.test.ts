import { diagnose } from '../../../core/doctor/diagnose.js';
import type { Facts, FunctionFacts, ServiceFacts } from '../../../core/doctor/facts.js';
import { facts, image, installation, now, repository, service, where } from './given-facts.js';

const own = { version: '1.0.0', schema: 2 };
const found = (change: Partial<Facts> = {}, isOwn: Partial<typeof own> = {}) =>
  diagnose(facts(change), { where, own: { ...own, ...isOwn }, now }).map(({ severity, code, subject }) => `${severity} ${code} ${subject}`);

test('an installation without a fault has no finding', () => {
  expect(found()).toEqual([]);
});

const stackIs = (status: string): Partial<Facts> => ({ stack: { value: { status, resources: [] } } });

test.each<[string, Partial<Facts>, string[]]>([
  [
    'there is no stack',
    { stack: { value: undefined }, rules: new Map([['one', { value: undefined }]]) },
    ['error STACK_MISSING slipway-dev'],
  ],
  ['its update could not be rolled back', stackIs('UPDATE_ROLLBACK_FAILED'), ['error STACK_FAILED slipway-dev']],
  ['it was never created', stackIs('ROLLBACK_COMPLETE'), ['error STACK_FAILED slipway-dev']],
  ['its update was rolled back', stackIs('UPDATE_ROLLBACK_COMPLETE'), ['warning STACK_ROLLED_BACK slipway-dev']],
  ['it is being updated', stackIs('UPDATE_IN_PROGRESS'), ['note STACK_CHANGING slipway-dev']],
  ['it is complete', stackIs('CREATE_COMPLETE'), []],
])('of the stack: %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

test('versions that differ are a note, schemas a warning, and a command line from source has no version', () => {
  expect(found({}, { version: '1.1.0' })).toEqual(['note VERSION_DIFFERS slipway-dev']);
  expect(found({}, { version: '1.1.0', schema: 3 })).toEqual(['warning SCHEMA_DIFFERS slipway-dev']);
  expect(found({}, { version: 'source' })).toEqual([]);
});

const functionIs = (change: Partial<FunctionFacts>): Partial<Facts> => ({
  functions: new Map([['plan', { value: { name: 'plan', state: 'Active', lastUpdate: 'Successful', runtime: 'nodejs24.x', ...change } }]]),
});

test.each<[string, Partial<Facts>, string[]]>([
  ['is missing', { functions: new Map([['plan', { value: undefined }]]) }, ['error FUNCTION_MISSING plan']],
  ['failed', functionIs({ state: 'Failed' }), ['error FUNCTION_NOT_ACTIVE plan']],
  ['is inactive until it is invoked', functionIs({ state: 'Inactive' }), []],
  ['was not updated', functionIs({ lastUpdate: 'Failed' }), ['error FUNCTION_NOT_UPDATED plan']],
  ['may not run', functionIs({ reservedConcurrency: 0 }), ['error FUNCTION_THROTTLED plan']],
  ['has a reservation', functionIs({ reservedConcurrency: 5 }), []],
  ['has an older runtime', functionIs({ runtime: 'nodejs20.x' }), ['warning FUNCTION_RUNTIME plan']],
  ['has a newer runtime', functionIs({ runtime: 'nodejs26.x' }), []],
  [
    'gets nothing from its queue',
    { eventSources: { value: [{ id: 'one', functionName: 'sendToSlack', state: 'Disabled' }] } },
    ['error EVENT_SOURCE_DISABLED sendToSlack'],
  ],
])('a function %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

test('what is missing of the stack, or not active', () => {
  const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:release';
  const missing = {
    rules: new Map([['push', { value: undefined }]]),
    queues: new Map([['https://sqs/123456789012/unhandled', { value: undefined }]]),
    subscriptions: new Map([['arn:aws:sns:eu-west-1:123456789012:slipway-dev', { value: undefined }]]),
    secrets: new Map([['slack', { value: undefined }]]),
  };
  expect(found({ ...missing, machines: new Map([[arn, { value: undefined }]]) })).toEqual([
    'error RULE_MISSING push',
    'error MACHINE_MISSING release',
    'error SECRET_MISSING slack',
    'error TOPIC_MISSING slipway-dev',
    'error QUEUE_MISSING unhandled',
  ]);
  expect(found({ machines: new Map([[arn, { value: { name: 'release', status: 'DELETING', functions: [] } }]]) })).toEqual([
    'error MACHINE_NOT_ACTIVE release',
  ]);
  expect(found({ secrets: new Map([['slack', { value: { hasValue: false } }]]) })).toEqual(['error SECRET_EMPTY slack']);
});

test.each<[string, object[], object, string[]]>([
  ['no subscriber', [], {}, ['warning NO_SUBSCRIBER slipway-dev']],
  [
    'an address that has not confirmed',
    [{ protocol: 'email', endpoint: 'team@example.com', isPending: true }],
    { email: ['team@example.com'] },
    ['warning SUBSCRIPTION_PENDING slipway-dev'],
  ],
  ["no queue of Slack's", [], { slackSecret: 'slack' }, ['error SUBSCRIPTION_MISSING slipway-dev']],
  [
    'no address of slipway.yml',
    [{ protocol: 'sqs', endpoint: 'arn:queue', isPending: false }],
    { email: ['team@example.com'] },
    ['error SUBSCRIPTION_MISSING slipway-dev'],
  ],
  ['a subscriber that slipway.yml does not name', [{ protocol: 'https', endpoint: 'https://example.com', isPending: false }], {}, []],
])('the topic has %s', (_, subscriptions, notifications, expected) => {
  const { queried } = facts();
  const stack = 'stack' in queried ? queried.stack : undefined;
  expect(
    found({
      queried: { stack, installation: { ...installation, notifications: { ...installation.notifications, ...notifications } } } as never,
      subscriptions: new Map([['arn:aws:sns:eu-west-1:123456789012:slipway-dev', { value: subscriptions as never }]]),
    }),
  ).toEqual(expected);
});

const serviceIs = (change: Partial<ServiceFacts>, more: Partial<Facts> = {}): Partial<Facts> => ({
  services: new Map([['production/web', { value: service(change) }]]),
  ...more,
});
const bare = { definition: { containerDefinitions: [{ name: 'app', image: service().definition?.containerDefinitions?.[0]?.image }] } };

test.each<[string, Partial<Facts>, string[]]>([
  ['does not exist', { services: new Map([['production/web', { value: undefined }]]) }, ['error SERVICE_NOT_DEPLOYABLE production/web']],
  ['drains', serviceIs({ status: 'DRAINING' }), ['error SERVICE_NOT_DEPLOYABLE production/web']],
  ['is deployed by CodeDeploy', serviceIs({ controller: 'CODE_DEPLOY' }), ['error SERVICE_NOT_DEPLOYABLE production/web']],
  ['is on a revision that is gone', serviceIs({ definition: undefined }), ['error SERVICE_NOT_DEPLOYABLE production/web']],
  ['has no circuit breaker', serviceIs({ hasCircuitBreaker: false }), ['warning NO_CIRCUIT_BREAKER production/web']],
  ['is blue/green, which needs none', serviceIs({ hasCircuitBreaker: false, strategy: 'BLUE_GREEN' }), []],
  ['has no health check', serviceIs(bare), ['warning NO_HEALTH_CHECK production/web']],
  ['is checked by a load balancer', serviceIs({ ...bare, hasLoadBalancer: true, gracePeriodSeconds: 30 }), []],
  ['has no grace period', serviceIs({ hasLoadBalancer: true }), ['warning NO_GRACE_PERIOD production/web']],
  ['names an alarm that is missing', serviceIs({ alarms: ['5xx'] }), ['error SERVICE_ALARM_MISSING production/web']],
  [
    'names an alarm that fires',
    serviceIs({ alarms: ['5xx'] }, { alarms: { value: new Map([['5xx', { name: '5xx', isInAlarm: true, hasActions: false, of: [] }]]) } }),
    ['warning SERVICE_ALARM_FIRING production/web'],
  ],
])('a service %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

const repositoryIs = (change: object): Partial<Facts> => ({ repositories: new Map([['shop', { value: repository(change) }]]) });

test.each<[string, Partial<Facts>, string[]]>([
  ['has lost the image that runs', repositoryIs({ images: { value: [image('b')] } }), ['error IMAGE_MISSING shop']],
  ['has tags that can be moved', repositoryIs({ mutability: 'MUTABLE' }), ['note TAGS_MUTABLE shop']],
  ['has some tags that can be moved', repositoryIs({ mutability: 'MUTABLE_WITH_EXCLUSION' }), ['note TAGS_MUTABLE shop']],
  ['is not scanned', repositoryIs({ isScanned: { value: false } }), ['error NOT_SCANNED shop']],
  ['is scanned', repositoryIs({ isScanned: { value: true } }), []],
])('a repository %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

test.each([
  ['another account', '210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:v1'],
  ['another Region', '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:v1'],
  ['another registry', 'ghcr.io/shop:v1'],
])('an image of a repository of the same name is not missed here: of %s', (_, sidecar) => {
  const [app] = service().definition?.containerDefinitions ?? [];
  const definition = { containerDefinitions: [...(app ? [app] : []), { name: 'sidecar', image: sidecar }] };
  expect(found({ services: new Map([['production/web', { value: service({ definition }) }]]) })).toEqual([]);
});

test('the image that a service ran before is not missed: a rollback takes an older one', () => {
  const deployed = new Map([['production/web', [{ repository: 'shop', digest: `sha256:${'e'.repeat(64)}` }]]]);
  expect(found({ deployed })).toEqual([]);
});

test('a rule that will expire the image that a service ran before is none to warn of: what it ran before is newer then', () => {
  const deployed = new Map([['production/web', [{ repository: 'shop', digest: image('b').digest }]]]);
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'tagged', tagPrefixList: ['main-b'], countType: 'sinceImagePushed', countNumber: 30 },
  };
  const policy = JSON.stringify({ rules: [{ ...rule, action: { type: 'expire' } }] });
  expect(found({ deployed, ...repositoryIs({ images: { value: [image('a'), image('b')] }, lifecyclePolicy: { value: policy } }) })).toEqual(
    [],
  );
});

test('a repository that does not exist is named, and not each container of its services', () => {
  expect(found({ repositories: new Map([['shop', { value: undefined }]]) })).toEqual(['error REPOSITORY_MISSING shop']);
});

test('an alarm of the stack: missing, without actions, firing, or explained by another finding', () => {
  const resources = ['a', 'b', 'c', 'd'].map((physicalId) => ({ logicalId: physicalId, physicalId, type: 'AWS::CloudWatch::Alarm' }));
  const alarm = (name: string, change: object) => [name, { name, isInAlarm: false, hasActions: true, of: [], ...change }] as const;
  const alarms = new Map([
    alarm('b', { hasActions: false }),
    alarm('c', { isInAlarm: true }),
    alarm('d', { isInAlarm: true, of: ['unhandled'] }),
  ]);
  expect(
    found({
      stack: { value: { status: 'CREATE_COMPLETE', resources } },
      alarms: { value: alarms },
      queues: new Map([['https://sqs/123456789012/unhandled', { value: { name: 'unhandled', messages: 2 } }]]),
    }),
  ).toEqual(['error ALARM_MISSING a', 'error ALARM_FIRING c', 'warning DEAD_LETTERS unhandled', 'warning ALARM_WITHOUT_ACTION b']);
});

test('a new alarm that takes missing data for a breach is a note until it had the time to get some', () => {
  const resources = [{ logicalId: 'a', physicalId: 'a', type: 'AWS::CloudWatch::Alarm' }];
  const stack = { value: { status: 'CREATE_COMPLETE', resources } };
  const at = (settlesAt: string) => ({
    stack,
    alarms: { value: new Map([['a', { name: 'a', isInAlarm: true, hasActions: true, of: [], settlesAt }]]) },
  });

  expect(found(at('2026-11-23T09:00:01Z'))).toEqual(['note ALARM_UNSETTLED a']);
  expect(found(at('2026-11-23T09:00:00Z'))).toEqual(['error ALARM_FIRING a']);
});

test('what could not be read is said once for each action, and is no error of the installation', () => {
  const unread = { unread: { action: 'ecs:DescribeServices', reason: 'denied' } } as const;
  const services = new Map([
    ['production/web', unread],
    ['production/worker', unread],
  ]);
  const alarms = { unread: { action: 'cloudwatch:DescribeAlarms', reason: 'throttled' } } as const;
  expect(found({ services, alarms })).toEqual(['warning NOT_CHECKED production/web', 'warning NOT_CHECKED alarms']);
});

test('values from outside are quoted in commands', () => {
  const secrets = new Map([["team's slack", { value: undefined }]]);
  const [finding] = diagnose(facts({ secrets }), { where: { ...where, profile: 'two words' }, own, now });
  expect(finding?.command).toBe(
    "aws secretsmanager create-secret --name 'team'\\''s slack' --secret-string file://webhook-url.txt --region eu-west-1 --profile 'two words'",
  );
});

test('a rule that is disabled, whose target is gone, or whose failures are lost', () => {
  const name = 'slipway-dev-release';
  const resources = [{ logicalId: 'F', physicalId: name, type: 'AWS::Lambda::Function' }];
  const target = { id: '1', arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:3`, hasDeadLetter: true };
  const rule = { name: 'push', isEnabled: true, isSchedule: false, targets: [target] };
  const ofRule = (change: object) =>
    found({
      stack: { value: { status: 'CREATE_COMPLETE', resources } },
      rules: new Map([['push', { value: { ...rule, ...change } }]]),
    });

  expect(ofRule({})).toEqual([]);
  expect(ofRule({ isEnabled: false })).toEqual(['error RULE_DISABLED push']);
  expect(ofRule({ isEnabled: false, isSchedule: true })).toEqual(['error SCHEDULE_DISABLED push']);
  expect(ofRule({ targets: [] })).toEqual(['error RULE_WITHOUT_TARGET push']);
  expect(ofRule({ targets: [{ ...target, hasDeadLetter: false }] })).toEqual(['warning TARGET_WITHOUT_DEAD_LETTER push']);
});

test.each(['Disabled', 'Disabling'])('a queue whose events reach no function: %s', (state) => {
  const eventSources = { value: [{ id: '1', functionName: 'notify', state }] };
  expect(found({ eventSources })).toEqual(['error EVENT_SOURCE_DISABLED notify']);
});
