import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, unzipSync } from 'fflate';
import { overBudget } from '../../bench/budget.js';
import { packageStack } from '../../stack/package-stack.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { loadSteps } from '../../stack/steps.js';

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>; Outputs: Record<string, unknown> };

// What `serverless package` wrote, as for the scenarios: `npm test` runs it first.
const directory = '.serverless';
const template = JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')) as Template;

const zips = () => readdirSync(directory).filter((name) => name.endsWith('.zip'));
const textOf = (bundle: Uint8Array) => Buffer.from(bundle).toString('utf8');
const ofType = (type: string) => Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

test.each(['release', 'deployment'] as const)(
  'the %s machine invokes exact versions of the functions that its role may invoke',
  (machine) => {
    const name = machine === 'release' ? 'ReleaseMachine' : 'DeploymentMachine';
    const {
      'Fn::Sub': [, references],
    } = template.Resources[name]!.Properties.DefinitionString as { 'Fn::Sub': [string, Record<string, { Ref?: string }>] };
    const versions = Object.values(references).flatMap(({ Ref }) => Ref ?? []);

    const granted = JSON.stringify(template.Resources[`${name}Role`]).match(/(?<=function:slipway-dev-)\w+(?=")/g) ?? [];
    expect(granted.length).toBeGreaterThan(3);
    // PassGates is invoked as it was deployed last.
    const exact = granted.filter((key) => key !== 'passGates');
    expect(versions.map((version) => version.replace(/LambdaVersion.*/, '')).sort()).toEqual(
      exact.map((key) => key.charAt(0).toUpperCase() + key.slice(1)).sort(),
    );
  },
);

test('every step is a function with its own role, and with a shorter time-out than its states', async () => {
  const functions = ofType('AWS::Lambda::Function').map(([name, { Properties }]) => ({ name, ...Properties }) as Record<string, unknown>);

  const configuration = readConfiguration('slipway.yml');
  expect(functions).toHaveLength((await loadSteps()).filter(({ onlyIf }) => onlyIf(configuration)).length);
  for (const { name, Role, Timeout } of functions) {
    expect(Role).toEqual({ 'Fn::GetAtt': [String(name).replace('LambdaFunction', 'Role'), 'Arn'] });
    // No state waits for the others.
    expect(Timeout).toBe(name === 'VerifyUrlLambdaFunction' ? 310 : /Sweep|Reconcile|Query/.test(String(name)) ? 60 : 20);
  }
});

test('the table is retained when the stack is deleted, and not when its first deployment is rolled back', () => {
  expect(template.Resources.Table).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
  });
  // CloudFormation could not delete a protected table.
  expect(template.Resources.Table?.Properties).not.toHaveProperty('DeletionProtectionEnabled');
});

test('each packaging gives every function a value of its own, so that Lambda publishes new versions', () => {
  const values = ofType('AWS::Lambda::Function').map(
    ([, { Properties }]) => (Properties.Environment as { Variables: Record<string, string> }).Variables.PACKAGED_AT,
  );

  expect(new Set(values)).toEqual(new Set([expect.stringMatching(/^\d{13}$/)]));
});

test('nothing is exported, and no output changes with each version', () => {
  expect(JSON.stringify(template.Outputs)).not.toMatch(/"Export"|LambdaVersion/);
});

test('the topic is an output, and Slack subscribes to it without skipped results', () => {
  expect(template.Outputs).toHaveProperty('TopicArn');
  expect(template.Resources.SlackSubscription?.Properties).toMatchObject({
    RawMessageDelivery: true,
    FilterPolicy: { outcome: [{ exists: true }], quiet: [{ exists: false }] },
  });
});

test('every bundle is within the budget of its SDK clients', () => {
  for (const file of zips()) {
    const [bundle = new Uint8Array(), ...rest] = Object.values(unzipSync(readFileSync(join(directory, file))));
    const clients = new Set(textOf(bundle).match(/(?<=serviceId\?\?")[^"]+/g)).size;
    const measured = { clients, bytes: bundle.length, gzipped: gzipSync(bundle).length, ratio: 0 };

    expect(rest).toEqual([]);
    expect({ file, over: overBudget(measured) }).toEqual({ file, over: [] });
  }
});

test('no bundle contains the permissions of its step', () => {
  // As one is written in a bundle. A finding names an action, too.
  const permissions = /allow:\["[a-z]+:\w+"/g;
  for (const file of zips()) {
    const [bundle = new Uint8Array()] = Object.values(unzipSync(readFileSync(join(directory, file))));

    expect({ file, permissions: textOf(bundle).match(permissions) }).toEqual({ file, permissions: null });
  }
});

test('an invalid configuration is not packaged, and its error is printed once', () => {
  const { output, exitCode, remove } = packageStack('test/stack/invalid.yml');
  remove();

  expect(exitCode).toBe(1);
  expect(output.match(/invalid\.yml:\d.*/g)).toEqual([
    'invalid.yml:7: repositories.my-learn-app.stages[0].services[0] is "web"; expected cluster/service',
  ]);
});

test('a stage that the file does not allow is not packaged, and the error is printed once', () => {
  const { output, exitCode, remove } = packageStack('test/stack/one-stage.yml', 'print', ['--stage', 'staging']);
  remove();

  expect(exitCode).toBe(1);
  expect(output.match(/.*stage is.*/g)).toEqual([
    'test/stack/one-stage.yml: stage is "staging"; expected prod, the stage of the file: a second stack would deploy the same services',
  ]);
});

test('the stage of the file is that of the stack, and its mail addresses subscribe to the topic', () => {
  const { output, remove } = packageStack('test/stack/one-stage.yml', 'print');
  remove();

  expect(output).toContain('TopicName: slipway-prod');
  expect(output).not.toContain('Stage: prod.');
  expect(output).toMatch(/Protocol: email\s+Endpoint: team@example.com/);
});

test('with the longest stage that is accepted, every name is within its limit', () => {
  const longest = 'x'.repeat(39);
  const limits: Record<string, [property: string, characters: number]> = {
    // Lambda, EventBridge (Name of a rule), Step Functions, SQS, SNS, DynamoDB, CloudWatch Logs, CloudWatch.
    'AWS::Lambda::Function': ['FunctionName', 64],
    'AWS::Events::Rule': ['Name', 64],
    'AWS::StepFunctions::StateMachine': ['StateMachineName', 80],
    'AWS::SQS::Queue': ['QueueName', 80],
    'AWS::SNS::Topic': ['TopicName', 256],
    'AWS::DynamoDB::Table': ['TableName', 255],
    'AWS::Logs::LogGroup': ['LogGroupName', 512],
    'AWS::CloudWatch::Alarm': ['AlarmName', 255],
  };
  const named = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    const [property = '', limit = 0] = limits[Type] ?? [];
    return limits[Type] ? [{ name: String(Properties[property]).replace('-dev', `-${longest}`), limit }] : [];
  });

  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ name, limit }) => name === 'undefined' || name.length > limit)).toEqual([]);
});

test('records of ended executions are swept at once and every 5 minutes, and only these rules may invoke the function', () => {
  const { SweepRule, SweepSchedule, ReconcileSchedule } = template.Resources;

  expect(SweepRule?.Properties.EventPattern).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
      stateMachineArn: [{ Ref: 'ReleaseMachine' }, { Ref: 'DeploymentMachine' }],
    },
  });
  expect(SweepSchedule?.Properties.ScheduleExpression).toBe('rate(5 minutes)');
  expect(ReconcileSchedule?.Properties.ScheduleExpression).toBe('rate(60 minutes)');
  const permissions = ofType('AWS::Lambda::Permission').filter(([name]) => name !== 'HandleEcsEventPermission');
  expect(permissions.map(([, { Properties }]) => [Properties.FunctionName, Properties.SourceArn])).toEqual(
    [
      ['Sweep', 'SweepRule'],
      ['Sweep', 'SweepSchedule'],
      ['Reconcile', 'ReconcileSchedule'],
    ].map(([name, rule]) => [{ 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] }, { 'Fn::GetAtt': [rule, 'Arn'] }]),
  );
});

const ecsRules = ofType('AWS::Events::Rule').filter(([name]) => name.startsWith('Ecs'));
const otherRules = ofType('AWS::Events::Rule').filter(([name]) => !name.startsWith('Ecs'));

test('rules of ECS events, and no others, may invoke handleEcsEvent and send what it did not handle to its queue', () => {
  const { HandleEcsEventPermission, HandleEcsEventFailures, UnhandledEventsPolicy } = template.Resources;
  const allowed = { 'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/slipway-dev-ecs-*` };
  const queue = { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] };

  expect(HandleEcsEventPermission?.Properties.SourceArn).toEqual(allowed);
  expect(JSON.stringify(UnhandledEventsPolicy)).toContain(`{"ArnLike":{"aws:SourceArn":[${JSON.stringify(allowed)},`);
  expect(HandleEcsEventFailures?.Properties).toMatchObject({
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
  expect(ecsRules.map(([, { Properties }]) => Properties.Name)).toEqual(
    ['tasks', 'services', 'hooks'].map((kind) => `slipway-dev-ecs-${kind}-1`),
  );
  for (const [, { Properties }] of ecsRules) expect(Properties.Targets).toMatchObject([{ DeadLetterConfig: { Arn: queue } }]);
  for (const [, { Properties }] of otherRules) expect(Properties.Name).not.toContain('slipway-dev-ecs-');
});

test('every other rule may send undelivered events to the queue of pushes', () => {
  const rules = otherRules.map(([name]) => ({ 'Fn::GetAtt': [name, 'Arn'] }));

  expect(JSON.stringify(template.Resources.UndeliveredPushesPolicy)).toContain('"aws:SourceArn":[{"Fn::GetAtt":["PushRule1","Arn"]}');
  for (const rule of rules) expect(JSON.stringify(template.Resources.UndeliveredPushesPolicy)).toContain(JSON.stringify(rule));
  for (const [, { Properties }] of otherRules)
    expect(Properties.Targets).toMatchObject([{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredPushes', 'Arn'] } } }]);
});

test('a stack without Slack, reconcile, alarms and scans has no functions, queues, schedules, rules and alarms for them', () => {
  const { output, exitCode, remove } = packageStack('test/stack/minimal.yml', 'print');
  remove();

  expect(exitCode).toBe(0);
  expect(output).toContain('Configuration: test/stack/minimal.yml. IAM policies name ECS services by the ARN of each service.');
  expect(output).toContain('Stage: dev. A stack of another stage would deploy the same services');
  expect(output).toContain('SweepSchedule:');
  expect(output).toContain('UndeliveredPushes:');
  expect(output).not.toMatch(/slack|ReconcileSchedule|ReconcileRole|functions\/events\/reconcile|EcsRunRule|handle(Alarm|Scan)Event/i);
});
