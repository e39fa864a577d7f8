import fc from 'fast-check';
import { PassedStages } from '../../../aws/passed-stages.js';
import { RecordRepository } from '../../../aws/record-repository.js';
import { ReleaseHistory } from '../../../aws/release-history.js';
import { ServiceStateRepository } from '../../../aws/service-state-repository.js';
import type { Change, Condition, Table } from '../../../aws/table.js';
import type { Configuration, Stage } from '../../../core/configuration/configuration.js';
import { attributeOf } from '../../../core/lease/service-state.js';
import { claimKey, deploymentName, type Key, type KeyRange, keyOf, nameOfKey, serviceStateKey } from '../../../core/records/record-name.js';
import { isAlreadyRunning } from '../../../core/result/result.js';
import type { StageDecision } from '../../../core/step/contracts.js';
import { closeRelease } from '../../../functions/release/close-release.js';
import { evaluateStage } from '../../../functions/release/evaluate-stage.js';
import { planRelease } from '../../../functions/release/plan-release.js';
import { configuration, digest, image, registry, resultWith } from '../../core/given.js';
import { nothingCaught } from '../given-failure.js';
import { push } from './given-release.js';

type Item = Record<string, unknown>;

/** Does a condition hold for an item? The forms that the writes of releases have. */
const holds = (item: Item | undefined, { condition = '', names = {}, values = {} }: Partial<Condition>): boolean => {
  const attribute = (text: string): unknown => item?.[names[text] ?? text];
  const value = (text: string): unknown => (values as Item)[text];
  return condition
    .split(' AND ')
    .filter((term) => term !== '')
    .every((term) => {
      const [, name = '', operand = ''] = /^(\S+) = (\S+)$/.exec(term) ?? [];
      const [, absent] = /^attribute_not_exists\((\S+)\)$/.exec(term) ?? [];
      const [, present] = /^attribute_exists\((\S+)\)$/.exec(term) ?? [];
      const [, list] = /^size\((\S+)\)$/.exec(name) ?? [];
      const [, of = '', all = ''] = /^(\S+) IN \((.*)\)$/.exec(term) ?? [];
      if (absent !== undefined) return attribute(absent) === undefined;
      if (present !== undefined) return attribute(present) !== undefined;
      if (list !== undefined) return (attribute(list) as unknown[] | undefined)?.length === value(operand);
      if (of !== '') return all.split(', ').some((one) => attribute(of) === value(one));
      if (name !== '') return attribute(name) === value(operand);
      throw new Error(`condition ${term} is not known here`);
    });
};

/** A table in memory, whose operations the scheduler puts in any order. */
const memory = (scheduler: fc.Scheduler) => {
  const items = new Map<string, Item>();
  const turn = (): Promise<void> => scheduler.schedule(Promise.resolve());
  const read = (key: Key): Item | undefined => items.get(nameOfKey(key));
  const write = (key: Key, { set = {}, remove = [], add = {} }: Change): Item => {
    const item: Item = { ...read(key), ...key, ...(JSON.parse(JSON.stringify(set)) as object) };
    for (const [name, one] of Object.entries(add)) item[name] = new Set([...((item[name] as Set<string>) ?? []), ...(one as Set<string>)]);
    for (const name of remove) delete item[name];
    items.set(nameOfKey(key), item);
    return item;
  };
  const table = {
    name: 'memory',
    get: async (key: Key) => {
      await turn();
      return read(key);
    },
    query: async ({ range: { pk, from, to } }: { readonly range: KeyRange }) => {
      await turn();
      return [...items.values()].filter((item) => item.pk === pk && String(item.sk) >= from && String(item.sk) <= to);
    },
    putOnce: async ({ pk, sk, ...item }: Key & Item) => {
      await turn();
      if (read({ pk, sk })) return false;
      write({ pk, sk }, { set: item });
      return true;
    },
    change: async (key: Key, change: Change, condition: Partial<Condition> = {}) => {
      await turn();
      return holds(read(key), condition) ? write(key, change) : undefined;
    },
    delete: async (key: Key, condition: Condition) => {
      await turn();
      if (holds(read(key), condition)) items.delete(nameOfKey(key));
    },
  };
  return { table: table as unknown as Table, read, write, turn };
};

const repository = configuration.repositories['my-learn-app']!;
const [staging, production] = repository.stages as [Stage, Stage];
const preview: Stage = { ...staging, name: 'preview', services: [{ ...staging.services[0]!, service: 'preview/web' }] };
const byTag = (stages: Stage[]): Configuration => ({
  ...configuration,
  repositories: { 'my-learn-app': { ...repository, tags: [], stages } },
});
const tags = ['main-7', 'v1.4.2', 'latest'];
const policies: Record<string, Configuration> = {
  'a tag reaches two stages': byTag([
    { ...staging, tags: ['main-*', 'latest'] },
    { ...production, tags: ['v*', 'latest'] },
  ]),
  'each tag reaches a stage of its own': byTag([
    { ...preview, tags: ['latest'] },
    { ...staging, tags: ['main-*'] },
    { ...production, tags: ['v*'] },
  ]),
  'a tag reaches every stage': byTag([
    { ...preview, tags: ['latest', 'main-*'] },
    { ...staging, tags: ['latest', 'main-*'] },
    { ...production, tags: ['latest', 'v*'] },
  ]),
};

/** Runs the releases of events that arrive in this order, each at any moment. Answers how often each service was deployed. */
const deployments = async (settings: Configuration, order: readonly string[], scheduler: fc.Scheduler) => {
  const { table, read, write, turn } = memory(scheduler);
  const records = new RecordRepository(table);
  const states = new ServiceStateRepository(table);
  const running = new Set<string>();
  const inProgress = new Set<string>();
  const deployed: string[] = [];
  const plan = planRelease({
    configuration: settings,
    registry: () => registry,
    images: { find: async (_, __, { tag }) => ({ ...image, tag: tag ?? '' }) },
    executions: { isRunning: async (execution) => running.has(execution) },
    records,
    states,
    history: new ReleaseHistory(table),
    passed: new PassedStages(table),
  });
  const evaluate = evaluateStage({
    records,
    states,
    passed: new PassedStages(table),
    watch: { addNews: async () => undefined },
    tokens: { wake: async () => true },
  });
  const close = closeRelease({ records, gates: { leave: async () => undefined } });

  const deploy = async ({ service, name }: { service: string; name: string }, startedAt: string): Promise<void> => {
    const key = keyOf(deploymentName(service, startedAt, `arn:x:${name}`));
    const lastDeployed = attributeOf('lastDeployed', 'my-learn-app');
    const isRunning = read(serviceStateKey(service))?.[lastDeployed] !== undefined;
    write(key, { set: { image, service, execution: name } });
    if (!isRunning) {
      if (inProgress.has(service)) deployed.push(`${service} by two releases at once`);
      inProgress.add(service);
      await turn();
      await turn();
      inProgress.delete(service);
      deployed.push(service);
      write(serviceStateKey(service), { set: { [lastDeployed]: { digest, pushedAt: startedAt } } });
    }
    const result = isRunning ? resultWith('SKIPPED', { reason: 'ALREADY_RUNNING' }) : resultWith('SUCCEEDED');
    expect(isAlreadyRunning(result)).toBe(isRunning);
    write(key, { set: { result, endedAt: startedAt } });
  };

  const release = async (tag: string, index: number): Promise<void> => {
    await turn();
    const execution = `arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-release:${tag.replaceAll('.', '-')}`;
    const startedAt = `2026-11-23T12:00:00.00${index}Z`;
    running.add(execution);
    const begin = { input: push({ 'image-tag': tag }), execution, startedAt, now: startedAt };
    const planned = await plan(begin);
    const { record } = planned;
    let { action, services, stage, result } = planned as StageDecision;
    while (action === 'proceed') {
      await Promise.all(services.map((one) => deploy(one, startedAt)));
      ({ action, services, stage, result } = await evaluate({ record, stage, action: 'proceed', now: startedAt }));
    }
    await close({ repository: 'my-learn-app', record, result, caught: nothingCaught, execution, startedAt, now: startedAt });
    running.delete(execution);
  };

  await scheduler.waitFor(Promise.all(order.map(release)));
  return { deployed: deployed.sort(), claim: read(claimKey('my-learn-app', digest)) };
};

test.each(Object.entries(policies))(
  'three tags of one image, pushed at once in any order, deploy each stage once: %s',
  async (_, settings) => {
    const services = settings.repositories['my-learn-app']!.stages.flatMap((stage) => stage.services.map(({ service }) => service));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(tags, { minLength: tags.length }), fc.scheduler(), async (order, scheduler) => {
        const { deployed, claim } = await deployments(settings, order, scheduler);

        expect(deployed).toEqual([...services].sort());
        expect(claim).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  },
);
