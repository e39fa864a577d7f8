import { partition } from '@aws-sdk/core/client';
import { consoleOf, isDualStackSuffix, isSuffix, suffixOf } from '../../../core/image/partition.js';

// A Region of each partition.
test.each([
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('%s has the suffixes that the SDK knows', (name, region) => {
  const { name: known, dnsSuffix, dualStackDnsSuffix } = partition(region);

  expect(known).toBe(name);
  expect(suffixOf(name)).toBe(dnsSuffix);
  expect(isSuffix(dnsSuffix)).toBe(true);
  expect(isDualStackSuffix(dualStackDnsSuffix.replace(/^api\./, 'on.'))).toBe(true);
});

test('a partition that is not known has the suffix of aws, and no console', () => {
  expect(suffixOf('aws-new')).toBe('amazonaws.com');
  expect(consoleOf('aws-new')).toBeUndefined();
});
