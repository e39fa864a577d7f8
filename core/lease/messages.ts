// Messages of the deployments of a release, and of what the lease decides for them. Import it as a namespace, as the other messages.

export const stageFailed = (service: string): string => `not begun: ${service} failed, so its release begins no other service of the stage`;

export const cancelledWithStage = (service: string): string => `${service} failed, and its release rolls back all services of the stage`;

export const notConfiguredAnyMore = (service: string, repository: string): string =>
  `slipway.yml has changed since the release was planned: it no longer names ${service} for ${repository}, so the service was not changed`;

export const olderVersion = (tag: string, running: string): string =>
  `${tag} is an older version than ${running}, which was deployed last; start it by hand to deploy it anyway`;

export const newerThanRelease = (digest: string): string =>
  `a newer deployment has replaced ${digest}, or goes first, so nothing was rolled back`;

export const nothingToUndo = (record: string): string =>
  `${record} has changed nothing that could be rolled back; expected a deployment that has registered a revision`;

export const revisionUnknown = (revision: string): string =>
  `${revision} cannot be deployed again: ECS does not know it any more; start it with the "image" or "taskDefinition" of one that it knows`;

export const inAnotherStage = (service: string, planned: string, stage: string) =>
  `slipway.yml has changed since the release was planned: ${service} is in stage ${stage}, not in ${planned}; start a release to deploy it there`;
