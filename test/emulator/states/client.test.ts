import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { requestHandler } from '../../../emulator/wire/request-handler.js';
import { givenStates, machineArn, roleArn } from './support.js';

const given = () => {
  const { account } = givenStates();
  const user = { arn: 'arn:aws:iam::123456789012:user/developer', kind: 'user' } as const;
  account.services = { ...account.services, iam: { ...account.services.iam, callerOf: () => user } };
  const client = new SFNClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
    requestHandler: requestHandler(account),
  });
  return { account, client };
};

const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 60, Output: 'done', End: true } },
});

test('the SDK creates a machine, starts it, and reads its result', async () => {
  const { account, client } = given();

  await client.send(new CreateStateMachineCommand({ name: 'machine', roleArn, definition }));
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: 'n', input: '{}' }));
  await account.clock.run();
  const description = await client.send(new DescribeExecutionCommand({ executionArn }));
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));

  expect(description).toMatchObject({ status: 'SUCCEEDED', output: '"done"', stopDate: new Date('2026-11-23T09:01:00Z') });
  expect(events?.map(({ type, timestamp }) => [type, timestamp?.toISOString()])).toEqual([
    ['ExecutionStarted', '2026-11-23T09:00:00.000Z'],
    ['WaitStateEntered', '2026-11-23T09:00:00.000Z'],
    ['WaitStateExited', '2026-11-23T09:01:00.000Z'],
    ['ExecutionSucceeded', '2026-11-23T09:01:00.000Z'],
  ]);
});

test('the SDK knows the errors by their class', async () => {
  const { client } = given();

  await expect(client.send(new StartExecutionCommand({ stateMachineArn: machineArn }))).rejects.toBeInstanceOf(StateMachineDoesNotExist);
});
