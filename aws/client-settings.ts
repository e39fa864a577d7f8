import { type MiddlewareClient, repeatResetRead } from './repeat-reset-read.js';

/** The settings of every SDK client. Tests and the emulator pass a `requestHandler` that needs no sockets. */
export type ClientSettings = {
  readonly region: string;
  /**
   * In a function one attempt: Step Functions retries, with jitter and visibly. The SDK's own retry would sleep inside a billed function.
   * The command line has three.
   */
  readonly maxAttempts: 1 | 3;
  /** A profile of the AWS configuration files, for the command line. */
  readonly profile?: string;
  readonly customUserAgent?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** Options of the SDK's own HTTP handler, or another handler, such as one that needs no sockets. */
  readonly requestHandler?: Record<string, unknown>;
};

/** One client for each service and settings, so that classes of one service share connections. */
export const clientFor = <Client extends MiddlewareClient>(
  Constructor: new (settings: ClientSettings) => Client,
): ((settings: ClientSettings) => Client) => {
  const clients = new WeakMap<ClientSettings, Client>();
  return (settings) => {
    let client = clients.get(settings);
    if (client === undefined) {
      client = new Constructor(settings);
      repeatResetRead(client);
      clients.set(settings, client);
    }
    return client;
  };
};
