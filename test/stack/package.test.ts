import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, unzipSync } from 'fflate';
import { overBudget } from '../../bench/budget.js';
import { type Packaged, packageStack } from '../../stack/package-stack.js';
import { loadSteps } from '../../stack/steps.js';

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>; Outputs: Record<string, unknown> };

let packaged: Packaged;
let template: Template;

beforeAll(() => {
  packaged = packageStack();
  if (packaged.exitCode !== 0) throw new Error(packaged.output);
  template = JSON.parse(readFileSync(join(packaged.directory, 'cloudformation-template-update-stack.json'), 'utf8'));
});

afterAll(() => packaged.remove());

const zips = () => readdirSync(packaged.directory).filter((name) => name.endsWith('.zip'));
const textOf = (bundle: Uint8Array) => Buffer.from(bundle).toString('utf8');
const ofType = (type: string) => Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

test('packaging says which file it read, and how the policies name services', () => {
  expect(packaged.output).toContain('Configuration: slipway.yml. IAM policies name ECS services by the ARN of each service.');
});

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
    expect(versions.map((version) => version.replace(/LambdaVersion.*/, '')).sort()).toEqual(
      granted.map((key) => key.charAt(0).toUpperCase() + key.slice(1)).sort(),
    );
  },
);

test('every step is a function with a role of its own, and no time-out longer than that of the states', async () => {
  const functions = ofType('AWS::Lambda::Function').map(([name, { Properties }]) => ({ name, ...Properties }) as Record<string, unknown>);

  expect(functions).toHaveLength((await loadSteps()).length);
  for (const { name, Role, Timeout } of functions) {
    expect(Role).toEqual({ 'Fn::GetAtt': [String(name).replace('LambdaFunction', 'Role'), 'Arn'] });
    // No state waits for these.
    expect(Timeout).toBe(/Sweep|Reconcile/.test(String(name)) ? 60 : 20);
  }
});

test('the table outlives the stack', () => {
  expect(template.Resources.Table).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
  });
});

test('the topic is offered for subscribing, and Slack hangs on it without what was skipped', () => {
  expect(template.Outputs).toHaveProperty('TopicArn');
  expect(template.Resources.SlackSubscription?.Properties).toMatchObject({
    RawMessageDelivery: true,
    FilterPolicy: { outcome: [{ 'anything-but': ['SKIPPED'] }] },
  });
});

test('every bundle keeps to the budget that its clients of the SDK give it', () => {
  for (const file of zips()) {
    const [bundle = new Uint8Array(), ...rest] = Object.values(unzipSync(readFileSync(join(packaged.directory, file))));
    const clients = new Set(textOf(bundle).match(/(?<=serviceId\?\?")[^"]+/g)).size;
    const measured = { clients, bytes: bundle.length, gzipped: gzipSync(bundle).length, ratio: 0 };

    expect(rest).toEqual([]);
    expect({ file, over: overBudget(measured) }).toEqual({ file, over: [] });
  }
});

test('no bundle has the permissions of its step', () => {
  const actions = /\b(?:dynamodb|ecr|ecs|iam|logs|secretsmanager|sns|sqs|states):[A-Z]\w{3,}/g;
  for (const file of zips()) {
    const [bundle = new Uint8Array()] = Object.values(unzipSync(readFileSync(join(packaged.directory, file))));

    expect({ file, actions: textOf(bundle).match(actions) }).toEqual({ file, actions: null });
  }
});

test('a configuration with a mistake is not packaged, and the mistake is said once', () => {
  const { output, exitCode, remove } = packageStack('test/stack/mistaken.yml');
  remove();

  expect(exitCode).toBe(1);
  expect(output.match(/mistaken\.yml:\d.*/g)).toEqual([
    'mistaken.yml:7: repositories.my-learn-app.stages[0].services[0] is "web"; expected cluster/service',
  ]);
});

test('what dies is swept at once and every 5 minutes, and only these rules may invoke the function', () => {
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
  expect(ofType('AWS::Lambda::Permission').map(([, { Properties }]) => [Properties.FunctionName, Properties.SourceArn])).toEqual(
    [
      ['Sweep', 'SweepRule'],
      ['Sweep', 'SweepSchedule'],
      ['Reconcile', 'ReconcileSchedule'],
    ].map(([name, rule]) => [{ 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] }, { 'Fn::GetAtt': [rule, 'Arn'] }]),
  );
});

test('every rule may leave in the queue what it cannot deliver', () => {
  const rules = ofType('AWS::Events::Rule').map(([name]) => ({ 'Fn::GetAtt': [name, 'Arn'] }));

  expect(JSON.stringify(template.Resources.UndeliveredPushesPolicy)).toContain('"aws:SourceArn":[{"Fn::GetAtt":["PushRule1","Arn"]}');
  for (const rule of rules) expect(JSON.stringify(template.Resources.UndeliveredPushesPolicy)).toContain(JSON.stringify(rule));
  for (const [, { Properties }] of ofType('AWS::Events::Rule'))
    expect(Properties.Targets).toMatchObject([{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredPushes', 'Arn'] } } }]);
});

test('with `reconcile: off` there is no function and no schedule for it', () => {
  const { output, exitCode, remove } = packageStack('test/stack/no-reconcile.yml', 'print');
  remove();

  expect(exitCode).toBe(0);
  expect(output).toContain('SweepSchedule:');
  expect(output).not.toMatch(/ReconcileSchedule|ReconcileRole|functions\/events\/reconcile/);
});

test('without Slack there is no queue, no function and no alarm for it', () => {
  const { output, exitCode, remove } = packageStack('test/stack/least.yml', 'print');
  remove();

  expect(exitCode).toBe(0);
  expect(output).toContain('UndeliveredPushes:');
  expect(output).not.toMatch(/slack/i);
});
