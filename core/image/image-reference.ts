/** An image of an ECR repository of any account: `registry/repository:tag@digest`. */
export type ImageReference = {
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com` */
  readonly registry: string;
  /** The whole repository name; may contain slashes. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
};

const pattern =
  /^(?<registry>\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+)\/(?<repository>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Undefined if the text is not an image of ECR. */
export const parseImageReference = (text: string): ImageReference | undefined => {
  const groups = pattern.exec(text)?.groups;
  if (!groups) return undefined;
  return { registry: groups.registry as string, repository: groups.repository as string, tag: groups.tag, digest: groups.digest };
};

/** The registry and repository of any image string: `…amazonaws.com/web:1` → `…amazonaws.com/web`. */
export const withoutTag = (image: string): string => {
  const [name = ''] = image.split('@', 1);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0 ? name : name.slice(0, colon);
};

/** `…/web:1@sha256:…` → `sha256:…`; undefined without a digest. */
export const digestOf = (image: string): string | undefined => image.split('@', 2)[1];

/** The first twelve digits, for messages. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);

/** The host of the ECR registry in the account and Region of an ARN. */
export const registryOf = (executionArn: string): string => {
  const [, partition, , region, account] = executionArn.split(':');
  return `${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
};
