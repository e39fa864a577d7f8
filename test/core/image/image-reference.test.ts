import {
  digestOf,
  imageUriWithDigest,
  isOfRepository,
  parseImageReference,
  parseRegistry,
  registryOf,
  shortDigest,
  withoutTag,
} from '../../../core/image/image-reference.js';
import { digest, registry } from '../given.js';

test.each([
  [`${registry}/app:v1`, { registry, repository: 'app', tag: 'v1' }],
  [`${registry}/team/a_b/c.d-e:main-4f2a`, { registry, repository: 'team/a_b/c.d-e', tag: 'main-4f2a' }],
  [`${registry}/app@${digest}`, { registry, repository: 'app', digest }],
  [`${registry}/app:v1@${digest}`, { registry, repository: 'app', tag: 'v1', digest }],
  [`${registry}/app`, { registry, repository: 'app' }],
  [`${registry}/team_x/my__learn:v1`, { repository: 'team_x/my__learn' }],
  [`${registry}/a--b:v1`, { repository: 'a--b' }],
  [`${registry}/a.b/c-d_e---f`, { repository: 'a.b/c-d_e---f' }],
  [`${registry}/app:${'v'.repeat(129)}`, { tag: 'v'.repeat(129) }],
  [`${registry}/app:${'v'.repeat(300)}`, { tag: 'v'.repeat(300) }],
])('%s is an image of ECR', (text, expected) => {
  expect(parseImageReference(text)).toMatchObject(expected);
});

test.each([
  '',
  'nginx',
  'public.ecr.aws/nginx/nginx:1',
  'ghcr.io/me/app:v1',
  '12345.dkr.ecr.eu-west-1.amazonaws.com/app:v1',
  '123456789012.dkr.ecr.eu-west-1.example.com/app:v1',
  '123456789012.dkr.ecr.eu-west-1.on.aws/app:v1',
  '123456789012.dkr-ecr.eu-west-1.amazonaws.com/app:v1',
  `${registry}/`,
  `${registry}/a`,
  `${registry}/${'a'.repeat(257)}`,
  `${registry}/App:v1`,
  `${registry}/a___b`,
  `${registry}/a..b`,
  `${registry}/a-`,
  `${registry}/a//b`,
  `${registry}/app:`,
  `${registry}/app:-v1`,
  `${registry}/app:v1:v2`,
  `${registry}/app:${'v'.repeat(301)}`,
  `${registry}/app@sha256:1234`,
  `${registry}/app@sha512:${'a'.repeat(64)}`,
  ` ${registry}/app:v1`,
  `${registry}/app:v1\n`,
])('%j is not an image of ECR', (text) => {
  expect(parseImageReference(text)).toBeUndefined();
});

const hosts = [
  '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com',
  '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
  '123456789012.dkr-ecr.us-gov-west-1.on.aws',
  '123456789012.dkr-ecr-fips.us-gov-west-1.on.aws',
];

describe.each(hosts)('%s', (host) => {
  test('is a host of the registry of its account and Region', () => {
    expect(parseRegistry(host)).toEqual({ account: '123456789012', region: 'us-gov-west-1' });
  });

  test.each(hosts)('names the same repository as %s', (other) => {
    expect(isOfRepository(`${host}/app:v1`, `${other}/app`)).toBe(true);
    expect(isOfRepository(`${host}/app:v1`, `${other}/app-two`)).toBe(false);
  });

  test.each(hosts)('is kept for an image that was found in %s', (other) => {
    expect(imageUriWithDigest({ registry: other, repository: 'app', digest }, `${host}/base:v1`)).toBe(`${host}/app@${digest}`);
  });
});

test.each([
  '123456789012.dkr.ecr.us-gov-east-1.amazonaws.com/app:v1',
  '210987654321.dkr.ecr.us-gov-west-1.amazonaws.com/app:v1',
  'nginx:1',
  '',
])('in a container that had %j an image has the host of its own registry', (before) => {
  expect(imageUriWithDigest({ registry: hosts[0] ?? '', repository: 'app', digest }, before)).toBe(`${hosts[0]}/app@${digest}`);
});

test.each([
  '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
  '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
  '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu',
  '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov',
  '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov',
  '123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk',
  '123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov',
])('%s is a host of a registry', (host) => {
  expect(parseRegistry(host)).toEqual({ account: '123456789012', region: host.split('.')[host.includes('dkr-ecr') ? 2 : 3] });
});

test('a long text that is almost an image is rejected without backtracking', () => {
  expect(parseImageReference(`${registry}/${'a-'.repeat(20_000)}`)).toBeUndefined();
});

test.each([
  [`${registry}/team/app:v1`, `${registry}/team/app`],
  [`${registry}/app@${digest}`, `${registry}/app`],
  [`${registry}/app:v1@${digest}`, `${registry}/app`],
  ['localhost:5000/app:v1', 'localhost:5000/app'],
  ['localhost:5000/app', 'localhost:5000/app'],
  ['nginx', 'nginx'],
  ['', ''],
])('%s without its tag is %s', (image, expected) => {
  expect(withoutTag(image)).toBe(expected);
});

test('an image has a digest only after @', () => {
  expect(digestOf(`${registry}/app:v1@${digest}`)).toBe(digest);
  expect(digestOf(`${registry}/app:v1`)).toBeUndefined();
});

test.each([
  ['arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:one', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
  ['arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:m:one', '123456789012.dkr.ecr.us-gov-west-1.amazonaws.com'],
  ['arn:aws-cn:states:cn-north-1:123456789012:execution:m:one', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn'],
  ['arn:aws-eusc:states:eusc-de-east-1:123456789012:execution:m:one', '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu'],
  ['arn:aws-iso:states:us-iso-east-1:123456789012:execution:m:one', '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov'],
  ['arn:aws-iso-b:states:us-isob-east-1:123456789012:execution:m:one', '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov'],
  ['arn:aws-iso-e:states:eu-isoe-west-1:123456789012:execution:m:one', '123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk'],
  ['arn:aws-iso-f:states:us-isof-south-1:123456789012:execution:m:one', '123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov'],
])('the registry of %s is %s', (execution, expected) => {
  expect(registryOf(execution)).toBe(expected);
});

test('a short digest has twelve digits', () => {
  expect(shortDigest(digest)).toBe('a1b2c3d4a1b2');
});
