import parse from 'semver/functions/parse.js';

/**
 * Orders two tags as semantic versions: negative if `one` is the lower, 0 if they are equal. Undefined if one of them is no version.
 * A leading `v` does not count.
 */
export const compareVersions = (one: string, other: string): number | undefined => {
  const [version, otherVersion] = [parse(one), parse(other)];
  return version === null || otherVersion === null ? undefined : version.compare(otherVersion);
};
