import { isRepositoryName, repositoryPattern, tagPattern } from './ecr-names.js';
import { isDualStackSuffix, isSuffix, suffixOf } from './partition.js';

/** An image of an ECR repository of any account: `registry/repository:tag@digest`. */
export type ImageReference = {
  /** The host: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, or another of the registry's hosts. */
  readonly registry: string;
  /** The whole repository name; may contain slashes. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
};

/** The registry that several hosts are names of. */
export type Registry = { readonly account: string; readonly region: string };

const host = /^(?<account>\d{12})\.dkr(?:(?<dualStack>-ecr)|\.ecr)(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?<suffix>[a-z0-9.-]+)$/;

/** The registry of a host: plain, FIPS, dual-stack or dual-stack FIPS (ECR User Guide, "Making requests"). Undefined for any other host. */
export const parseRegistry = (text: string): Registry | undefined => {
  const { account = '', dualStack, region = '', suffix = '' } = host.exec(text)?.groups ?? {};
  const isEcr = dualStack === undefined ? isSuffix(suffix) : isDualStackSuffix(suffix);
  return isEcr ? { account, region } : undefined;
};

/** Are these two hosts of one registry? False for a host that is none of ECR. */
export const isSameRegistry = (one: string, other: string): boolean => {
  const [first, second] = [parseRegistry(one), parseRegistry(other)];
  return first !== undefined && first.account === second?.account && first.region === second.region;
};

const path = new RegExp(`^(?<repository>${repositoryPattern})(?::(?<tag>${tagPattern}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`);

/** Undefined if the text is not an image of ECR. */
export const parseImageReference = (text: string): ImageReference | undefined => {
  const slash = text.indexOf('/');
  const registry = text.slice(0, Math.max(0, slash));
  if (!parseRegistry(registry)) return undefined;
  const { repository = '', tag, digest } = path.exec(text.slice(slash + 1))?.groups ?? {};
  return isRepositoryName(repository) ? { registry, repository, tag, digest } : undefined;
};

/** The registry and repository of any image string: `…amazonaws.com/web:1` → `…amazonaws.com/web`. */
export const withoutTag = (image: string): string => {
  const [name = ''] = image.split('@', 1);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name : name.slice(0, colon);
};

/** Is it an image of this repository, under any host of the registry? `repositoryUri` is `registry/repository`. */
export const isOfRepository = (image: string, repositoryUri: string): boolean => {
  const [one, other] = [parseImageReference(image), parseImageReference(repositoryUri)];
  return one !== undefined && one.repository === other?.repository && isSameRegistry(one.registry, other.registry);
};

/** `registry/repository@sha256:…`, under the host that the container's image had before if that is one of the same registry. */
export const imageUriWithDigest = (
  { registry, repository, digest }: Pick<ImageReference, 'registry' | 'repository'> & { readonly digest: string },
  before: string,
): string => {
  const itsHost = before.slice(0, Math.max(0, before.indexOf('/')));
  return `${isSameRegistry(itsHost, registry) ? itsHost : registry}/${repository}@${digest}`;
};

/** `…/web:1@sha256:…` → `sha256:…`; undefined without a digest. */
export const digestOf = (image: string): string | undefined => image.split('@', 2)[1];

/** `team/app:v1`, or `team/app@sha256:…` without a tag. */
export const nameOfImage = ({ repository, tag, digest = '' }: Pick<ImageReference, 'repository' | 'tag' | 'digest'>): string =>
  tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;

/** The first twelve digits, for messages. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

/** The host of the ECR registry in the account and Region of an ARN. */
export const registryOf = (executionArn: string): string => {
  const [, partition = '', , region, account] = executionArn.split(':');
  return `${account}.dkr.ecr.${region}.${suffixOf(partition)}`;
};
