// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Fn::Sub
import { givenStack } from './given-stack.js';

const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters' } };

/** The value of an expression in a stack with the queue `Letters`. */
const evaluated = async (expression: unknown, rest: Parameters<ReturnType<typeof givenStack>['deploy']>[1] = {}) => {
  const { deploy } = givenStack();
  const { outputs } = await deploy({ Letters: queue }, { ...rest, Outputs: { It: { Value: expression } } });
  return outputs.It;
};

test.each([
  ['Ref of a resource', { Ref: 'Letters' }, 'https://sqs.eu-west-1.amazonaws.com/123456789012/letters'],
  ['Ref of the account', { Ref: 'AWS::AccountId' }, '123456789012'],
  ['Ref of the Region', { Ref: 'AWS::Region' }, 'eu-west-1'],
  ['Ref of the partition', { Ref: 'AWS::Partition' }, 'aws'],
  ['Ref of the suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
  ['Ref of the stack', { Ref: 'AWS::StackName' }, 'slipway-dev'],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Letters', 'Arn'] }, 'arn:aws:sqs:eu-west-1:123456789012:letters'],
  ['GetAtt as a string', { 'Fn::GetAtt': 'Letters.QueueName' }, 'letters'],
  [
    'Sub',
    { 'Fn::Sub': 'arn:${AWS::Partition}:${Letters.QueueName}/${Letters}' },
    'arn:aws:letters/https://sqs.eu-west-1.amazonaws.com/123456789012/letters',
  ],
  ['Sub with a literal', { 'Fn::Sub': '${!Name} of ${AWS::Region}' }, '${Name} of eu-west-1'],
  ['Sub with variables', { 'Fn::Sub': ['${a}-${b}-${AWS::Region}', { a: 'x', b: { Ref: 'AWS::StackName' } }] }, 'x-slipway-dev-eu-west-1'],
  ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a/eu-west-1/1'],
  ['Select of Split', { 'Fn::Select': [2, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Letters', 'Arn'] }] }] }, 'sqs'],
])('%s', async (_, expression, expected) => {
  expect(await evaluated(expression)).toBe(expected);
});

test.each([
  ['Ref of nothing', { Ref: 'Missing' }, /Ref Missing: no resource or parameter/],
  ['GetAtt of nothing', { 'Fn::GetAtt': ['Missing', 'Arn'] }, /Missing.Arn: no resource/],
  [
    'an attribute that is not known',
    { 'Fn::GetAtt': ['Letters', 'Colour'] },
    /attribute Colour of AWS::SQS::Queue \(Letters\) is not emulated/,
  ],
  ['Select outside of the list', { 'Fn::Select': [3, ['a']] }, /index 3 is outside of the list/],
  ['a function that is not known', { 'Fn::ImportValue': 'x' }, /Fn::ImportValue of CloudFormation is not emulated/],
  ['an unknown condition', { 'Fn::If': ['IsProduction', 1, 2] }, /condition IsProduction is not in the template/],
  ['a key that no map has', { 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] }, /Sizes has no dev.memory/],
])('%s is refused', async (_, expression, message) => {
  await expect(evaluated(expression)).rejects.toThrow(message);
});

describe('conditions', () => {
  const stage = { Type: 'String', Default: 'dev' };
  const isStage = (name: string) => ({ 'Fn::Equals': [{ Ref: 'Stage' }, name] });

  test.each([
    ['Equals', isStage('dev'), 'yes'],
    ['Equals of another', isStage('production'), 'no'],
    ['Not', { 'Fn::Not': [isStage('production')] }, 'yes'],
    ['And', { 'Fn::And': [isStage('dev'), isStage('production')] }, 'no'],
    ['Or', { 'Fn::Or': [isStage('dev'), isStage('production')] }, 'yes'],
    ['another condition', { Condition: 'IsDev' }, 'yes'],
    ['a map', { 'Fn::Equals': [{ 'Fn::FindInMap': ['Size', { Ref: 'Stage' }, 'memory'] }, 256] }, 'yes'],
  ])('%s', async (_, condition, expected) => {
    const value = await evaluated(
      { 'Fn::If': ['It', 'yes', 'no'] },
      {
        Parameters: { Stage: stage },
        Conditions: { It: condition, IsDev: isStage('dev') },
        Mappings: { Size: { dev: { memory: 256 } } },
      },
    );

    expect(value).toBe(expected);
  });

  test('a resource and an output whose condition does not hold are left out, and NoValue leaves a property out', async () => {
    const { deploy, askedOf } = givenStack();

    const { outputs, resources } = await deploy(
      {
        Letters: { ...queue, Condition: 'Never' },
        Others: {
          Type: 'AWS::SQS::Queue',
          DependsOn: 'Letters',
          Properties: {
            QueueName: 'others',
            RedrivePolicy: { 'Fn::If': ['Never', { deadLetterTargetArn: { 'Fn::GetAtt': ['Letters', 'Arn'] } }, { Ref: 'AWS::NoValue' }] },
          },
        },
      },
      {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        Outputs: { Letters: { Value: { Ref: 'Letters' }, Condition: 'Never' }, Region: { Value: { Ref: 'AWS::Region' } } },
      },
    );

    expect(outputs).toEqual({ Region: 'eu-west-1' });
    expect(Object.keys(resources)).toEqual(['Others']);
    expect(askedOf('sqs.createQueue')).toEqual([
      [
        {
          name: 'others',
          arn: 'arn:aws:sqs:eu-west-1:123456789012:others',
          visibilityTimeoutSeconds: 30,
          messageRetentionSeconds: 345_600,
        },
      ],
    ]);
  });
});

describe('parameters', () => {
  const Parameters = {
    Stage: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'production'] },
    Names: { Type: 'CommaDelimitedList' },
  };

  test('have the given value, or their default', async () => {
    const value = { 'Fn::Join': ['+', [{ Ref: 'Stage' }, { 'Fn::Select': [1, { Ref: 'Names' }] }]] };

    expect(await evaluated(value, { Parameters, given: { Names: 'a,b' } })).toBe('dev+b');
    expect(await evaluated(value, { Parameters, given: { Names: 'a,b', Stage: 'production' } })).toBe('production+b');
  });

  test.each([
    [{}, /\[Names\] must have values/],
    [{ Names: 'a', Stage: 'test' }, /parameter Stage is test; expected one of dev, production/],
    [{ Names: 'a', Colour: 'red' }, /parameter Colour is not in the template/],
  ])('%j is refused', async (given: Record<string, string>, message) => {
    await expect(evaluated('x', { Parameters, given })).rejects.toThrow(message);
  });
});

describe('order', () => {
  const naming = (...names: string[]) => ({
    Type: 'AWS::SNS::Topic',
    Properties: { DisplayName: { 'Fn::Join': ['', names.map((name) => ({ Ref: name }))] } },
  });

  test('a resource comes after those that it refers to or depends on, in any order of the template', async () => {
    const { deploy } = givenStack();

    const { resources } = await deploy({
      A: naming('B', 'C'),
      B: { ...naming(), DependsOn: ['D'] },
      C: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': ['${x} ${D.TopicName}', { x: { Ref: 'B' } }] } } },
      D: naming(),
    });

    expect(Object.keys(resources)).toEqual(['D', 'B', 'C', 'A']);
  });

  test('a circular dependency is refused, with its members', async () => {
    const { deploy } = givenStack();

    await expect(deploy({ A: naming('B'), B: naming('C'), C: { ...naming(), DependsOn: 'B' } })).rejects.toThrow(
      'Circular dependency between resources: B → C → B',
    );
    await expect(deploy({ A: { ...naming(), DependsOn: 'Z' } })).rejects.toThrow('A depends on Z, which is not a resource');
  });
});
