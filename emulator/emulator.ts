import type { HttpHandler } from '@smithy/core/protocols';
import type { Caller } from './caller.js';
import { type Deployment, deployStack } from './cloudformation/deploy.js';
import { createCloudFormation } from './cloudformation/index.js';
import { createCloudWatch } from './cloudwatch/index.js';
import { createDynamodb } from './dynamodb/index.js';
import { createEcr } from './ecr/index.js';
import { createEcs } from './ecs/index.js';
import { type AccountOptions, EmulatedAccount } from './emulated-account.js';
import { describeError } from './errors.js';
import { createEvents } from './events/index.js';
import { createIam } from './iam/index.js';
import { createLambda } from './lambda/index.js';
import type { LambdaOptions } from './lambda/sandbox.js';
import { createLogs } from './logs/index.js';
import { RealTime } from './real-time.js';
import { createSecrets } from './secretsmanager/index.js';
import { createSns } from './sns/index.js';
import { createSqs } from './sqs/index.js';
import { createStates } from './states/index.js';
import { createSts } from './sts/index.js';
import { requestHandler } from './wire/request-handler.js';
import { type Server, startServer } from './wire/server.js';

export type EmulatorOptions = AccountOptions & {
  /** Runs functions from source, in process, in place of their packaged bundles. */
  readonly functionCode?: LambdaOptions['functionCode'];
};

type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

/** What any SDK client's constructor takes. */
export type ClientConfig = {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly requestHandler: HttpHandler;
  readonly maxAttempts: 1;
};

const notListening = 'http://127.0.0.1:4566';

/** An AWS account in this process, with its HTTP endpoint and its SDK client configuration. */
export class Emulator {
  readonly account: EmulatedAccount;
  #options: EmulatorOptions;
  #server: Server | undefined;

  constructor(options: EmulatorOptions = {}) {
    this.#options = options;
    const account = new EmulatedAccount(options);
    this.account = account;
    createSts(account);
    createCloudFormation(account);
    account.services = {
      iam: createIam(account),
      lambda: createLambda(account, {
        functionCode: options.functionCode,
        requestHandlerFor: ({ accessKeyId }) => requestHandler(account, accessKeyId),
        endpoint: () => this.#server?.url,
      }),
      states: createStates(account),
      events: createEvents(account),
      sns: createSns(account),
      sqs: createSqs(account),
      dynamodb: createDynamodb(account),
      cloudwatch: createCloudWatch(account),
      logs: createLogs(account),
      secrets: createSecrets(account),
      ecr: createEcr(account),
      ecs: createEcs(account),
    };
  }

  /** Opens the HTTP endpoint, for the AWS CLI, and for functions in workers; port 0 takes a free one. */
  async listen({ port = 4566 }: { port?: number } = {}): Promise<{ url: string }> {
    this.#server ??= await startServer(this.account, { port });
    return { url: this.#server.url };
  }

  /** `new ECSClient(emulator.clientConfig())` reaches this account without a socket; as its user, unless a caller is given. */
  clientConfig(caller?: Caller): ClientConfig {
    const { iam } = this.account.services;
    return {
      region: this.account.region,
      endpoint: this.#server?.url ?? notListening,
      credentials: caller ? iam.credentialsFor(caller) : { accessKeyId: 'AKIAEMULATOR', secretAccessKey: 'secret' },
      requestHandler: requestHandler(this.account),
      maxAttempts: 1,
    };
  }

  /** Deploys a packaged template. Bundles run in workers, which need the endpoint, so it is opened if necessary. */
  async deploy(stack: {
    readonly template: Readonly<Record<string, unknown>>;
    readonly stackName: string;
    readonly artifactsDir?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  }): Promise<Deployment> {
    if (stack.artifactsDir !== undefined && !this.#options.functionCode) await this.listen({ port: 0 });
    return deployStack(this.account, stack);
  }

  /**
   * Lets virtual time pass `speed` times as fast as real time, until the returned function is called. A failure meanwhile is
   * logged and printed, and time goes on.
   */
  runInRealTime(speed: number): () => Promise<void> {
    const time = this.realTime(speed);
    return () => time.stop();
  }

  /** The same, with a speed that can be changed. */
  realTime(speed: number): RealTime {
    const { clock, log } = this.account;
    return new RealTime(clock, speed, (error) => {
      log.add('emulator', 'bug', { detail: describeError(error) });
      console.error(`emulator: ${describeError(error)}`);
    });
  }

  async close(): Promise<void> {
    const { lambda, dynamodb } = this.account.services;
    await lambda.close();
    await dynamodb.close();
    await this.#server?.close();
    this.#server = undefined;
  }
}

export const createEmulator = (options: EmulatorOptions = {}): Emulator => new Emulator(options);
