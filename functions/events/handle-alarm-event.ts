import * as v from 'valibot';
import { TaskTokens } from '../../aws/task-tokens.js';
import { WatchItems } from '../../aws/watch-items.js';
import { type Configuration, configuredServices } from '../../core/configuration/configuration.js';
import { verifyingAlarms } from '../../core/configuration/hooks.js';
import { parseAlarmEvent } from '../../core/input/alarm-event.js';
import { defineStep } from '../runtime/define-step.js';
import { publishEventMetrics } from '../runtime/metrics.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { retryTransient } from '../shared/retry-transient.js';
import { answerWatcher } from '../shared/wake-watcher.js';
import type { Handled } from './handle-ecs-event.js';

type Deps = {
  readonly configuration: Configuration;
  readonly watch: Pick<WatchItems, 'addAlarm'>;
  readonly tokens: Pick<TaskTokens, 'succeed' | 'wake'>;
};

/**
 * Function `handleAlarmEvent`: writes that an alarm went into ALARM to the watch items of the services that it guards, then wakes what
 * verifies them. It decides nothing, and may be invoked twice. Answers what became of the event for each of the services.
 */
export const handleAlarmEvent =
  ({ configuration, watch, tokens }: Deps) =>
  async (input: unknown): Promise<readonly Handled[]> => {
    const event = parseAlarmEvent(input);
    if (!event) return [{ did: 'unknown' }];
    const { name, at: time } = event;
    return Promise.all(
      guardedBy(configuration, name).map(async (service) => {
        const did = await retryTransient(async () => {
          const item = await watch.addAlarm(service, name, time);
          return item ? answerWatcher(tokens, item) : 'unwatched';
        });
        return { did, service, time };
      }),
    );
  };

const guardedBy = (configuration: Configuration, alarm: string): readonly string[] => [
  ...new Set(
    configuredServices(configuration).flatMap(({ service: { service, verify } }) => (verify?.alarms?.includes(alarm) ? [service] : [])),
  ),
];

export const { step, handler } = defineStep({
  name: 'HandleAlarmEvent',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:UpdateItem'], on: 'table', for: 'the watch items' },
    { allow: ['states:SendTaskSuccess', 'states:SendTaskFailure'], on: 'anyTask', for: 'answering the state that waits' },
    { allow: ['sqs:SendMessage'], on: 'unhandledEvents', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  onlyIf: atPackaging((configuration) => verifyingAlarms(configuration).length > 0),
  onFailure: atPackaging(
    'the event is kept in a queue with an alarm; the look at the end of the bake finds an alarm that is still in ALARM',
  ),
  onRepeat: atPackaging('the verification looks once more'),
  logsOnce: true,
  run: (environment) => {
    const { configuration, clients } = environment;
    const handle = handleAlarmEvent({ configuration, watch: new WatchItems(tableIn(environment)), tokens: new TaskTokens(clients) });
    return async (event) => {
      const handled = await handle(event);
      for (const one of handled) publishEventMetrics(one, environment.now().toISOString());
      return handled;
    };
  },
});
