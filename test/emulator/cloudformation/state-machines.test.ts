// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { givenStack, roleOf } from './given-stack.js';

const lambdaRole = roleOf('lambda.amazonaws.com', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
const machineRole = roleOf('states.amazonaws.com', { Effect: 'Allow', Action: ['lambda:InvokeFunction', 'logs:*'], Resource: '*' });

describe('state machines', () => {
  const machine = (properties: object, role = machineRole) => ({
    Role: role,
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: 'release', RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, ...properties },
    },
  });
  const DefinitionString = { 'Fn::Sub': ['{"StartAt":"A","Comment":"${x}","States":{}}', { x: { Ref: 'AWS::Region' } }] };
  const logging = (LogGroupArn: string) => ({
    DefinitionString,
    LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn } }] },
  });
  const logGroupArn = 'arn:aws:logs:eu-west-1:123456789012:log-group:machines:*';

  test.each([
    ['a string with Sub', { DefinitionString }, { StartAt: 'A', Comment: 'eu-west-1', States: {} }],
    ['an object', { Definition: { StartAt: 'A' } }, { StartAt: 'A' }],
    ['substitutions', { DefinitionString: '{"StartAt":"${first}"}', DefinitionSubstitutions: { first: 'A' } }, { StartAt: 'A' }],
    ['a log', logging(logGroupArn), { StartAt: 'A', Comment: 'eu-west-1', States: {} }],
  ])('are defined by %s', async (_, properties, definition) => {
    const { deploy, askedOf } = givenStack();

    const { resources } = await deploy(machine({ ...properties, TracingConfiguration: { Enabled: true } }));

    const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:release';
    expect(resources.Machine).toMatchObject({ ref: arn, attributes: { Arn: arn, Name: 'release' } });
    expect(askedOf('states.createStateMachine')).toEqual([
      [{ name: 'release', arn, roleArn: expect.stringContaining('role/slipway-dev-Role-'), definition }],
    ]);
  });

  test.each([
    ['not JSON', machine({ DefinitionString: '{' }), 'DefinitionString is not JSON'],
    [
      'an express machine',
      machine({ DefinitionString, StateMachineType: 'EXPRESS' }),
      'StateMachineType of AWS::StepFunctions::StateMachine (Machine) with the value "EXPRESS" is not emulated',
    ],
    ['a role that it may not assume', machine({ DefinitionString }, lambdaRole), 'is authorized to assume the provided role'],
    ['a log group without :*', machine(logging(logGroupArn.slice(0, -2))), "expected a log group's ARN that ends in :*"],
    [
      'a role that may not log',
      machine(logging(logGroupArn), roleOf('states.amazonaws.com', { Effect: 'Allow', Action: 'lambda:*', Resource: '*' })),
      'not authorized to access the Log Destination',
    ],
  ])('%s is refused', async (_, resources, message) => {
    await expect(givenStack().deploy(resources)).rejects.toThrow(message);
  });

  test('a second deployment updates only what changed', async () => {
    const { deploy, askedOf } = givenStack();

    await deploy(machine({ Definition: { StartAt: 'A' } }));
    await deploy(machine({ Definition: { StartAt: 'A' } }));
    await deploy(machine({ Definition: { StartAt: 'B' } }));

    expect(askedOf('states.createStateMachine').map(([spec]) => (spec as { definition: unknown }).definition)).toEqual([
      { StartAt: 'A' },
      { StartAt: 'B' },
    ]);
  });
});
