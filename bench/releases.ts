import { push, repository } from '../cli/example.js';
import { serviceModify, taskDefinitionModify } from '../emulator/ecs/rate-limits.js';
import type { EmulatedAccount } from '../emulator/emulated-account.js';
import { AwsError } from '../emulator/errors.js';
import type { ExecutionView } from '../emulator/states/api.js';
import { type BenchAccount, openAccount, type Stack } from './account.js';
import { largestPayload, watchItems } from './sizes.js';
import { type Deployed, soonestEnd } from './wave-time.js';

/** A release to many services, in virtual time. */
export type ReleaseUsage = {
  readonly services: number;
  readonly stages: number;
  readonly parallel: number;
  readonly seconds: number;
  /** What waves of `parallel` deployments take at least with ECS's request buckets, given these rollouts. */
  readonly bound: number;
  /** Requests of Slipway that AWS answered with ThrottlingException. */
  readonly throttled: number;
  /** Services that do not run the new image at the end. */
  readonly missed: number;
  /** Bytes. */
  readonly payload: number;
  readonly item: number;
  /** Events of the longest history: of the release, and of a deployment. */
  readonly history: { readonly release: number; readonly deployment: number };
  /** Real ones. */
  readonly milliseconds: number;
};

const shape = { tasks: 1, atATime: 1, secondsToHealthy: 10 };

const nameOf = (service: string): { cluster: string; service: string } => {
  const [cluster = '', name = ''] = service.split('/');
  return { cluster, service: name };
};

type Call = { readonly name: string; readonly service: string; readonly time: number };

/** The requests that register a revision or update a service, with its name, and the number of throttled requests. */
const watchCalls = (account: EmulatedAccount): { readonly calls: Call[]; throttled: number } => {
  const seen = { calls: [] as Call[], throttled: 0 };
  const request = account.request.bind(account);
  account.request = async <Output>(...[caller, service, name, given]: Parameters<typeof request>): Promise<Output> => {
    try {
      const output = await request<Output>(caller, service, name, given);
      const { family, cluster = '', service: updated = '' } = given as { family?: string; cluster?: string; service?: string };
      if (name === 'RegisterTaskDefinition') seen.calls.push({ name, service: family ?? '', time: account.clock.now });
      if (name === 'UpdateService')
        seen.calls.push({ name, service: `${cluster.split('/').at(-1)}-${updated.split('/').at(-1)}`, time: account.clock.now });
      return output;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ThrottlingException') seen.throttled++;
      throw error;
    }
  };
  return seen;
};

const deployedBy = (calls: readonly Call[], { input, startTime, stopTime = startTime }: ExecutionView): Deployed => {
  const family = (input as { service: string }).service.replace('/', '-');
  const at = (name: string): number => calls.findLast((call) => call.name === name && call.service === family)?.time ?? startTime;
  const [registered, updated] = [at('RegisterTaskDefinition'), at('UpdateService')];
  return { before: registered - startTime, between: updated - registered, rollout: stopTime - updated };
};

/** Without waiting for requests: what the fastest of them needed. */
const unhindered = (deployed: readonly Deployed[]): Deployed[] => {
  const before = Math.min(...deployed.map((one) => one.before));
  const between = Math.min(...deployed.map((one) => one.between));
  return deployed.map(({ rollout }) => ({ before, between, rollout }));
};

const runsImage = ({ emulator: { account } }: BenchAccount, name: string, digest: string): boolean => {
  const { cluster, service } = nameOf(name);
  const tasks = account.services.ecs.service(cluster, service)?.runningTasks ?? [];
  return tasks.length > 0 && tasks.every(({ digests }) => digests.app === digest);
};

/** Pushes one image for all services of the configuration, and waits for the end of its release. */
export const releaseUsage = async (stack: Stack): Promise<ReleaseUsage> => {
  const stages = stack.configuration.repositories[repository]?.stages ?? [];
  const services = stages.map((stage) => stage.services.map(({ service }) => service));
  const bench = await openAccount(stack, shape, {}, services.flat().map(nameOf));
  const { account } = bench.emulator;
  const { states } = account.services;
  try {
    const seen = watchCalls(account);
    const items = watchItems(account);
    const began = performance.now();
    const digest = await push(bench.emulator, 'main-1', 'healthy');
    await account.clock.run();
    const milliseconds = performance.now() - began;

    const executions = states.executions();
    const release = executions.find(({ machineArn }) => machineArn.endsWith('-release'));
    if (!release?.stopTime) throw new Error('the push started no release, or it has not ended');
    const deployments = executions.filter(({ machineArn }) => machineArn.endsWith('-deployment'));
    const deployed = (service: string): Deployed[] =>
      deployments.filter(({ input }) => (input as { service: string }).service === service).map((one) => deployedBy(seen.calls, one));
    const parallel = stages[0]?.parallel ?? 0;
    const bound = soonestEnd(
      services.map((stage) => unhindered(stage.flatMap(deployed))),
      parallel,
      { register: taskDefinitionModify, update: serviceModify },
    );
    return {
      services: services.flat().length,
      stages: stages.length,
      parallel,
      seconds: (release.stopTime - release.startTime) / 1000,
      bound: bound / 1000,
      throttled: seen.throttled,
      missed: services.flat().filter((service) => !runsImage(bench, service, digest)).length,
      payload: largestPayload(
        account,
        executions.map(({ arn }) => arn),
      ),
      item: items.largest,
      history: {
        release: states.history(release.arn).length,
        deployment: Math.max(...deployments.map(({ arn }) => states.history(arn).length)),
      },
      milliseconds,
    };
  } finally {
    await bench.close();
  }
};
