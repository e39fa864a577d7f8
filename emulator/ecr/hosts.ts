import type { Account } from '../account.js';

/**
 * The hosts of a registry: plain, FIPS, dual-stack and dual-stack FIPS.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
 */
const host = /^(\d{12})\.dkr(?:\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.(?:com|com\.cn|eu)|-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.aws)\//;

/** Is it an image of the account's registry in its Region? */
export const hosts = ({ accountId, region }: Account, image: string): boolean => {
  const [, registryId, ipv4Region, dualStackRegion] = host.exec(image) ?? [];
  return registryId === accountId && (ipv4Region ?? dualStackRegion) === region;
};
