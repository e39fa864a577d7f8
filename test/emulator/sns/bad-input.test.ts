import { deadLetterArn, givenTopic, queueArn, queueUrl, topicArn } from './given-topic.js';

describe('bad input is refused', () => {
  test.each([
    ['randomstring', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['arn:aws', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2'],
    ['arn:aws:sns:eu-west-1:123456789012', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 5'],
    ['arn:aws:sns:us-east-1:123456789012:news', 'Invalid parameter: TopicArn'],
    [queueArn, 'Invalid parameter: TopicArn'],
  ])('the topic %s', async (TopicArn, message) => {
    const { ask, publish } = givenTopic();
    const refusal = { code: 'InvalidParameterException', message };

    await expect(publish({ TopicArn })).rejects.toMatchObject(refusal);
    await expect(ask('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn })).rejects.toMatchObject(refusal);
  });

  test.each([
    [{ Protocol: 'test-protocol', Endpoint: 'x' }, 'Amazon SNS does not support this protocol string: test-protocol'],
    [{ Protocol: 'sqs', Endpoint: queueUrl }, 'SQS endpoint ARN'],
    [{ Attributes: { RawMessageDelivery: 'yes' } }, 'Attributes Reason: RawMessageDelivery: Invalid value [yes]. Must be true or false.'],
    [{ Attributes: { FilterPolicy: '{' } }, 'Attributes Reason: FilterPolicy: failed to parse JSON.'],
    [{ Attributes: { RedrivePolicy: '5' } }, 'Attributes Reason: RedrivePolicy: failed to parse JSON.'],
    [{ Attributes: { FilterPolicy: '{"a":[{"regex":"x"}]}' } }, 'FilterPolicy: Unrecognized match type regex\n at a'],
  ])('the subscription %j', async (change, message) => {
    const { ask } = givenTopic();

    await expect(
      ask('sns', 'Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: deadLetterArn, ...change }),
    ).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: `Invalid parameter: ${message}`,
    });
  });

  const text = { DataType: 'String', StringValue: 'x' };
  const reserved = 'was found.';

  test.each<[Record<string, object>, string, string?]>([
    [
      { a: { DataType: 'String', StringValue: '' } },
      "'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [{ a: { DataType: 'Binary' } }, "'a' must contain non-empty message attribute value for message attribute type 'Binary'."],
    [{ a: { DataType: 'Number', BinaryValue: Buffer.of(1) } }, "The message attribute 'a' with type 'Number' must use field 'String'."],
    [{ a: { DataType: 'Binary', StringValue: 'x' } }, "The message attribute 'a' with type 'Binary' must use field 'Binary'."],
    [{ a: { DataType: 'Text', StringValue: 'x' } }, 'the set of supported type prefixes is Binary, Number, and String.'],
    [{ a: { StringValue: 'x' } }, "Value null at 'messageAttributes.a.member.dataType'", 'ValidationError'],
    [{ ['x'.repeat(256)]: text }, 'Length of message attribute name must be less than 256 bytes.'],
    [{ 'a^b': text }, "Invalid non-alphanumeric character '#x5E' was found in the message attribute name."],
    [{ '.a': text }, `Invalid message attribute name starting with character '.' ${reserved}`],
    [{ 'a.': text }, `Invalid message attribute name ending with character '.' ${reserved}`],
    [{ 'a..b': text }, "Message attribute name can not have successive '.' character."],
  ])('the message attributes %j', async (MessageAttributes, message, code = 'InvalidParameterValueException') => {
    const { publish, sns } = givenTopic();

    await expect(publish({ MessageAttributes })).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(sns.published(topicArn)).toEqual([]);
  });

  test.each(['', 'a b', 'x'.repeat(257)])('a topic named "%s"', (name) => {
    const { sns } = givenTopic();

    expect(() => sns.createTopic({ name, arn: `arn:aws:sns:eu-west-1:123456789012:${name}` })).toThrow('Invalid parameter: Topic Name');
  });

  test('the token of another list', async () => {
    await expect(givenTopic().ask('sns', 'ListTopics', { NextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});

test('a String.Array that is no JSON array matches no filter policy, and breaks nothing', async () => {
  const { publish, receive } = givenTopic({ filterPolicy: { list: ['x'] } });
  const send = (StringValue: string) => publish({ MessageAttributes: { list: { DataType: 'String.Array', StringValue } } });

  for (const value of ['["x"', '"x"', 'x', '["x"]']) await send(value);

  expect(await receive()).toHaveLength(1);
});
