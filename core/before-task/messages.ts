// Messages of before tasks. Import them as a namespace: a bundle gets only what it uses.

export const completed = (container: string) => `the before task has succeeded: ${container} ended with exit code 0`;

export const notSucceeded = () => 'its before task has not succeeded';

/** For the operation that runs the before task of a stage. */
export const notConfigured = (stage: string, service: string) =>
  `slipway.yml has changed since the release was planned: it names no before task of ${stage} like ${service}, so none was run`;
