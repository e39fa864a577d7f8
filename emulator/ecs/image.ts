import type { Behaviour, PlatformImage, PulledImage } from '../ecr/api.js';
import type { Container, ResolvedImage, Task, TaskDefinitionDocument } from './records.js';
import type { EcsState } from './state.js';

type Platform = { readonly os: string; readonly architecture: string };

/** Without a `runtimePlatform`, Linux on X86_64 (RuntimePlatform in the API reference). */
const platformOf = ({ runtimePlatform }: TaskDefinitionDocument): Platform => ({
  os: runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') ? 'windows' : 'linux',
  architecture: runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
});

/** An image of an unknown platform runs. */
const isFor = (wanted: Platform, { os = wanted.os, architecture = wanted.architecture }: PlatformImage): boolean =>
  os === wanted.os && architecture === wanted.architecture;

/** The image to pull: later tasks of a deployment run the digest that its first task resolved. */
const reference = (task: Task, { name, definition }: Container): string => {
  const resolved = task.deployment?.revision.images.get(name);
  if (!resolved || definition.image.includes('@') || definition.versionConsistency === 'disabled') return definition.image;
  return `${definition.image.replace(/:[^:/]*$/, '')}@${resolved.digest}`;
};

/** How a container behaves; an image for another architecture cannot run. */
export type ContainerBehaviour = Behaviour | 'wrong-architecture';

export type PullFailure = { readonly container: Container; readonly cause: string };

const notFound = ({ image }: Container['definition']): string => `failed to resolve ref ${image}: ${image}: not found`;

/** As containerd writes them. */
const noDescriptor = ({ os, architecture }: Platform): string =>
  `image Manifest does not contain descriptor matching platform '${os}/${architecture === 'arm64' ? 'arm64 v8' : architecture}'`;

/** The image that an index has for the platform, or the one of a plain manifest, which any platform pulls. */
const choose = ({ isIndex, platforms }: PulledImage, wanted: Platform): PlatformImage | undefined =>
  isIndex ? platforms.find((image) => isFor(wanted, image)) : platforms[0];

/** Pulls every container's image. Returns how each behaves, or why the first one cannot be pulled. */
export const pullImages = (state: EcsState, task: Task): { failure?: PullFailure; behaviours: ContainerBehaviour[] } => {
  const behaviours: ContainerBehaviour[] = [];
  const wanted = platformOf(task.taskDefinition.document);
  for (const container of task.containers) {
    const pulled = state.pull(reference(task, container));
    if (!pulled || pulled.behaviour === 'cannot-pull') return { failure: { container, cause: notFound(container.definition) }, behaviours };
    const chosen = choose(pulled, wanted);
    if (!chosen) return { failure: { container, cause: noDescriptor(wanted) }, behaviours };
    const image: ResolvedImage = { digest: pulled.digest, platform: chosen.digest };
    container.image = image;
    const images = task.deployment?.revision.images;
    if (images && !images.has(container.name)) images.set(container.name, image);
    behaviours.push(isFor(wanted, chosen) ? pulled.behaviour : 'wrong-architecture');
  }
  return { behaviours };
};
