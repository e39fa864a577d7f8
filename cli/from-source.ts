import type { ClientSettings } from '../aws/client-settings.js';
import type { Configuration } from '../core/configuration.js';
import type { EmulatorOptions } from '../emulator/emulator.js';
import { step as acquireLease } from '../functions/acquire-lease.js';
import { step as checkRollout } from '../functions/check-rollout.js';
import { step as closeDeployment } from '../functions/close-deployment.js';
import { step as closeRelease } from '../functions/close-release.js';
import { step as judgeStage } from '../functions/judge-stage.js';
import { step as notify } from '../functions/notify.js';
import { step as openDeployment } from '../functions/open-deployment.js';
import { step as planRelease } from '../functions/plan-release.js';
import { step as reconcile } from '../functions/reconcile.js';
import { step as registerRevision } from '../functions/register-revision.js';
import { step as rollBack } from '../functions/roll-back.js';
import { requestHandler as timeouts } from '../functions/runtime/environment.js';
import type { Task } from '../functions/runtime/task.js';
import { step as sendToSlack } from '../functions/send-to-slack.js';
import { step as sweep } from '../functions/sweep.js';
import { step as updateService } from '../functions/update-service.js';

const tasks: Record<string, Task> = {
  'acquire-lease': acquireLease,
  'check-rollout': checkRollout,
  'close-deployment': closeDeployment,
  'close-release': closeRelease,
  'judge-stage': judgeStage,
  notify,
  'open-deployment': openDeployment,
  'plan-release': planRelease,
  reconcile,
  'register-revision': registerRevision,
  'roll-back': rollBack,
  'send-to-slack': sendToSlack,
  sweep,
  'update-service': updateService,
};

type Request = { readonly hostname: string; readonly headers: Record<string, string> };

/** Names the service, which the emulator reads from here if the body does not name it. Signatures are not verified. */
const unsigned = async (request: Request): Promise<Request> => {
  const [service = '', region = ''] = request.hostname.split('.');
  request.headers.authorization = `AWS4-HMAC-SHA256 Credential=any/any/${region}/${service}/aws4_request`;
  return request;
};

// Most of a request's time would go to what is of no use here: signatures, retries after the one attempt, a log, a new stack of
// middleware for each request, and settings that are looked up in the environment of this computer.
const quick = {
  signer: { sign: unsigned },
  retryStrategy: { retry: <Result>(next: (request: unknown) => Result, request: unknown) => next(request) },
  logger: {},
  cacheMiddleware: true,
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  accountIdEndpointMode: 'disabled',
  authSchemePreference: [],
  defaultsMode: 'standard',
  retryMode: 'standard',
};

/** Runs functions from source, in this process, in place of the bundles that the packaged template names. */
export const fromSource =
  (configuration: Configuration): NonNullable<EmulatorOptions['functionCode']> =>
  ({ handler: path }, { environment, requestHandler }) => {
    const task = tasks[path.replace(/^functions\/(.*)\.handler$/, '$1')];
    if (!task) throw new Error(`no function ${path} in cli/from-source.ts`);
    const handler = requestHandler as { updateHttpClientConfig(name: string, value: unknown): void };
    for (const [name, value] of Object.entries(timeouts)) handler.updateHttpClientConfig(name, value);
    const clients = {
      region: environment.AWS_REGION ?? '',
      maxAttempts: 1,
      credentials: {
        accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
        sessionToken: environment.AWS_SESSION_TOKEN ?? '',
      },
      requestHandler,
      ...quick,
    } as ClientSettings;
    return task.in({ configuration, variables: environment, clients });
  };
