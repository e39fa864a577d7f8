import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { Alarm, AlarmState, StateValue } from './alarm.js';
import { type AlarmRule, parseAlarmRule } from './alarm-rule.js';
import type { Alarms } from './alarms.js';
import { checkLength } from './check-values.js';
import { stateChangeOf, timestamp } from './state-change.js';

export type CompositeAlarm = {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly text: string;
  readonly rule: AlarmRule;
  /** The alarms in its rule. */
  readonly names: readonly string[];
  readonly configuredAt: number;
  /** What its rule said last: a state that was set stays until the rule says something else. */
  evaluated: StateValue | undefined;
  state: AlarmState;
};

type Input = { AlarmName: string; AlarmRule: string; AlarmDescription?: string };

/** `Friday 22 July, 2022 15:57:45 UTC` */
const dateText = (time: number): string => {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(time);
  const clock = new Date(time).toISOString().slice(11, 19);
  return `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}, ${part({ year: 'numeric' })} ${clock} UTC`;
};

/** Alarms on the states of other alarms. They are evaluated when one of these changes, and have events and no actions here. */
export class CompositeAlarms {
  readonly #account: Account;
  readonly #alarms: Alarms;
  readonly #composites = new Map<string, CompositeAlarm>();

  constructor(account: Account, alarms: Alarms) {
    this.#account = account;
    this.#alarms = alarms;
    alarms.onChange = () => {
      for (const composite of this.#composites.values()) this.#evaluate(composite);
    };
  }

  put(arn: string, { AlarmName: name, AlarmRule: text, AlarmDescription: description }: Input): void {
    const { now } = this.#account.clock;
    const { rule, names } = parseAlarmRule(text);
    const missing = names.find((one) => this.stateOf(one) === undefined);
    if (missing !== undefined)
      throw new AwsError('ValidationError', `Could not save the composite alarm as alarms [${missing}] do not exist`);
    if (this.#alarms.find(name)) throw new NotEmulated(`a composite alarm with the name of the metric alarm ${name}`);
    const state = this.#composites.get(name)?.state ?? {
      value: 'INSUFFICIENT_DATA' as const,
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      since: now,
    };
    const composite: CompositeAlarm = { name, arn, description, text, rule, names, configuredAt: now, evaluated: undefined, state };
    this.#composites.set(name, composite);
    this.#evaluate(composite);
  }

  /** All of them, in their present state. */
  get all(): readonly CompositeAlarm[] {
    return [...this.#composites.values()].map((composite) => this.#evaluate(composite));
  }

  find(name: string): CompositeAlarm | undefined {
    const composite = this.#composites.get(name);
    return composite && this.#evaluate(composite);
  }

  /** Of a metric alarm, too. */
  readonly stateOf = (name: string): StateValue | undefined => this.#find(name)?.state.value;

  #find(name: string): CompositeAlarm | Alarm | undefined {
    return this.find(name) ?? this.#alarms.find(name);
  }

  /** Reads the alarms in its rule, which are evaluated by that. */
  #evaluate(composite: CompositeAlarm): CompositeAlarm {
    const value = composite.rule(this.stateOf) ? 'ALARM' : 'OK';
    if (value === composite.evaluated) return composite;
    composite.evaluated = value;
    const [newest] = composite.names.flatMap((name) => this.#find(name) ?? []).sort((one, other) => other.state.since - one.state.since);
    const cause = newest && {
      reason: `${newest.arn} transitioned to ${newest.state.value} at ${dateText(newest.state.since)}`,
      data: {
        triggeringAlarms: [{ arn: newest.arn, state: { value: newest.state.value, timestamp: timestamp(newest.state.since) } }],
      },
    };
    this.setState(composite, value, cause?.reason ?? composite.text, cause && JSON.stringify(cause.data));
    return composite;
  }

  setState(composite: CompositeAlarm, value: StateValue, reason: string, reasonData?: string): void {
    if (value === composite.state.value) return;
    const { clock, log, services } = this.#account;
    const previous = composite.state;
    composite.state = { value, reason, reasonData, since: clock.now };
    log.add('cloudwatch', 'alarm-state-changed', { alarm: composite.name, from: previous.value, to: value, reason });
    const { description, text } = composite;
    services.events.emit(stateChangeOf(composite, previous, { ...(description === undefined ? {} : { description }), alarmRule: text }));
    this.#alarms.onChange();
  }
}

export const putCompositeAlarm = (composites: CompositeAlarms): Operation =>
  operation<Input, unknown>({
    service: 'cloudwatch',
    name: 'PutCompositeAlarm',
    input: { AlarmName: 'string', AlarmRule: 'string', AlarmDescription: 'string' },
    required: ['AlarmName', 'AlarmRule'],
    permissions: ({ AlarmName }, account) => [
      { action: 'cloudwatch:PutCompositeAlarm', resource: account.arn('cloudwatch', `alarm:${AlarmName}`) },
    ],
    run: (input, { account }) => {
      checkLength('AlarmName', input.AlarmName, 1, 255);
      checkLength('AlarmDescription', input.AlarmDescription, 0, 1024);
      composites.put(account.arn('cloudwatch', `alarm:${input.AlarmName}`), input);
      return {};
    },
  });
