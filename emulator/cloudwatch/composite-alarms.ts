import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { AlarmState, StateValue } from './alarm.js';
import { type AlarmRule, parseAlarmRule } from './alarm-rule.js';
import type { Alarms } from './alarms.js';
import { checkLength } from './check-values.js';

export type CompositeAlarm = {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly text: string;
  readonly rule: AlarmRule;
  readonly configuredAt: number;
  state: AlarmState;
};

type Input = { AlarmName: string; AlarmRule: string; AlarmDescription?: string };

/** Alarms on the states of other alarms. They are evaluated when they are read, and have no actions and no events here. */
export class CompositeAlarms {
  readonly #account: Account;
  readonly #alarms: Alarms;
  readonly #composites = new Map<string, CompositeAlarm>();

  constructor(account: Account, alarms: Alarms) {
    this.#account = account;
    this.#alarms = alarms;
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
    this.#composites.set(name, { name, arn, description, text, rule, configuredAt: now, state });
  }

  /** All of them, in their present state. */
  get all(): readonly CompositeAlarm[] {
    return [...this.#composites.values()].map((composite) => this.#evaluated(composite));
  }

  /** Of a metric alarm, too. */
  readonly stateOf = (name: string): StateValue | undefined => {
    const composite = this.#composites.get(name);
    return composite ? this.#evaluated(composite).state.value : this.#alarms.find(name)?.state.value;
  };

  #evaluated(composite: CompositeAlarm): CompositeAlarm {
    const value = composite.rule(this.stateOf) ? 'ALARM' : 'OK';
    if (value !== composite.state.value) {
      composite.state = {
        value,
        reason: `${composite.text} is ${value === 'ALARM'}`,
        reasonData: undefined,
        since: this.#account.clock.now,
      };
    }
    return composite;
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
