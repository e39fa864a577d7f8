/** What differs between AWS's partitions. */
type Partition = {
  /** Suffixes of host names; the second is of dual-stack ones. */
  readonly suffix: string;
  readonly dualStackSuffix: string;
  /** Absent where AWS publishes no address of its console. */
  readonly console?: string;
};

/**
 * Suffixes: partitions.json of botocore (`dnsSuffix`; `dualStackDnsSuffix` with `on.` for `api.`, as the ECR User Guide, "Making requests",
 * has it for aws and aws-cn). Consoles: AWS General Reference, "AWS service endpoints".
 */
const partitions: Readonly<Record<string, Partition>> = {
  aws: { suffix: 'amazonaws.com', dualStackSuffix: 'on.aws', console: 'console.aws.amazon.com' },
  'aws-cn': { suffix: 'amazonaws.com.cn', dualStackSuffix: 'on.amazonwebservices.com.cn', console: 'console.amazonaws.cn' },
  'aws-eusc': { suffix: 'amazonaws.eu', dualStackSuffix: 'on.amazonwebservices.eu', console: 'console.amazonaws-eusc.eu' },
  'aws-iso': { suffix: 'c2s.ic.gov', dualStackSuffix: 'on.aws.ic.gov' },
  'aws-iso-b': { suffix: 'sc2s.sgov.gov', dualStackSuffix: 'on.aws.scloud' },
  'aws-iso-e': { suffix: 'cloud.adc-e.uk', dualStackSuffix: 'on.cloud-aws.adc-e.uk' },
  'aws-iso-f': { suffix: 'csp.hci.ic.gov', dualStackSuffix: 'on.aws.hci.ic.gov' },
  'aws-us-gov': { suffix: 'amazonaws.com', dualStackSuffix: 'on.aws', console: 'console.amazonaws-us-gov.com' },
};

const suffixes = new Set(Object.values(partitions).map(({ suffix }) => suffix));
const dualStackSuffixes = new Set(Object.values(partitions).map(({ dualStackSuffix }) => dualStackSuffix));

export const isSuffix = (suffix: string): boolean => suffixes.has(suffix);

export const isDualStackSuffix = (suffix: string): boolean => dualStackSuffixes.has(suffix);

/** The suffix of the host names of a partition; an unknown partition has that of `aws`, as in botocore. */
export const suffixOf = (partition: string): string => (partitions[partition] ?? partitions.aws)?.suffix ?? '';

/** The host of a partition's console, to be prefixed with a Region; undefined if none is known. */
export const consoleOf = (partition: string): string | undefined => partitions[partition]?.console;
