/**
 * Lambda's runtime inside a worker, as plain CommonJS text: a worker has no TypeScript loader, and must not inherit one.
 * Virtual time stands still while a handler computes, so its remaining time does not shrink.
 */
export const bootstrap = `
const { parentPort, workerData } = require('node:worker_threads');

for (const stream of ['stdout', 'stderr']) {
  process[stream].write = (chunk, encoding, callback) => {
    parentPort.postMessage({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    (typeof encoding === 'function' ? encoding : callback)?.();
    return true;
  };
}

const RealDate = Date;
let ahead = 0;
const now = () => RealDate.now() + ahead;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, created) => Reflect.construct(target, values.length > 0 ? values : [now()], created),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

const named = (name, message) => Object.assign(new Error(message), { name });

const load = async () => {
  if (!workerData.url) throw named('Runtime.ImportModuleError', "Error: Cannot find module '" + workerData.module + "'");
  const module = await import(workerData.url);
  const handler = module[workerData.handler] ?? module.default?.[workerData.handler];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', workerData.module + '.' + workerData.handler + ' is undefined or not exported');
  return handler;
};

const serialized = (value) => {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
};

// As in runtime.ts, where its source is.
const failureOf = (thrown) => {
  const error = thrown ?? 'handled';
  try {
    const { name, message, stack } = error;
    const isErrorLike = [name, message, stack].every((text) => typeof text === 'string' && (text !== '' || error instanceof Error));
    return isErrorLike
      ? { errorType: name, errorMessage: message, trace: stack.split('\\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
};

const asked = new Map();
let asks = 0;
const network = require(workerData.network)({
  ask: (name, input) =>
    new Promise((resolve) => {
      asked.set(++asks, resolve);
      parentPort.postMessage({ kind: 'ask', id: asks, name, input });
    }),
  send: (name, input) => parentPort.postMessage({ kind: 'send', name, input }),
});
network.install();

const loading = load();
loading.catch(() => {});

const receive = {
  answer: ({ id, value }) => {
    asked.get(id)(value);
    asked.delete(id);
  },
  fire: async ({ timer }) => {
    await network.fire(timer);
    parentPort.postMessage({ kind: 'fired', timer });
  },
  invoke: async ({ payload, context, timeoutSeconds }) => {
    let answer;
    let isLoaded = false;
    try {
      const handler = await loading;
      isLoaded = true;
      const value = await handler(JSON.parse(payload), {
        ...context,
        callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => timeoutSeconds * 1000,
      });
      answer = { kind: 'ok', json: serialized(value) };
    } catch (error) {
      answer = { kind: 'error', ...failureOf(error) };
    }
    parentPort.postMessage({ ...answer, isLoaded });
  },
};

parentPort.on('message', (message) => {
  ahead = message.now - RealDate.now();
  void receive[message.kind](message);
});
`;
