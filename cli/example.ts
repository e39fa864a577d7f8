import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import minVersion from 'semver/ranges/min-version.js';
import type { Repository } from '../core/configuration/configuration.js';
import { isExclusion, kindOf } from '../core/policy/pattern.js';
import { reach } from '../core/policy/tag-policy.js';
import type { Behaviour } from '../emulator/ecr/api.js';
import type { Emulator } from '../emulator/emulator.js';

/** The repository of the example slipway.yml. */
export const repository = 'my-learn-app';

/** The build that every created service runs before anything is pushed; `exampleTag` makes its tag. */
export const firstBuild = 1;

/** An image manifest for the emulator. `behaviour` says how the image runs; `revision` makes one digest differ from another. */
export const manifest = (behaviour: Behaviour, revision: string, repositoryName = repository): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: {
      'slipway.behaviour': behaviour,
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.source': `https://github.com/example/${repositoryName}`,
    },
  });

/** Pushes an image as `docker push` ends, with PutImage; without a tag if that is empty. Returns its digest. */
export const push = async (
  emulator: Emulator,
  tag: string,
  behaviour: Behaviour,
  revision = tag,
  repositoryName = repository,
): Promise<string> => {
  const { image } = await new ECRClient(emulator.clientConfig()).send(
    new PutImageCommand({
      repositoryName,
      ...(tag !== '' && { imageTag: tag }),
      imageManifest: manifest(behaviour, revision, repositoryName),
    }),
  );
  return image?.imageId?.imageDigest ?? '';
};

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The digest of the healthy image of `events/images/`. */
export const healthyDigest = (): string => digestOf(readFileSync('events/images/healthy.json', 'utf8'));

/** A tag that the pattern (an exact tag, or a glob with `*` and `?`) matches: `main-*` and 2 give `main-2`. */
export const tagFor = (pattern: string, build: number): string =>
  pattern
    .replace(pattern.includes('*') ? '*' : '?', String(build))
    .replaceAll('*', '')
    .replaceAll('?', '0');

/** A version in the range: its lowest one, and a later one for each build. */
const versionFor = (range: string, build: number): string[] => {
  const lowest = minVersion(range);
  return lowest ? [`v${lowest.major}.${lowest.minor}.${lowest.patch + build}`, `v${lowest.version}`] : [];
};

const candidatesFor = (pattern: string, build: number): string[] => {
  const kind = kindOf(pattern);
  if (kind === 'semver') return versionFor(pattern.replace(/^semver(-pre)?:/, ''), build);
  // No tag follows from a regular expression: these are usual ones.
  return kind === 'regex' ? ['main-', 'v1.0.', 'v', 'release-', ''].map((prefix) => `${prefix}${build}`) : [tagFor(pattern, build)];
};

const candidatesOf = ({ tags, stages }: Repository, build: number): string[] =>
  [...tags, ...stages.flatMap((stage) => stage.tags ?? [])]
    .filter((pattern) => !isExclusion(pattern))
    .flatMap((pattern) => candidatesFor(pattern, build));

/** A tag that reaches the first stage that any tag reaches: `main-2` for `main-*` and 2, `v1.0.2` for `semver:^1.0`. */
export const exampleTag = (repository: Repository, build: number): string => {
  const candidates = candidatesOf(repository, build);
  return tagsForStages(repository, build)[0]?.tag ?? candidates[0] ?? '';
};

/** For each stage that no tag before it reaches a tag that does, with all stages that the tag reaches. */
export const tagsForStages = (repository: Repository, build: number): { tag: string; stages: string[] }[] => {
  const found: { tag: string; stages: string[] }[] = [];
  for (const { name } of repository.stages) {
    if (found.some(({ stages }) => stages.includes(name))) continue;
    const reached = candidatesOf(repository, build)
      .map((tag) => ({ tag, stages: stagesReached(repository, tag) }))
      .find(({ stages }) => stages.includes(name));
    if (reached) found.push(reached);
  }
  return found;
};

const stagesReached = (repository: Repository, tag: string): string[] =>
  repository.stages.filter((stage) => reach(repository, stage, tag).isReached).map(({ name }) => name);

/**
 * The image that the services of a repository run before anything is pushed, by its tag. Where that tag is an exact one of the
 * configuration, the next push moves it, so that the digest is given instead.
 */
export const firstImage = (repository: Repository): string => {
  const { name } = repository;
  const tag = exampleTag(repository, firstBuild);
  if (tag !== exampleTag(repository, firstBuild + 1)) return `${name}:${tag}`;
  return `${name}@${digestOf(manifest('healthy', tag, name))}`;
};
