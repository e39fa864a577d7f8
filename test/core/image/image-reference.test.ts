import { digestOf, parseImageReference, registryOf, shortDigest, withoutTag } from '../../../core/image/image-reference.js';
import { digest, registry } from '../given.js';

test.each([
  [`${registry}/app:v1`, { registry, repository: 'app', tag: 'v1' }],
  [`${registry}/team/a_b/c.d-e:main-4f2a`, { registry, repository: 'team/a_b/c.d-e', tag: 'main-4f2a' }],
  [`${registry}/app@${digest}`, { registry, repository: 'app', digest }],
  [`${registry}/app:v1@${digest}`, { registry, repository: 'app', tag: 'v1', digest }],
  [`${registry}/app`, { registry, repository: 'app' }],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app:v1', { registry: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn' }],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app:v1', { registry: '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com' }],
  ['123456789012.dkr-ecr.eu-west-1.on.aws/app:v1', { registry: '123456789012.dkr-ecr.eu-west-1.on.aws' }],
])('%s is an image of ECR', (text, expected) => {
  expect(parseImageReference(text)).toMatchObject(expected);
});

test.each([
  '',
  'nginx',
  'public.ecr.aws/nginx/nginx:1',
  'ghcr.io/me/app:v1',
  '12345.dkr.ecr.eu-west-1.amazonaws.com/app:v1',
  `${registry}/`,
  `${registry}/App:v1`,
  `${registry}/app:`,
  `${registry}/app:-v1`,
  `${registry}/app:v1:v2`,
  `${registry}/app:${'v'.repeat(129)}`,
  `${registry}/app@sha256:1234`,
  `${registry}/app@sha512:${'a'.repeat(64)}`,
  ` ${registry}/app:v1`,
  `${registry}/app:v1\n`,
])('%j is not an image of ECR', (text) => {
  expect(parseImageReference(text)).toBeUndefined();
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
])('the registry of %s is %s', (execution, expected) => {
  expect(registryOf(execution)).toBe(expected);
});

test('a short digest has twelve digits', () => {
  expect(shortDigest(digest)).toBe('a1b2c3d4a1b2');
});
