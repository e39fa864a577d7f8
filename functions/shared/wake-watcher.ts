import type { TaskTokens } from '../../aws/task-tokens.js';
import type { WatchItems } from '../../aws/watch-items.js';
import type { WatchItem } from '../../core/rollout/watch-item.js';
import { answerTo } from '../../core/rollout/watcher-answer.js';

type Deps = { readonly watch: Pick<WatchItems, 'addNews'>; readonly tokens: Pick<TaskTokens, 'wake'> };

/** `rollBack`: the item showed that the rollout has failed. `none`: nothing waits, or it knows already. */
export type WatcherAnswer = 'woken' | 'rollBack' | 'none';

/** Wakes the deployment that watches a service: an operator has asked it for something. */
export const wakeWatcher = async ({ watch, tokens }: Deps, service: string): Promise<void> => {
  const item = await watch.addNews(service);
  if (item?.token !== undefined) await tokens.wake(item.token);
};

/**
 * Answers the state that waits, by the item as it is after the event was written. If its token is closed, that visit is over: the
 * next one stores its token after the event, and finds it.
 */
export const answerWatcher = async (tokens: Pick<TaskTokens, 'succeed' | 'wake'>, item: WatchItem): Promise<WatcherAnswer> => {
  const answer = answerTo(item);
  if (item.token === undefined || answer === undefined) return 'none';
  if (answer === 'wake') return (await tokens.wake(item.token)) ? 'woken' : 'none';
  return (await tokens.succeed(item.token, answer)) ? 'rollBack' : 'none';
};
