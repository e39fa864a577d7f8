import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { createEmulator } from '../../emulator/emulator.js';
import { mailSubscriptions } from '../../stack/mail.js';

test('a mail address gets results that need a look and alarms, and no skipped results', async () => {
  const emulator = createEmulator();
  const addresses = ['team@example.com', 'ops@example.com'];
  const { resources } = await emulator.deploy({
    template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' }, ...mailSubscriptions(addresses) } },
    stackName: 'mail',
  });
  const sns = new SNSClient(emulator.clientConfig());
  const publish = (Subject: string, attributes: Readonly<Record<string, string>> = {}) =>
    sns.send(
      new PublishCommand({
        TopicArn: resources.Topic?.ref ?? '',
        Subject,
        Message: Subject,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      }),
    );

  await publish('skipped', { outcome: 'SKIPPED', quiet: 'yes' });
  await publish('rolled back', { outcome: 'ROLLED_BACK' });
  await publish('an alarm');
  await emulator.account.clock.run();
  const sent = emulator.account.log.of('sns', 'email-sent').map(({ detail }) => `${detail.subject} to ${detail.to}`);
  await emulator.close();

  expect(sent.sort()).toEqual(['an alarm', 'rolled back'].flatMap((subject) => addresses.toSorted().map((to) => `${subject} to ${to}`)));
});

test('a subscription keeps its name when other addresses come and go', () => {
  const [name = ''] = Object.keys(mailSubscriptions(['team@example.com']));

  expect(Object.keys(mailSubscriptions(['ops@example.com', 'team@example.com']))[1]).toBe(name);
  expect(name).toMatch(/^[A-Za-z0-9]+$/);
});
