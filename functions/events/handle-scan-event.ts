import * as v from 'valibot';
import { Gates } from '../../aws/gates.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { scansImages } from '../../core/configuration/hooks.js';
import { parseScanEvent, type ScanEvent } from '../../core/input/scan-event.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { retryTransient } from '../shared/retry-transient.js';

type Deps = {
  readonly configuration: Configuration;
  readonly gates: Pick<Gates, 'of' | 'noteScanEvent'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
};

/** What became of an event: how many releases it woke. `unknown`: it is none of those that the rules pass. */
export type HandledScan = { readonly did: 'unknown' | 'unwatched' | 'woken'; readonly repository?: string; readonly digest?: string };

/**
 * Function `handleScanEvent`: writes the end of a scan to the gate of each release that waits for it, then wakes the release, which
 * reads the findings. An event may come twice, or not at all: ECR sends them on a best-effort basis.
 */
export const handleScanEvent =
  (deps: Deps) =>
  async (input: unknown): Promise<HandledScan> => {
    const event = parseScanEvent(input);
    if (!event) return { did: 'unknown' };
    const { repository, digest } = event;
    const woken: boolean[] = [];
    for (const { name } of repositoryOf(deps.configuration, repository)?.stages ?? [])
      woken.push(await retryTransient(() => wakeAt(deps, event, name)));
    return { did: woken.includes(true) ? 'woken' : 'unwatched', repository, digest };
  };

const wakeAt = async ({ gates, tokens }: Deps, { repository, digest, time }: ScanEvent, stage: string): Promise<boolean> => {
  const place = { repository, stage };
  const gate = await gates.of(place);
  if (!gate?.scans?.parts.some((part) => part.digest === digest)) return false;
  const noted = await gates.noteScanEvent(place, gate.release, { digest, at: time });
  return noted?.token !== undefined && (await tokens.wake(noted.token));
};

export const { step, handler } = defineStep({
  name: 'HandleScanEvent',
  input: v.unknown(),
  permissions: atPackaging([
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the gate where a release waits' },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the release' },
    { allow: ['sqs:SendMessage'], on: 'unhandledEvents', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  onFailure: atPackaging('the event is kept in a queue with an alarm; its release looks again at the end of its wait'),
  onRepeat: atPackaging('the release looks once more'),
  onlyIf: atPackaging(scansImages),
  logsOnce: true,
  run: (environment) =>
    handleScanEvent({
      configuration: environment.configuration,
      gates: new Gates(tableIn(environment)),
      tokens: new TaskTokens(environment.clients),
    }),
});
