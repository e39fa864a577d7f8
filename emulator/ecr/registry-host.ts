import type { Account } from '../account.js';

/** `dnsSuffix` and `dualStackDnsSuffix` of botocore's partitions.json; dual-stack registries have `on` in place of `api`. */
const suffixes: Readonly<Record<string, readonly [ipv4: string, dualStack: string]>> = {
  aws: ['amazonaws.com', 'on.aws'],
  'aws-cn': ['amazonaws.com.cn', 'on.amazonwebservices.com.cn'],
  'aws-eusc': ['amazonaws.eu', 'on.amazonwebservices.eu'],
  'aws-iso': ['c2s.ic.gov', 'on.aws.ic.gov'],
  'aws-iso-b': ['sc2s.sgov.gov', 'on.aws.scloud'],
  'aws-iso-e': ['cloud.adc-e.uk', 'on.cloud-aws.adc-e.uk'],
  'aws-iso-f': ['csp.hci.ic.gov', 'on.aws.hci.ic.gov'],
  'aws-us-gov': ['amazonaws.com', 'on.aws'],
};

type Place = Pick<Account, 'accountId' | 'region' | 'partition'>;

/** The host in `repositoryUri`. */
export const registryHost = ({ accountId, region, partition }: Place): string =>
  `${accountId}.dkr.ecr.${region}.${suffixes[partition]?.[0]}`;

/**
 * All hosts of the account's registry: IPv4 and dual-stack, each also with FIPS.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export const registryHosts = (place: Place): readonly string[] => {
  const { accountId, region, partition } = place;
  const [ipv4, dualStack] = suffixes[partition] ?? [];
  return [
    registryHost(place),
    `${accountId}.dkr.ecr-fips.${region}.${ipv4}`,
    `${accountId}.dkr-ecr.${region}.${dualStack}`,
    `${accountId}.dkr-ecr-fips.${region}.${dualStack}`,
  ];
};
