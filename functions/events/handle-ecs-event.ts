import * as v from 'valibot';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import { type EcsEvent, parseEcsEvent } from '../../core/input/ecs-event.js';
import { startedAtOf } from '../../core/records/record-name.js';
import { hasFailed, type StoppedRun, type StoppedTask, withRoles } from '../../core/rollout/stopped-task.js';
import { countedFailure, type WatchItem } from '../../core/rollout/watch-item.js';
import { defineStep } from '../runtime/define-step.js';
import { publishEventMetrics } from '../runtime/metrics.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { retryTransient } from '../shared/retry-transient.js';
import { answerWatcher, type WatcherAnswer } from '../shared/wake-watcher.js';

type Deps = {
  readonly watch: Pick<WatchItems, 'of' | 'addNews' | 'countFailure'>;
  readonly tokens: Pick<TaskTokens, 'succeed' | 'wake'>;
};

/** What became of an event. `unknown`: it is none of those that the rules pass. `unwatched`: no deployment watches for it. */
export type Handled = { readonly did: WatcherAnswer | 'unknown' | 'unwatched'; readonly service?: string; readonly time?: string };

/**
 * Function `handleEcsEvent`: writes an event of ECS to the watch item of its service, then answers the state that waits. It reads
 * nothing from ECS, and ends no rollout. Every event may come twice, late or before another one, so all of it is repeated if AWS fails.
 */
export const handleEcsEvent =
  (deps: Deps) =>
  async (input: unknown): Promise<Handled> => {
    const event = parseEcsEvent(input);
    if (!event) return { did: 'unknown' };
    const { service, time } = event;
    const did = await retryTransient(async () => {
      const item = await write(deps, event);
      return item ? answerWatcher(deps.tokens, item) : 'unwatched';
    });
    return { did, service, time };
  };

/** The item as it is after the event; undefined if that changes nothing. */
const write = async ({ watch }: Deps, event: EcsEvent): Promise<WatchItem | undefined> => {
  const { service } = event;
  if (event.kind === 'other') return watch.addNews(service);
  if (event.kind === 'deployment') {
    const { deploymentId, change, time } = event;
    if (change === 'began') return watch.addNews(service, { began: deploymentId });
    return watch.addNews(service, change === 'completed' ? { completed: { deploymentId, at: time } } : {});
  }
  const item = await watch.of(service);
  if (event.kind === 'runStopped') return writeRun(watch, service, item, event.task);
  if (!item || item.isRollingBack || item.revision !== event.task.taskDefinition || !hasFailed(event.task)) return undefined;
  return count(watch, service, item, event.task);
};

/**
 * Each task has an event at DEPROVISIONING and one at STOPPED. The second says nothing new, nor does it to a deployment that follows at
 * once, as that of a service follows the before task of its stage.
 */
const writeRun = async (
  watch: Deps['watch'],
  service: string,
  item: WatchItem | undefined,
  task: StoppedRun,
): Promise<WatchItem | undefined> => {
  if (!item || task.stoppedAt < startedAtOf(item.record)) return undefined;
  return item.stoppedRun?.arn === task.arn ? item : watch.addNews(service, { stoppedRun: task });
};

/**
 * The first failure is news: the look that follows reads its log. Counted before, as each task has an event at DEPROVISIONING and one
 * at STOPPED, or beyond the limit, it changes nothing: no write, of which one item takes few in a second.
 */
const count = async (watch: Deps['watch'], service: string, item: WatchItem, task: StoppedTask): Promise<WatchItem | undefined> => {
  const { record, containers = [], nonEssential = [], failed = new Set(), limit = 0 } = item;
  if (failed.has(task.id) || failed.size >= limit) return item;
  const failure = countedFailure(withRoles(task, containers, nonEssential));
  return (await watch.countFailure(service, record, failure, failed.size === 0)) ?? watch.of(service);
};

export const { step, handler } = defineStep({
  name: 'HandleEcsEvent',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the watch item' },
    { allow: ['states:SendTaskSuccess', 'states:SendTaskFailure'], on: 'anyTask', for: 'answering the state that waits' },
    { allow: ['sqs:SendMessage'], on: 'unhandledEvents', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  onFailure: atPackaging('the event is kept in a queue with an alarm; its deployment finds out by its next safety look'),
  onRepeat: atPackaging('a failed task is counted once; the state that waits looks once more at most'),
  logsOnce: true,
  run: (environment) => {
    const handle = handleEcsEvent({ watch: new WatchItems(tableIn(environment)), tokens: new TaskTokens(environment.clients) });
    return async (event) => {
      const handled = await handle(event);
      publishEventMetrics(handled, environment.now().toISOString());
      return handled;
    };
  },
});
