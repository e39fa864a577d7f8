import { readFileSync } from 'node:fs';
import pico from 'picocolors';
import { createAccount } from '../../cli/account.js';
import { CommandError } from '../../cli/command-error.js';
import type { Context } from '../../cli/context.js';
import { fromSource } from '../../cli/from-source.js';
import type { StackClient } from '../../cli/stack-client.js';
import { run } from '../../cli/verbs/doctor.js';
import { installationOf } from '../../core/query/installation.js';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { readConfiguration } from '../../stack/read-configuration.js';

const repository = 'my-learn-app';
const configuration = readConfiguration('slipway.yml');
const installation = installationOf(configuration);

let emulator: Emulator;

beforeAll(async () => {
  emulator = createEmulator({ functionCode: await fromSource(configuration), staleReadMs: 0 });
  await createAccount(emulator, configuration, 'http://127.0.0.1:9/hook');
  await emulator.account.clock.run();
  const template = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as Record<string, unknown>;
  await emulator.deploy({ template, stackName: 'slipway-dev', artifactsDir: '.serverless' });
  await ask('ecr', 'PutImageTagMutability', { repositoryName: repository, imageTagMutability: 'IMMUTABLE' });
});

afterAll(() => emulator.close());

const user = { arn: 'arn:aws:iam::123456789012:user/dev', kind: 'user' } as const;

const ask = async <Output = Record<string, unknown>>(service: string, operation: string, input: object): Promise<Output> => {
  const { account } = emulator;
  return account.clock.during(() => account.request<Output>(user, service, operation, input));
};

type Options = { readonly strict?: boolean; readonly json?: boolean };

/** Runs the verb as an operator, or as another caller. */
const doctor = async ({ strict = false, json = true }: Options = {}, change: Partial<StackClient> = {}) => {
  const printed: string[] = [];
  const terminal = {
    width: 80,
    colors: pico.createColors(false),
    print: (text: string) => void printed.push(text),
    progress: () => {},
    endProgress: () => {},
  };
  const query = async (name: string) =>
    name === 'installation'
      ? { stack: { version: '1.0.0', machines: { release: stateMachineArn() } }, ...installation }
      : { deployments: [] };
  const stack = { stage: 'dev', region: 'eu-west-1', settings: emulator.clientConfig(), query, ...change } as unknown as StackClient;
  const context = { terminal, connect: async () => stack, now: () => emulator.account.clock.date() } as unknown as Context;
  const status = await run(context, [], { json, strict });
  return { status, text: printed.join('\n') };
};

const codes = ({ text }: { readonly text: string }): string[] =>
  (JSON.parse(text) as { findings: { code: string; subject: string }[] }).findings.map(({ code, subject }) => `${code} ${subject}`);

test('a new installation has a note only: a schedule has not run yet', async () => {
  await emulator.account.clock.advance(6 * 60_000);
  const answer = await doctor({ strict: true });

  expect(codes(answer)).toEqual(['ALARM_UNSETTLED slipway-dev-reconcile-stopped']);
  expect(answer.status).toBe(0);
  await emulator.account.clock.advance(65 * 60_000);
});

test('a healthy installation has no finding, and doctor only reads', async () => {
  const { account } = emulator;
  const operations: string[] = [];
  const { request } = account;
  account.request = (...given) => {
    operations.push(given[2]);
    return request.apply(account, given) as never;
  };

  const answer = await doctor({ json: false, strict: true });
  account.request = request;

  expect(answer).toEqual({ status: 0, text: 'Nothing was found: the installation is as it should be.' });
  expect(operations.length).toBeGreaterThan(50);
  expect(operations.filter((name) => !/^(Describe|List|Get|BatchGet)/.test(name))).toEqual([]);
});

const arnOf = (service: string, rest: string): string => emulator.account.arn(service, rest);
const queueUrl = (name: string) => emulator.account.services.sqs.urlOf(arnOf('sqs', `slipway-dev-${name}`));
const stateMachineArn = () => arnOf('states', 'stateMachine:slipway-dev-release');

/** Takes a service to a copy of its revision, changed. */
const updateRevision = async (service: string, change: (containers: Record<string, unknown>[]) => object[]): Promise<void> => {
  const [cluster, name] = service.split('/');
  const { taskDefinition } = await ask<{ taskDefinition: Record<string, unknown> }>('ecs', 'DescribeTaskDefinition', {
    taskDefinition: `${cluster}-${name}`,
  });
  const { family, networkMode, requiresCompatibilities, executionRoleArn, cpu, memory } = taskDefinition;
  await ask('ecs', 'RegisterTaskDefinition', {
    ...{ family, networkMode, requiresCompatibilities, executionRoleArn, cpu, memory },
    containerDefinitions: change(taskDefinition.containerDefinitions as Record<string, unknown>[]),
  });
  await ask('ecs', 'UpdateService', { cluster, service: name, taskDefinition: `${cluster}-${name}` });
  await emulator.account.clock.advance(300_000);
};

const lifecycle = (selection: object) => () =>
  ask('ecr', 'PutLifecyclePolicy', {
    repositoryName: repository,
    lifecyclePolicyText: JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] }),
  });
const withoutLifecycle = () => ask('ecr', 'DeleteLifecyclePolicy', { repositoryName: repository });

type Fault = readonly [what: string, plant: () => Promise<unknown>, undo: () => Promise<unknown>, finding: string, toRun: string];

const breaker = (enable: boolean) => () =>
  ask('ecs', 'UpdateService', {
    cluster: 'staging',
    service: 'web',
    deploymentConfiguration: { deploymentCircuitBreaker: { enable, rollback: enable } },
  });

let definition = '';
let rule: Parameters<Emulator['account']['services']['events']['putRule']>[0];
const withRule = (change: (spec: typeof rule) => Partial<typeof rule>) => async () => {
  const { events } = emulator.account.services;
  const name = 'slipway-dev-sweep';
  const { Rules } = await ask<{ Rules: { EventPattern: string; Arn: string }[] }>('events', 'ListRules', { NamePrefix: name });
  const { Targets } = await ask<{ Targets: { Id: string; Arn: string; DeadLetterConfig: { Arn: string } }[] }>(
    'events',
    'ListTargetsByRule',
    {
      Rule: name,
    },
  );
  rule = {
    name,
    arn: Rules[0]?.Arn ?? '',
    isEnabled: true,
    eventPattern: JSON.parse(Rules[0]?.EventPattern ?? '{}') as Record<string, unknown>,
    targets: Targets.map(({ Id, Arn, DeadLetterConfig }) => ({
      id: Id,
      arn: Arn,
      deadLetterArn: DeadLetterConfig.Arn,
      maximumRetryAttempts: 20,
      maximumEventAgeSeconds: 300,
    })),
  };
  events.putRule({ ...rule, ...change(rule) });
};
const restoreRule = async () => emulator.account.services.events.putRule(rule);

const named = { FunctionName: 'slipway-dev-planRelease' };

const faults: readonly Fault[] = [
  [
    'a rule is disabled',
    () => ask('events', 'DisableRule', { Name: 'slipway-dev-sweep' }),
    () => ask('events', 'EnableRule', { Name: 'slipway-dev-sweep' }),
    'RULE_DISABLED slipway-dev-sweep',
    'aws events enable-rule --name slipway-dev-sweep --region eu-west-1',
  ],
  [
    'a schedule is disabled for so long that its alarm fires',
    async () => {
      await ask('events', 'DisableRule', { Name: 'slipway-dev-sweep-schedule' });
      await emulator.account.clock.advance(30 * 60_000);
    },
    async () => {
      await ask('events', 'EnableRule', { Name: 'slipway-dev-sweep-schedule' });
      await emulator.account.clock.advance(30 * 60_000);
    },
    'SCHEDULE_DISABLED slipway-dev-sweep-schedule',
    'aws events enable-rule --name slipway-dev-sweep-schedule --region eu-west-1',
  ],
  [
    'a rule has lost its targets',
    withRule(() => ({ targets: [] })),
    restoreRule,
    'RULE_WITHOUT_TARGET slipway-dev-sweep',
    'npx serverless deploy --stage dev --region eu-west-1',
  ],
  [
    'a target has lost its dead-letter queue',
    withRule(({ targets }) => ({ targets: targets.map(({ deadLetterArn: _, ...target }) => target) })),
    restoreRule,
    'TARGET_WITHOUT_DEAD_LETTER slipway-dev-sweep',
    'npx serverless deploy --stage dev --region eu-west-1',
  ],
  [
    'a function may not run',
    () => ask('lambda', 'PutFunctionConcurrency', { ...named, ReservedConcurrentExecutions: 0 }),
    () => ask('lambda', 'DeleteFunctionConcurrency', named),
    'FUNCTION_THROTTLED slipway-dev-planRelease',
    'aws lambda delete-function-concurrency --function-name slipway-dev-planRelease --region eu-west-1',
  ],
  [
    'a state machine invokes another version of a function',
    async () => {
      definition = (await ask<{ definition: string }>('states', 'DescribeStateMachine', { stateMachineArn: stateMachineArn() })).definition;
      const changed = definition.replace(/(function:slipway-dev-planRelease):1/g, '$1:7');
      await ask('states', 'UpdateStateMachine', { stateMachineArn: stateMachineArn(), definition: changed });
    },
    () => ask('states', 'UpdateStateMachine', { stateMachineArn: stateMachineArn(), definition }),
    'MACHINE_CHANGED slipway-dev-release',
    'npx serverless deploy --stage dev --region eu-west-1',
  ],
  [
    "Slack's secret is scheduled for deletion",
    () => ask('secretsmanager', 'DeleteSecret', { SecretId: 'slipway/slack' }),
    () => ask('secretsmanager', 'RestoreSecret', { SecretId: 'slipway/slack' }),
    'SECRET_DELETED slipway/slack',
    'aws secretsmanager restore-secret --secret-id slipway/slack --region eu-west-1',
  ],
  [
    'a push was not delivered, and the alarm of its queue fires',
    async () => {
      await ask('sqs', 'SendMessage', { QueueUrl: queueUrl('undelivered-pushes'), MessageBody: '{}' });
      await emulator.account.clock.advance(120_000);
    },
    async () => {
      await ask('sqs', 'PurgeQueue', { QueueUrl: queueUrl('undelivered-pushes') });
      await emulator.account.clock.advance(120_000);
    },
    'DEAD_LETTERS slipway-dev-undelivered-pushes',
    'aws sqs receive-message --queue-url',
  ],
  [
    'an alarm fires',
    () => ask('cloudwatch', 'SetAlarmState', { AlarmName: 'slipway-dev-rollback-failed', StateValue: 'ALARM', StateReason: 'test' }),
    () => ask('cloudwatch', 'SetAlarmState', { AlarmName: 'slipway-dev-rollback-failed', StateValue: 'OK', StateReason: 'test' }),
    'ALARM_FIRING slipway-dev-rollback-failed',
    'aws cloudwatch describe-alarm-history --alarm-name slipway-dev-rollback-failed',
  ],
  [
    'a service has no circuit breaker',
    breaker(false),
    breaker(true),
    'NO_CIRCUIT_BREAKER staging/web',
    'aws ecs update-service --cluster staging --service web --deployment-configuration',
  ],
  [
    'a service has no health check',
    () => updateRevision('staging/web', (containers) => containers.map(({ healthCheck: _, ...container }) => container)),
    () => updateRevision('staging/web', (containers) => containers.map((one) => ({ ...one, healthCheck: { command: ['CMD', 'true'] } }))),
    'NO_HEALTH_CHECK staging/web',
    'npx --no-install slipway status staging/web --stage dev --region eu-west-1',
  ],
  [
    'a service lost the container that slipway.yml names',
    () => updateRevision('production/web', (containers) => containers.map((container) => ({ ...container, name: 'web' }))),
    () => updateRevision('production/web', (containers) => containers.map((container) => ({ ...container, name: 'app' }))),
    'CONTAINER_MISSING production/web',
    'aws ecs describe-task-definition --task-definition',
  ],
  [
    'a lifecycle rule expires what runs',
    lifecycle({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 0 }),
    withoutLifecycle,
    `LIFECYCLE_EXPIRES ${repository}`,
    `aws ecr get-lifecycle-policy --repository-name ${repository} --region eu-west-1`,
  ],
  [
    'a lifecycle rule keeps too few images',
    lifecycle({ tagStatus: 'tagged', tagPrefixList: ['main-'], countType: 'imageCountMoreThan', countNumber: 3 }),
    withoutLifecycle,
    `LIFECYCLE_KEEPS_FEW ${repository}`,
    'aws ecr get-lifecycle-policy',
  ],
];

test.each(faults)('%s: doctor names that, and nothing else', async (_, plant, undo, finding, toRun) => {
  await plant();
  const answer = await doctor({ strict: true });
  await undo();

  expect([...new Set(codes(answer))]).toEqual([finding]);
  expect(answer.status).toBe(12);
  expect(JSON.parse(answer.text).findings[0].command).toContain(toRun);
  expect(codes(await doctor())).toEqual([]);
});

test('a function that does not answer is a finding, and what needs no configuration is still checked', async () => {
  await ask('events', 'DisableRule', { Name: 'slipway-dev-sweep' });
  const query = async () => {
    throw new CommandError('the function failed', { status: 69, code: 'TypeError' });
  };
  const answer = await doctor({}, { query });
  await ask('events', 'EnableRule', { Name: 'slipway-dev-sweep' });

  expect(codes(answer)).toEqual(['QUERY_FAILED slipway-dev-query', 'RULE_DISABLED slipway-dev-sweep']);
});

const settingsOf = (policy: object) => {
  const { iam } = emulator.account.services;
  const caller = { arn: arnOf('iam', 'role/doctor').replace(':eu-west-1:', '::'), kind: 'role' } as const;
  iam.putRole({ arn: caller.arn, trust: { Statement: [] }, policies: [policy as never] });
  return { ...emulator.clientConfig(), credentials: iam.credentialsFor(caller) } as unknown as StackClient['settings'];
};

test('what the credentials may not read is not checked, each action once; the rest is', async () => {
  const Action = ['cloudformation:*', 'ecs:*', 'ecr:*', 'events:ListRules', 'states:*', 'sns:*', 'sqs:*', 'cloudwatch:*'];
  const answer = await doctor({ strict: true }, { settings: settingsOf({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }) });

  expect(answer.status).toBe(12);
  const { findings } = JSON.parse(answer.text) as { findings: { code: string; message: string }[] };
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['NOT_CHECKED']));
  expect(findings.map(({ message }) => message.replace(/^.* call /, '')).toSorted()).toEqual([
    'events:ListTargetsByRule',
    'lambda:GetFunctionConfiguration',
    'lambda:ListEventSourceMappings',
    'secretsmanager:DescribeSecret',
  ]);
});

test('examples/policies/doctor.json permits every read, and nothing that changes anything', async () => {
  const policy = JSON.parse(readFileSync('examples/policies/doctor.json', 'utf8')) as { Statement: { Action: string[] }[] };

  expect(codes(await doctor({}, { settings: settingsOf(policy) }))).toEqual([]);
  const actions = policy.Statement.flatMap(({ Action }) => Action).filter((action) => action !== 'lambda:InvokeFunction');
  expect(actions.filter((action) => !/:(Describe|List|Get|BatchGet)/.test(action))).toEqual([]);
});
