import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import {
  type Alarm,
  type AlarmSettings,
  type AlarmState,
  actionsFor,
  breaches,
  checkSettings,
  type StateValue,
  watchedQueue,
} from './alarm.js';
import { notificationOf, stateChangeOf } from './state-change.js';

/** The account's alarms. */
export class Alarms {
  readonly #account: Account;
  readonly #alarms = new Map<string, Alarm>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** An alarm that is put again keeps its state. */
  put(name: string, arn: string, settings: AlarmSettings): void {
    checkSettings(name, settings);
    const { now } = this.#account.clock;
    const state = this.#alarms.get(name)?.state ?? {
      value: 'INSUFFICIENT_DATA' as const,
      reason: 'Unchecked: Initial alarm creation',
      reasonData: undefined,
      since: now,
    };
    this.#alarms.set(name, { name, arn, settings, configuredAt: now, state });
  }

  /** All alarms, in their present state. */
  get all(): readonly Alarm[] {
    const alarms = [...this.#alarms.values()];
    for (const alarm of alarms) this.#evaluate(alarm);
    return alarms;
  }

  find(name: string): Alarm | undefined {
    const alarm = this.#alarms.get(name);
    if (alarm) this.#evaluate(alarm);
    return alarm;
  }

  /** An alarm on a queue's depth is evaluated when it is read; every other alarm keeps the state that was set. */
  #evaluate(alarm: Alarm): void {
    const queue = watchedQueue(alarm.settings);
    if (queue === undefined) return;
    let visible: number;
    try {
      visible = this.#account.services.sqs.depth(this.#account.arn('sqs', queue)).visible;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return;
    }
    const value: StateValue = breaches(alarm.settings, visible) ? 'ALARM' : 'OK';
    this.setState(alarm, value, `Threshold Crossed: the queue ${queue} has ${visible} visible messages`);
  }

  setState(alarm: Alarm, value: StateValue, reason: string, reasonData?: string): void {
    if (value === alarm.state.value) return;
    const { clock, log, services } = this.#account;
    const previous: AlarmState = alarm.state;
    alarm.state = { value, reason, reasonData, since: clock.now };
    log.add('cloudwatch', 'alarm-state-changed', { alarm: alarm.name, from: previous.value, to: value, reason });
    services.events.emit(stateChangeOf(alarm, previous));
    const notification = notificationOf(this.#account, alarm, previous);
    for (const topicArn of actionsFor(alarm.settings, value)) {
      try {
        services.sns.publish({ arn: 'cloudwatch.amazonaws.com', kind: 'service', sourceArn: alarm.arn }, topicArn, notification);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        log.add('cloudwatch', 'action-failed', { alarm: alarm.name, action: topicArn, error: error.message });
      }
    }
  }
}
