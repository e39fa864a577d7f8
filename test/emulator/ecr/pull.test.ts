import { digestOf, givenRepository, manifest, realManifest, uri } from './given-repository.js';

test('pull finds an image by tag and by digest, with its behaviour and platforms', async () => {
  const { ecr, put, putIndex } = await givenRepository();
  const plain = await put(manifest('1', 'crashes-on-start'), 'v1');
  const multi = await putIndex('latest');

  expect(ecr.pull(`${uri}:v1`)).toEqual({
    digest: plain,
    behaviour: 'crashes-on-start',
    isIndex: false,
    platforms: [{ digest: plain }],
  });
  expect(ecr.pull(`${uri}@${multi}`)).toEqual({
    digest: multi,
    behaviour: 'never-healthy',
    isIndex: true,
    platforms: [
      { digest: digestOf(manifest('amd64')), os: 'linux', architecture: 'amd64' },
      { digest: digestOf(manifest('arm64')), os: 'linux', architecture: 'arm64' },
    ],
  });
  expect(ecr.pull(uri)?.digest).toBe(multi);
  expect(ecr.pull(`${uri}@${digestOf(manifest('amd64'))}`)).toMatchObject({ digest: digestOf(manifest('amd64')), behaviour: 'healthy' });
  expect(ecr.pull(`${uri}:v1@${multi}`)?.digest).toBe(multi);
});

test('pull reads the platform of a plain manifest from its configuration', async () => {
  const { ecr, put, upload } = await givenRepository();
  await upload('{"architecture":"arm64"}');
  await upload('a layer');
  const digest = await put(realManifest, 'v1');

  expect(ecr.pull(`${uri}:v1`)).toMatchObject({ isIndex: false, platforms: [{ digest, architecture: 'arm64' }] });
});

test.each([
  `${uri}:none`,
  `${uri}@sha256:${'0'.repeat(64)}`,
  'nginx:latest',
  uri.replace('123456789012', '999999999999'),
  uri.replace('shop', 'cart'),
])('pull finds nothing at %s', async (image) => {
  const { ecr, put } = await givenRepository();
  await put(manifest('1'), 'latest');

  expect(ecr.pull(image)).toBeUndefined();
});

test.each([
  [
    'aws',
    'eu-west-1',
    [
      'dkr.ecr.eu-west-1.amazonaws.com',
      'dkr.ecr-fips.eu-west-1.amazonaws.com',
      'dkr-ecr.eu-west-1.on.aws',
      'dkr-ecr-fips.eu-west-1.on.aws',
    ],
  ],
  ['aws-cn', 'cn-north-1', ['dkr.ecr.cn-north-1.amazonaws.com.cn', 'dkr-ecr.cn-north-1.on.amazonwebservices.com.cn']],
  ['aws-eusc', 'eusc-de-east-1', ['dkr.ecr.eusc-de-east-1.amazonaws.eu', 'dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu']],
  ['aws-iso-b', 'us-isob-east-1', ['dkr.ecr.us-isob-east-1.sc2s.sgov.gov']],
])('in %s pull finds an image under every host of its registry', async (partition, region, hosts) => {
  const { ask, ecr, put } = await givenRepository({}, { partition, region });
  const digest = await put(manifest('1'), 'v1');

  expect(hosts.map((host) => ecr.pull(`123456789012.${host}/shop:v1`)?.digest)).toEqual(hosts.map(() => digest));
  expect(ecr.pull(`123456789012.dkr.ecr.${region}.example.com/shop:v1`)).toBeUndefined();
  expect(await ask('ecr', 'DescribeRepositories', {})).toMatchObject({
    repositories: [{ repositoryUri: `123456789012.${hosts[0]}/shop` }],
  });
});
