import * as v from 'valibot';
import type { Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { byOperator, parseStrictly, shown, text, triggerOf } from './strict-input.js';
import { suggestionFor } from './suggestion.js';

/** What an operator may ask of the function `control`. */
export const commands = ['hold', 'unhold', 'cancel'] as const;
export type CommandName = (typeof commands)[number];

/** `service` is `cluster/service`; for `hold` and `unhold` also `*`, every service. `until` is ISO 8601. */
export type Command =
  | { readonly command: 'hold'; readonly service: string; readonly until: string | undefined; readonly trigger: Trigger }
  | { readonly command: 'unhold'; readonly service: string; readonly trigger: Trigger }
  /** `stopTask`: its before task is not waited for. */
  | { readonly command: 'cancel'; readonly service: string; readonly stopTask: boolean; readonly trigger: Trigger }
  /** Of the release that waits before a stage. */
  | { readonly command: 'cancelRelease'; readonly repository: string; readonly stage: string; readonly trigger: Trigger };

const examples: Readonly<Record<CommandName, string>> = {
  hold: '{"command": "hold", "service": "production/web", "by": "ada", "reason": "the database is being moved", "until": "2h"}',
  unhold: '{"command": "unhold", "service": "production/web", "by": "ada"}',
  cancel: '{"command": "cancel", "service": "production/web", "by": "ada", "reason": "wrong tag"}',
};

/** The input of `control` that cancels the release that waits before a stage. */
export const cancelReleaseExample =
  '{"command": "cancel", "repository": "my-learn-app", "stage": "production", "by": "ada", "reason": "wrong tag"}';

/** The input of `control` for a command. */
export const controlExample = (command: CommandName): string => examples[command];

const { by, reason } = byOperator;
const operator = { by, reason };
const Hold = v.strictObject({ command: v.literal('hold'), service: text, until: v.optional(text), ...operator });
const CancelRelease = v.strictObject({ command: v.literal('cancel'), repository: text, stage: text, ...operator });
const Cancel = v.strictObject({ command: v.literal('cancel'), service: text, stopTask: v.optional(v.boolean(), false), ...operator });
const Unhold = v.strictObject({ command: v.literal('unhold'), service: text, ...operator });

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time, or a duration from now, as ISO 8601. */
const endOf = (until: string, now: string): string => {
  const [, amount, unit] = /^(\d{1,4})([mhd])$/.exec(until) ?? [];
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(until);
  const end = unit ? Date.parse(now) + Number(amount) * unitMs[unit as keyof typeof unitMs] : isTime ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(end))
    throw new RejectedInput(
      `"until" of the input is ${shown(until)}; expected a duration such as "2h", or a time such as "2026-11-27T14:05:00Z", as in ${examples.hold}`,
    );
  if (end <= Date.parse(now)) throw new RejectedInput(`"until" of the input is ${shown(until)}; expected a time after now, ${now}`);
  return new Date(end).toISOString();
};

/** Parses the input of `control`; `now` is ISO 8601. @throws RejectedInput for anything but the documented input */
export const parseControlInput = (input: unknown, now: string): Command => {
  const { command: name } = parseStrictly(v.object({ command: v.unknown() }), input, examples.hold);
  if (name === 'hold') {
    const { service, until, ...given } = parseStrictly(Hold, input, examples.hold);
    return { command: name, service, until: until === undefined ? undefined : endOf(until, now), trigger: triggerOf(given) };
  }
  if (name === 'cancel' && 'repository' in (input as object)) {
    const { repository, stage, ...given } = parseStrictly(CancelRelease, input, cancelReleaseExample);
    return { command: 'cancelRelease', repository, stage, trigger: triggerOf(given) };
  }
  if (name === 'cancel') {
    const { command, service, stopTask, ...given } = parseStrictly(Cancel, input, examples.cancel);
    return { command, service, stopTask, trigger: triggerOf(given) };
  }
  if (name === 'unhold') {
    const { command, service, ...given } = parseStrictly(Unhold, input, examples.unhold);
    return { command, service, trigger: triggerOf(given) };
  }
  const meant = commands.find((command) => command === suggestionFor(String(name), commands)) ?? 'hold';
  const expected = commands.map((one) => `"${one}"`).join(', ');
  throw new RejectedInput(`"command" of the input is ${shown(name)}; expected one of ${expected}, as in ${examples[meant]}`);
};
