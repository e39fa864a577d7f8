import type { ClientSettings } from '../aws/client-settings.js';
import type { Configuration } from '../core/configuration/configuration.js';
import type { EmulatorOptions } from '../emulator/emulator.js';
import { requestHandler as timeouts } from '../functions/runtime/environment.js';
import type { Network } from '../functions/runtime/network.js';
import { loadSteps } from '../stack/steps.js';

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

/** Functions from source, in this process, where the packaged template names their bundles. */
export const fromSource = async (configuration: Configuration): Promise<NonNullable<EmulatorOptions['functionCode']>> => {
  const steps = new Map((await loadSteps()).map((step) => [step.file.replace(/\.ts$/, '.handler'), step]));
  return ({ handler: path }, { environment, requestHandler, network, now }) => {
    const step = steps.get(path);
    if (!step) throw new Error(`no function ${path}; there are ${[...steps.keys()].join(', ')}`);
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
    return step.in({ configuration, variables: environment, clients, network: network as Network, now });
  };
};
