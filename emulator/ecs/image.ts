import type { Behaviour } from '../ecr/api.js';
import type { Container, ResolvedImage, Task } from './records.js';
import type { EcsState } from './state.js';

const architectureNames: Readonly<Record<string, string>> = { X86_64: 'amd64', x86_64: 'amd64', ARM64: 'arm64', aarch64: 'arm64' };

const architectureOf = (task: Task): string | undefined => {
  const name = task.taskDefinition.document.runtimePlatform?.cpuArchitecture;
  return name === undefined ? undefined : (architectureNames[name] ?? name);
};

const known = (architectures: readonly string[]): string[] =>
  architectures.filter((name) => name !== 'unknown').map((name) => architectureNames[name] ?? name);

/** The image to pull: later tasks of a deployment run the digest that its first task resolved. */
const reference = (task: Task, { name, definition }: Container): string => {
  const resolved = task.deployment?.revision.images.get(name);
  if (!resolved || definition.image.includes('@') || definition.versionConsistency === 'disabled') return definition.image;
  return `${definition.image.replace(/:[^:/]*$/, '')}@${resolved.digest}`;
};

/** How a container behaves; an image for another architecture cannot run. */
export type ContainerBehaviour = Behaviour | 'wrong-architecture';

/** Pulls every container's image. Returns how each behaves, or the first container whose image is missing. */
export const pullImages = (state: EcsState, task: Task): { missing?: Container; behaviours: ContainerBehaviour[] } => {
  const behaviours: ContainerBehaviour[] = [];
  const architecture = architectureOf(task);
  for (const container of task.containers) {
    const pulled = state.pull(reference(task, container));
    if (!pulled || pulled.behaviour === 'cannot-pull') return { missing: container, behaviours };
    const architectures = known(pulled.architectures);
    const index = Math.max(0, architectures.indexOf(architecture ?? 'amd64'));
    const image: ResolvedImage = { digest: pulled.digest, platform: pulled.platformDigests[index] ?? pulled.digest };
    container.image = image;
    const images = task.deployment?.revision.images;
    if (images && !images.has(container.name)) images.set(container.name, image);
    const isRunnable = architecture === undefined || architectures.length === 0 || architectures.includes(architecture);
    behaviours.push(isRunnable ? pulled.behaviour : 'wrong-architecture');
  }
  return { behaviours };
};
