import { givenAlarm, setAlarm } from './failing.js';
import { hooked } from './hooked.js';
import { givenPipeline, type Pipeline } from './pipeline.js';
import { scanOnPush } from './scanned.js';
import { staging, web, worker } from './staged.js';

export const all = [staging, web, worker] as const;

/** What fails, of the hooks of one service. */
export type Failing = { readonly service?: string; readonly hook?: 'stageBefore' | 'before' | 'url' | 'function' | 'alarm' | 'tasks' };

export type Options = {
  readonly failing?: Failing;
  /** Further settings of every stage. */
  readonly stage?: object;
  /** In place of those of every hook. */
  readonly stages?: readonly object[];
};

const alarmOf = (service: string): string => service.replace('/', '-');
const pathOf = (service: string): string => `/${service}/health`;
export const urlOf = (service: string) => ({ url: `https://example.com${pathOf(service)}`, within: '10s', every: '5s' });

/** Three stages of one service, with every hook: a scan, before tasks of the stage and of the service, and all that verifies. */
const everything = ({ failing = {}, stage, stages }: Options) => {
  if (stages) return hooked({ stages });
  const hooksOf = (service: string) => {
    const command = (hook: string) => ['sh', '-c', failing.service === service && failing.hook === hook ? 'exit 3' : `echo ${hook}`];
    const verify = { url: urlOf(service), alarms: [alarmOf(service)], bake: '2m', function: 'my-verifier' };
    return {
      before: { command: command('stageBefore') },
      services: [{ service, before: { command: command('before') }, verify }],
      ...stage,
    };
  };
  return hooked({
    repository: { scan: { block: 'HIGH' } },
    stages: [
      { name: 'staging', ...hooksOf(staging) },
      { name: 'production', approval: true, ...hooksOf(web) },
      { name: 'workers', window: { days: ['mon'], from: '09:00', to: '18:00', timezone: 'UTC' }, ...hooksOf(worker) },
    ],
  });
};

/** That stack, what its hooks look at, and what of it fails once the service runs the new revision. */
export const givenEverything = async (options: Options = {}): Promise<Pipeline> => {
  const { service: failing, hook } = options.failing ?? {};
  const pipeline = await givenPipeline({
    stack: await everything(options),
    prepare: ({ account }) => {
      account.services.lambda.putUserFunction('my-verifier', async (event) => {
        const { service } = event as { service: string };
        if (service === failing && hook === 'function') return { version: 1, verified: false, message: 'the cart is broken' };
        if (service === failing && hook === 'alarm') await setAlarm(pipeline, alarmOf(service), 'ALARM');
        if (service === failing && hook === 'tasks') crash(pipeline, service);
        return { version: 1, verified: true };
      });
    },
  });
  await scanOnPush(pipeline);
  for (const service of all) await givenAlarm(pipeline, alarmOf(service), 'OK');
  const { network } = pipeline.account;
  network.setName('example.com', ['93.184.216.34']);
  network.serve({
    addresses: ['93.184.216.34'],
    certificate: { names: ['example.com'] },
    answer: ({ path }) => ({ status: hook === 'url' && path === pathOf(failing ?? '') ? 503 : 200 }),
  });
  return pipeline;
};

/** A task of the service crashes. */
const crash = (pipeline: Pipeline, service: string): void => {
  const [task] = pipeline.service(service)?.runningTasks ?? [];
  pipeline.account.services.ecs.stopTask(task?.arn ?? '', 'EssentialContainerExited', 'Essential container in task exited');
};
