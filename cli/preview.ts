import { imageName } from '../core/image/image-name.js';
import type { ImageView, ServiceStatus } from '../core/query/answers.js';
import { clean } from './render/clean.js';

/** `team/app:main-7 (a1b2c3d4a1b2)`, safe on a terminal. */
export const imageText = ({ repository, tag, digest }: Pick<ImageView, 'repository' | 'tag' | 'digest'>): string =>
  clean(imageName(repository, tag, digest));

/** What a service runs, and what happens to it, a line each. */
export const runsLines = (status: ServiceStatus): string[] => {
  const { service, sources, current, unreadable } = clean(status);
  return [
    ...sources.flatMap(({ repository, lastDeployed }) =>
      lastDeployed ? `${service} runs ${imageText({ repository, ...lastDeployed })}` : [],
    ),
    ...(current ? [`${service} is being deployed: ${current.image ? imageText(current.image) : current.operation}`] : []),
    ...(unreadable === undefined ? [] : [`${service}: ${unreadable}`]),
  ];
};
