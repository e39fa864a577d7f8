import { givenAlarm } from '../test/support/failing.js';
import { hookedRepositories } from '../test/support/hooked.js';
import type { Stack } from '../test/support/packaged-stack.js';
import type { Pipeline } from '../test/support/pipeline.js';
import { web } from '../test/support/staged.js';

/** The user's function that verifies; its faults are injected by this name. */
export const verifier = 'my-verifier';
export const alarm = 'web-5xx';
export const bakeMinutes = 5;

const address = '93.184.216.34';

export const before = { command: ['npm', 'run', 'migrate'], timeout: '5m' };
const verify = { url: 'https://example.com/health', alarms: [alarm], bake: `${bakeMinutes}m`, function: verifier, yields: true };

export const repositoryOf = (more: object, ...stages: readonly object[]) => ({ 'my-learn-app': { tags: ['main-*'], ...more, stages } });

/** A stack that is made once. */
export const once = (make: () => Promise<Stack>): (() => Promise<Stack>) => {
  let made: Promise<Stack> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** One service with a before task, and a verification of every kind. */
export const hookedService = once(() =>
  hookedRepositories(repositoryOf({}, { name: 'production', services: [{ service: web, before, verify }] })),
);

/** What verifies it: an alarm, a function, and a URL that answers. */
export const givenVerification = async (pipeline: Pipeline): Promise<void> => {
  const { network, services } = pipeline.account;
  await givenAlarm(pipeline, alarm, 'OK');
  services.lambda.putUserFunction(verifier, () => ({ version: 1, verified: true }));
  network.setName('example.com', [address]);
  network.serve({ addresses: [address], certificate: { names: ['example.com'] }, answer: () => ({ status: 200, body: 'ok' }) });
};
