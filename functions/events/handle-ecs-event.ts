import * as v from 'valibot';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import { type EcsEvent, parseEcsEvent } from '../../core/input/ecs-event.js';
import { hasFailed, type StoppedTask, withRoles } from '../../core/rollout/stopped-task.js';
import { countedFailure, type WatchItem } from '../../core/rollout/watch-item.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { answerWatcher, type WatcherAnswer } from '../shared/wake-watcher.js';

type Deps = {
  readonly watch: Pick<WatchItems, 'of' | 'addNews' | 'countFailure'>;
  readonly tokens: Pick<TaskTokens, 'succeed' | 'wake'>;
};

/** What became of an event. `unknown`: it is none of those that the rules pass. `unwatched`: no deployment watches for it. */
export type Handled = { readonly did: WatcherAnswer | 'unknown' | 'unwatched' };

/**
 * Function `handleEcsEvent`: writes an event of ECS to the watch item of its service, then answers the state that waits. It reads
 * nothing from ECS, and ends no rollout. Every event may come twice, late or before another one.
 */
export const handleEcsEvent =
  (deps: Deps) =>
  async (input: unknown): Promise<Handled> => {
    const event = parseEcsEvent(input);
    if (!event) return { did: 'unknown' };
    const item = await write(deps, event);
    return { did: item ? await answerWatcher(deps, event.service, item) : 'unwatched' };
  };

/** The item as it is after the event; undefined if that changes nothing. */
const write = async ({ watch }: Deps, event: EcsEvent): Promise<WatchItem | undefined> => {
  const { service } = event;
  if (event.kind === 'other') return watch.addNews(service);
  if (event.kind === 'deployment') return watch.addNews(service, event.hasBegun ? { began: event.deploymentId } : {});
  const item = await watch.of(service);
  if (!item || item.isRollingBack || item.revision !== event.task.taskDefinition || !hasFailed(event.task)) return undefined;
  return count(watch, service, item, event.task);
};

/** The first failure is news: the look that follows reads its log. Counted before, or beyond the limit, it changes nothing. */
const count = async (watch: Deps['watch'], service: string, item: WatchItem, task: StoppedTask): Promise<WatchItem | undefined> => {
  const { record, containers = [], nonEssential = [], failed = new Set() } = item;
  const failure = countedFailure(withRoles(task, containers, nonEssential));
  return (await watch.countFailure(service, record, failure, failed.size === 0)) ?? watch.of(service);
};

export const { step, handler } = defineStep({
  name: 'HandleEcsEvent',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the watch item' },
    { allow: ['states:SendTaskSuccess', 'states:SendTaskFailure'], on: 'anyTask', for: 'answering the state that waits' },
    { allow: ['sqs:SendMessage'], on: 'deadLetterQueue', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  run: (environment) => handleEcsEvent({ watch: new WatchItems(tableIn(environment)), tokens: new TaskTokens(environment.clients) }),
});
