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

const loading = load();
loading.catch(() => {});

parentPort.on('message', async ({ payload, context, timeoutSeconds, now: startedAt }) => {
  ahead = startedAt - RealDate.now();
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
    answer = { kind: 'ok', json: JSON.stringify(value) ?? 'null' };
  } catch (error) {
    answer =
      error instanceof Error
        ? { kind: 'error', errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\\n') }
        : { kind: 'error', errorType: typeof error, errorMessage: typeof error === 'string' ? error : JSON.stringify(error) ?? '', trace: [] };
  }
  parentPort.postMessage({ ...answer, isLoaded });
});
`;
