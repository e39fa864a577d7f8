import type { TaskTokens } from '../../aws/task-tokens.js';
import type { WatchItems } from '../../aws/watch-items.js';
import type { WatchItem } from '../../core/rollout/watch-item.js';
import { answerTo } from '../../core/rollout/watcher-answer.js';

type Deps = {
  readonly watch: Pick<WatchItems, 'of' | 'addNews'>;
  readonly tokens: Pick<TaskTokens, 'succeed' | 'wake'>;
};

/** `rollBack`: the item showed that the rollout has failed. `none`: nothing waits, or it knows already. */
export type WatcherAnswer = 'woken' | 'rollBack' | 'none';

/** Tells the deployment that watches a service to look again, as an operator has asked it for something. */
export const wakeWatcher = async (deps: Deps, service: string): Promise<WatcherAnswer> =>
  answerWatcher(deps, service, await deps.watch.addNews(service));

/**
 * Answers the state that waits, by the item as it is after the event was written. If its token is closed, a later visit may have
 * stored another one before it could read the event.
 */
export const answerWatcher = async ({ watch, tokens }: Deps, service: string, item: WatchItem | undefined): Promise<WatcherAnswer> => {
  let current = item;
  for (let refused = ''; current?.token !== undefined && current.token !== refused; current = await watch.of(service)) {
    const { token } = current;
    const answer = answerTo(current);
    if (answer === undefined) return 'none';
    if (answer === 'wake' ? await tokens.wake(token) : await tokens.succeed(token, answer)) return answer === 'wake' ? 'woken' : 'rollBack';
    refused = token;
  }
  return 'none';
};
