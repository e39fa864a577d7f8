import type { BeforeTask } from '../configuration/configuration.js';
import type { Check } from './finding.js';
import * as messages from './messages.js';

type Container = {
  readonly name?: string | undefined;
  readonly essential?: boolean | undefined;
  readonly restartPolicy?: { readonly enabled?: boolean | undefined } | undefined;
};

/** The revision that the task is to run, an ARN, and its containers that get the image. */
export type RevisionToRun = {
  readonly revision: string;
  readonly definition: {
    readonly containerDefinitions?: readonly Container[] | undefined;
    readonly volumes?: readonly { readonly name?: string | undefined; readonly configuredAtLaunch?: boolean | undefined }[] | undefined;
  };
  readonly containers: readonly string[];
};

/**
 * Why a before task of the revision would not run, or would not run once. The container must end the task, which an essential one does,
 * and must not be restarted: ECS restarts a container with a restart policy that ran for `restartAttemptPeriod` (ECS API,
 * ContainerRestartPolicy). A volume configured at launch needs a configuration in RunTask (ECS API, TaskVolumeConfiguration).
 */
export const beforeTaskRefusals = (
  service: string,
  { container }: Pick<BeforeTask, 'container'>,
  { revision, definition: { containerDefinitions = [], volumes = [] }, containers }: RevisionToRun,
): Check[] => {
  const name = container ?? containers[0] ?? '';
  const found = containerDefinitions.find((one) => one.name === name);
  const names = containerDefinitions.map((one) => one.name ?? '');
  const atLaunch = volumes.flatMap(({ name: volume = '', configuredAtLaunch }) => (configuredAtLaunch ? volume : []));
  const refusal = (code: Check['code'], message: string): Check => ({ code, service, message });
  return [
    ...(found ? [] : [refusal('BEFORE_TASK_CONTAINER', messages.beforeTaskContainerMissing(service, name, revision, names))]),
    ...(found?.essential === false ? [refusal('BEFORE_TASK_CONTAINER', messages.beforeTaskNotEssential(service, name, revision))] : []),
    ...(found?.restartPolicy?.enabled ? [refusal('BEFORE_TASK_RESTARTS', messages.beforeTaskRestarts(service, name, revision))] : []),
    ...(atLaunch.length > 0 ? [refusal('BEFORE_TASK_VOLUME', messages.beforeTaskVolume(service, atLaunch, revision))] : []),
  ];
};

/** What a before task of a service with Service Connect cannot reach: only tasks of the service are in its namespace. */
export const serviceConnectChecks = (service: string, hasServiceConnect: boolean): Check[] =>
  hasServiceConnect ? [{ code: 'BEFORE_TASK_SERVICE_CONNECT', service, message: messages.beforeTaskServiceConnect(service) }] : [];
