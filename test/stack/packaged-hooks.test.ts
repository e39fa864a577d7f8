import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '../../stack/read-configuration.js';
import { loadSteps } from '../../stack/steps.js';
import { givenPackagedStack } from '../support/packaged-stack.js';

type Resource = { readonly Type: string; readonly Properties: Record<string, unknown> };

const file = 'test/support/hooks.yml';
let resources: Readonly<Record<string, Resource>>;

beforeAll(async () => {
  const { directory } = await givenPackagedStack(file);
  resources = JSON.parse(readFileSync(join(directory, 'cloudformation-template-update-stack.json'), 'utf8')).Resources;
});

const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
const arn = (rule: string) => ({
  'Fn::Sub': `arn:$\{AWS::Partition}:events:$\{AWS::Region}:$\{AWS::AccountId}:rule/slipway-dev-${rule}-*`,
});
const queue = { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] };

test('the stack has a function with a role of its own for every step of its configuration', async () => {
  const configuration = readConfiguration(file);
  const expected = (await loadSteps()).filter(({ onlyIf }) => onlyIf(configuration)).map(({ name }) => `${name}LambdaFunction`);

  expect(
    ofType('AWS::Lambda::Function')
      .map(([name]) => name)
      .sort(),
  ).toEqual(expected.sort());
  expect(expected).toEqual(expect.arrayContaining(['HandleAlarmEventLambdaFunction', 'HandleScanEventLambdaFunction']));
});

test.each([
  ['HandleAlarmEvent', 'alarms', ['AlarmRule1']],
  ['HandleScanEvent', 'scans', ['BasicScanRule1', 'EnhancedScanRule1']],
])('rules of its kind may invoke %s and send what it did not handle to its queue', (name, kind, rules) => {
  const { Properties: permission } = resources[`${name}Permission`] ?? { Properties: {} };
  const target = { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] };

  expect(permission).toMatchObject({ FunctionName: target, SourceArn: arn(kind) });
  for (const rule of rules)
    expect(resources[rule]?.Properties).toMatchObject({
      Name: expect.stringMatching(new RegExp(`^slipway-dev-${kind}-`)),
      Targets: [{ Arn: target, DeadLetterConfig: { Arn: queue } }],
    });
  expect(resources[`${name}Failures`]?.Properties).toMatchObject({
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination: queue } },
  });
  expect(JSON.stringify(resources.UnhandledEventsPolicy)).toContain(JSON.stringify(arn(kind)));
  expect(JSON.stringify(resources[`${name}Role`])).toContain(JSON.stringify(queue));
});

test('the rule of before tasks invokes handleEcsEvent', () => {
  expect(resources.EcsRunRule1?.Properties).toMatchObject({
    Name: 'slipway-dev-ecs-runs-1',
    EventPattern: { detail: { startedBy: [{ prefix: 'slipway-dev-before/' }] } },
    Targets: [{ Arn: { 'Fn::GetAtt': ['HandleEcsEventLambdaFunction', 'Arn'] } }],
  });
});

test('the template is far from the limits of CloudFormation', () => {
  // Resources, and characters of a template in S3 (CloudFormation guide, "Understand CloudFormation quotas").
  expect(Object.keys(resources).length).toBeLessThan(400);
  expect(JSON.stringify(resources).length).toBeLessThan(800_000);
});
