import { createSecrets } from '../../../emulator/secretsmanager/index.js';
import { givenAccount } from '../given-account.js';

const givenSecrets = () => givenAccount((account) => ({ secrets: createSecrets(account) }));

test('a secret is read by its name, its ARN, and its ARN without the suffix', async () => {
  const { ask } = givenSecrets();
  const { ARN, VersionId } = await ask<{ ARN: string; VersionId: string }>('secretsmanager', 'CreateSecret', {
    Name: 'slack/hook',
    SecretString: 's3cret',
  });
  expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack\/hook-[A-Za-z0-9]{6}$/);

  for (const SecretId of ['slack/hook', ARN, 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack/hook']) {
    expect(await ask('secretsmanager', 'GetSecretValue', { SecretId })).toEqual({
      ARN,
      Name: 'slack/hook',
      VersionId,
      SecretString: 's3cret',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date('2026-11-23T09:00:00Z'),
    });
  }
});

test('a secret of the template keeps the ARN that it was given', async () => {
  const { ask, secrets } = givenSecrets();
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf';
  secrets.createSecret({ name: 'hook', arn, value: 'x' });

  expect(await ask('secretsmanager', 'GetSecretValue', { SecretId: 'hook' })).toMatchObject({ ARN: arn, SecretString: 'x' });
});

test('an unknown secret is not found, and an existing one cannot be created again', async () => {
  const { ask, secrets } = givenSecrets();
  secrets.createSecret({ name: 'hook', arn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf', value: 'x' });

  await expect(ask('secretsmanager', 'GetSecretValue', { SecretId: 'none' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  await expect(ask('secretsmanager', 'CreateSecret', { Name: 'hook', SecretString: 'y' })).rejects.toMatchObject({
    code: 'ResourceExistsException',
  });
});

test('IAM checks the ARN with its suffix, even if the request has the name', async () => {
  const { ask, secrets } = givenSecrets();
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf';
  secrets.createSecret({ name: 'hook', arn, value: 'x' });
  const powerless = { arn: 'arn:aws:iam::123456789012:role/powerless', kind: 'role' } as const;

  await expect(ask('secretsmanager', 'GetSecretValue', { SecretId: 'hook' }, powerless)).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: expect.stringContaining(arn),
  });
});

test('a secret that is deleted can be described and restored, and not read in between', async () => {
  const { ask } = givenSecrets();
  await ask('secretsmanager', 'CreateSecret', { Name: 'hook', SecretString: 'x' });
  const SecretId = 'hook';

  await ask('secretsmanager', 'DeleteSecret', { SecretId, RecoveryWindowInDays: 7 });
  expect(await ask('secretsmanager', 'DescribeSecret', { SecretId })).toMatchObject({ DeletedDate: new Date('2026-11-30T09:00:00Z') });
  await expect(ask('secretsmanager', 'GetSecretValue', { SecretId })).rejects.toMatchObject({ name: 'InvalidRequestException' });

  await ask('secretsmanager', 'RestoreSecret', { SecretId });
  expect(await ask('secretsmanager', 'GetSecretValue', { SecretId })).toMatchObject({ SecretString: 'x' });
  expect(await ask('secretsmanager', 'DescribeSecret', { SecretId })).not.toHaveProperty('DeletedDate');
});

test('a secret that is deleted without recovery is gone', async () => {
  const { ask } = givenSecrets();
  await ask('secretsmanager', 'CreateSecret', { Name: 'hook', SecretString: 'x' });

  await ask('secretsmanager', 'DeleteSecret', { SecretId: 'hook', ForceDeleteWithoutRecovery: true });

  await expect(ask('secretsmanager', 'DescribeSecret', { SecretId: 'hook' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
