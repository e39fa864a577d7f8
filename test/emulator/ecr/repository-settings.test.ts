import { givenRepository, manifest } from './given-repository.js';

const repositoryName = 'shop';
const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 };
const lifecyclePolicyText = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });

test('the lifecycle policy of a repository is put, read and deleted', async () => {
  const { ask } = await givenRepository();
  const missing = { name: 'LifecyclePolicyNotFoundException' };
  await expect(ask('ecr', 'GetLifecyclePolicy', { repositoryName })).rejects.toMatchObject(missing);

  await ask('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText });
  expect(await ask('ecr', 'GetLifecyclePolicy', { repositoryName })).toMatchObject({ repositoryName, lifecyclePolicyText });

  await ask('ecr', 'DeleteLifecyclePolicy', { repositoryName });
  await expect(ask('ecr', 'DeleteLifecyclePolicy', { repositoryName })).rejects.toMatchObject(missing);
});

test.each(['', '{', 'null', '{"rules":[]}'])('the lifecycle policy %j is refused', async (text) => {
  const { ask } = await givenRepository();
  await expect(ask('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: text })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('tags of a repository can be made immutable', async () => {
  const { ask, put } = await givenRepository();
  await put(manifest('one'), 'v1');

  await ask('ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability: 'IMMUTABLE' });

  await expect(put(manifest('two'), 'v1')).rejects.toMatchObject({ name: 'ImageTagAlreadyExistsException' });
  expect(await ask('ecr', 'DescribeRepositories', {})).toMatchObject({ repositories: [{ imageTagMutability: 'IMMUTABLE' }] });
});

test('how repositories are scanned follows from their own setting, and from the rules of the registry', async () => {
  const { ask } = await givenRepository({ imageScanningConfiguration: { scanOnPush: true } });
  const of = () => ask('ecr', 'BatchGetRepositoryScanningConfiguration', { repositoryNames: [repositoryName, 'missing'] });

  expect(await of()).toMatchObject({
    scanningConfigurations: [{ repositoryName, scanOnPush: true, scanFrequency: 'SCAN_ON_PUSH' }],
    failures: [{ repositoryName: 'missing', failureCode: 'REPOSITORY_NOT_FOUND' }],
  });

  await ask('ecr', 'PutImageScanningConfiguration', { repositoryName, imageScanningConfiguration: { scanOnPush: false } });
  expect(await of()).toMatchObject({ scanningConfigurations: [{ scanOnPush: false, scanFrequency: 'MANUAL' }] });
});
