import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FunctionNetwork } from '../network/api.js';
import type { InvocationResult } from './api.js';
import { bootstrap } from './bootstrap.js';
import { handlerOf } from './bundle.js';
import { failure, failureOf, type Runtime, success } from './runtime.js';

type Message =
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: object }
  | { readonly kind: 'send'; readonly name: string; readonly input: object }
  | { readonly kind: 'fired'; readonly timer: number }
  | { readonly kind: 'ok'; readonly json: string }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
      readonly isLoaded: boolean;
    };

/** Runs the packaged code in a thread of its own, with an environment of its own. */
export const inWorker = ({
  root,
  handler,
  environment,
  write,
  network,
  now,
}: {
  readonly root: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly write: (text: string) => void;
  readonly network: FunctionNetwork;
  /** Virtual time, which the worker's clock shows at the start of each invocation. */
  readonly now: () => Date;
}): Runtime => {
  const { file, module, name } = handlerOf(root, handler);
  const worker = new Worker(bootstrap, {
    eval: true,
    // Keeps the developer's own files, such as ~/.aws, out of a function's reach.
    env: { ...environment, HOME: root },
    execArgv: [],
    stdout: true,
    stderr: true,
    workerData: { url: file === undefined ? undefined : pathToFileURL(file).href, module, handler: name, network: network.code },
  });
  worker.unref();

  let awsRequestId = '';
  let answer: ((result: InvocationResult) => void) | undefined;
  let broken: InvocationResult | undefined;
  const settle = (result: InvocationResult) => {
    answer?.(result);
    answer = undefined;
  };
  const markBroken = (result: InvocationResult) => {
    broken ??= result;
    settle(broken);
  };
  const firing = new Map<number, () => void>();
  network.fire = (timer) =>
    new Promise((resolve) => {
      firing.set(timer, resolve);
      worker.postMessage({ kind: 'fire', timer, now: now().getTime() });
    });
  const receive = (message: Message) => {
    if (message.kind === 'log') write(message.text);
    else if (message.kind === 'send') network.send(message.name, message.input);
    else if (message.kind === 'fired') firing.get(message.timer)?.();
    else if (message.kind === 'ask') {
      const { id, name: asked, input } = message;
      void network.ask(asked, input).then((value) => worker.postMessage({ kind: 'answer', id, value, now: now().getTime() }));
    } else if (message.kind === 'ok') settle(success(message.json));
    else {
      const result = failure(message.errorType, message.errorMessage, message.trace);
      if (message.isLoaded) settle(result);
      else markBroken(result);
    }
  };
  worker.on('message', (message: Message) => {
    try {
      receive(message);
    } catch (error) {
      // A function can post messages of its own to the thread that runs it; on AWS it would have no such port.
      markBroken(failureOf(error));
    }
  });
  worker.on('error', (error) => markBroken(failureOf(error)));
  worker.on('exit', (code) =>
    markBroken(failure('Runtime.ExitError', `RequestId: ${awsRequestId} Error: Runtime exited with error: exit status ${code}`)),
  );

  return {
    get isBroken() {
      return broken !== undefined;
    },
    invoke: (payload, context, timeoutSeconds) =>
      new Promise((resolve) => {
        awsRequestId = context.awsRequestId;
        if (broken) {
          resolve(broken);
          return;
        }
        answer = resolve;
        worker.postMessage({ kind: 'invoke', payload, context, timeoutSeconds, now: now().getTime() });
      }),
    kill: async () => {
      answer = undefined;
      for (const resolve of firing.values()) resolve();
      await worker.terminate();
    },
  };
};
