/** ECR API, RepositoryName: two to 256 characters of this pattern. Slipway's configuration, parsers and schema share it. */
export const repositoryPattern = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*';

const repositoryName = new RegExp(`^${repositoryPattern}$`);

export const isRepositoryName = (name: string): boolean => name.length >= 2 && name.length <= 256 && repositoryName.test(name);

/** Characters of a tag (ECR API, ImageTag); Docker's clients push no more than 128. */
export const tagLimit = 300;

/** The characters of a tag are those of the OCI Distribution Specification. */
export const tagPattern = `\\w[\\w.-]{0,${tagLimit - 1}}`;

const wholeTag = new RegExp(`^${tagPattern}$`);

export const isTag = (tag: string): boolean => wholeTag.test(tag);
