import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { Activity, type RequestHooks, unanswered } from '../clock.js';
import type { FunctionNetwork, NodeNetwork } from '../network/api.js';
import type { FunctionCode, FunctionSpec, InvocationResult, UserFunction } from './api.js';
import type { Bundles } from './bundle.js';
import { environmentOf } from './environment.js';
import { logWriter } from './function-logs.js';
import type { FunctionVersion } from './function-version.js';
import { guardBusyLoop } from './guard-busy-loop.js';
import { inProcess } from './in-process.js';
import type { Runtime } from './runtime.js';
import { inWorker } from './worker.js';

type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };

/** What code from source gets in place of what Node.js and Lambda have. */
export type SourceRuntime = {
  readonly environment: Record<string, string>;
  readonly requestHandler: unknown;
  readonly network: NodeNetwork;
  readonly now: () => Date;
};

export type LambdaOptions = {
  /** The function's code from source, in place of its bundle. */
  readonly functionCode?: ((spec: FunctionSpec, runtime: SourceRuntime) => FunctionCode) | undefined;
  /** An SDK's `requestHandler` for code from source. */
  readonly requestHandlerFor: (credentials: Credentials) => unknown;
  /** Where bundles reach the emulator over HTTP. */
  readonly endpoint: () => string | undefined;
  /** Where bundles are unzipped; a temporary folder unless given. */
  readonly workDir?: string | undefined;
};

/** One execution environment of a version: it runs one invocation at a time, and is frozen in between. */
export class Sandbox {
  readonly version: FunctionVersion;
  readonly logStream: string;
  readonly write: (text: string) => void;
  isCold = true;
  idleSince = 0;
  #account: Account;
  #runtime: Runtime;
  #activity: Activity | undefined;
  #network: FunctionNetwork;

  constructor(account: Account, version: FunctionVersion, options: LambdaOptions, bundles: Bundles) {
    this.#account = account;
    this.version = version;
    const { spec } = version;
    const date = account.clock.date().toISOString().slice(0, 10).replaceAll('-', '/');
    this.logStream = `${date}/[${version.version}]${account.random.hex(32)}`;

    const activity = () => this.#activity;
    const caller: Caller = {
      arn: spec.roleArn,
      kind: 'role',
      functionArn: spec.arn,
      get activity() {
        return activity();
      },
    };
    const credentials = account.services.iam.credentialsFor(caller);
    this.write = logWriter(account, caller, `/aws/lambda/${spec.name}`, this.logStream);
    this.#network = account.network.ofFunction({ isInVpc: spec.vpc !== undefined }, activity);
    if (spec.userCode) this.#runtime = this.#fromTest(spec.userCode);
    else this.#runtime = options.functionCode ? this.#fromSource(options, credentials) : this.#fromBundle(options, credentials, bundles);
  }

  #fromTest(code: UserFunction): Runtime {
    const { clock } = this.#account;
    // Background: the invocation's time-out makes time pass, and a sleep that is longer ends with it.
    const pass = (milliseconds: number): Promise<void> =>
      new Promise((resolve) => clock.after(milliseconds, () => resolve(), { isBackground: true }));
    const sleep = async (milliseconds: number): Promise<void> =>
      this.#activity?.request(() => clock.yieldTo(pass(milliseconds))) ?? unanswered();
    return inProcess(() => async (payload) => code(payload, { sleep }));
  }

  #fromSource({ functionCode, requestHandlerFor }: LambdaOptions, credentials: Credentials): Runtime {
    const { spec } = this.version;
    const environment = environmentOf(this.#account, this.version, credentials, { taskRoot: '/var/task', logStream: this.logStream });
    return inProcess(() => {
      if (!functionCode) throw new Error(`function ${spec.name} has no code`);
      return functionCode(spec, {
        environment,
        requestHandler: requestHandlerFor(credentials),
        network: this.#network.inProcess(),
        now: this.#now,
      });
    });
  }

  #fromBundle({ endpoint }: LambdaOptions, credentials: Credentials, bundles: Bundles): Runtime {
    const { spec, codeHash } = this.version;
    if (spec.zipPath === undefined || codeHash === undefined)
      throw new Error(`function ${spec.name} has no code: ${spec.zipPath ?? 'zipPath'} is missing, and functionCode was not given`);
    const root = bundles.unzip(spec.zipPath, codeHash);
    const url = endpoint();
    const environment = {
      ...environmentOf(this.#account, this.version, credentials, { taskRoot: root, logStream: this.logStream }),
      // Without an endpoint a bundle's SDK must not reach a real account: nothing listens on port 1.
      AWS_ENDPOINT_URL: url ?? 'http://127.0.0.1:1',
    };
    return inWorker({ root, handler: spec.handler, environment, write: this.write, network: this.#network, now: this.#now });
  }

  readonly #now = (): Date => this.#account.clock.date();

  get isUsable(): boolean {
    return !this.#runtime.isBroken;
  }

  /** Runs the code; resolves when the handler has answered, and the sandbox is frozen again. */
  async run(payload: string, awsRequestId: string, hooks: RequestHooks): Promise<InvocationResult> {
    const { spec, version, arn } = this.version;
    const activity = new Activity(this.#account.clock, hooks);
    this.#activity = activity;
    const release = guardBusyLoop(activity, spec.timeoutSeconds * 1000);
    const context = {
      functionName: spec.name,
      functionVersion: version,
      invokedFunctionArn: arn,
      memoryLimitInMB: String(spec.memoryMb),
      awsRequestId,
      logGroupName: `/aws/lambda/${spec.name}`,
      logStreamName: this.logStream,
    };
    try {
      return await this.#runtime.invoke(payload, context, spec.timeoutSeconds);
    } finally {
      release();
      activity.close();
      this.#network.freeze();
    }
  }

  async kill(): Promise<void> {
    this.#activity?.close();
    this.#network.close();
    await this.#runtime.kill();
  }
}
