import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Alarm, type AlarmSettings, type AlarmState, actionsFor, checkSettings, type StateValue, watchedQueue } from './alarm.js';
import { evaluate, evaluationRange } from './evaluation.js';
import { Metrics, metricOf } from './metrics.js';
import { configurationOf, notificationOf, stateChangeOf } from './state-change.js';

const sampleEveryMs = 60_000;

/** The account's alarms, and the metrics that they watch. */
export class Alarms {
  readonly metrics = new Metrics();
  readonly #account: Account;
  readonly #alarms = new Map<string, Alarm>();
  #isSampling = false;
  /** Called when an alarm has changed its state, after its event and before its actions. */
  onChange: () => void = () => {};

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
    if (watchedQueue(settings) !== undefined && !this.#isSampling) this.#sampleQueues();
    this.#alarms.set(name, { name, arn, settings, configuredAt: now, state });
  }

  /** Measures the queues once a minute, as SQS does. Makes no time pass. */
  #sampleQueues(): void {
    this.#isSampling = true;
    const queues = new Set([...this.#alarms.values()].flatMap(({ settings }) => watchedQueue(settings) ?? []));
    for (const queue of queues) this.#sample(queue);
    this.#account.clock.after(sampleEveryMs, () => this.#sampleQueues(), { isBackground: true });
  }

  /** AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics */
  #sample(queue: string): void {
    const account = this.#account;
    try {
      const { sqs } = account.services;
      const queueArn = account.arn('sqs', queue);
      const { visible, inFlight } = sqs.depth(queueArn);
      const values = {
        ApproximateNumberOfMessagesVisible: visible,
        ApproximateNumberOfMessagesNotVisible: inFlight,
        ApproximateAgeOfOldestMessage: sqs.ageOfOldestMessage(queueArn),
      };
      for (const [name, value] of Object.entries(values))
        this.metrics.put({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queue } }, value, account.clock.now, { isGauge: true });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
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

  /**
   * An alarm is evaluated when it is read, by the metrics that are emulated: those of queues, the invocations of functions, and
   * what functions write to their logs. Any other alarm keeps the state that was set.
   */
  #evaluate(alarm: Alarm): void {
    const { settings } = alarm;
    const queue = watchedQueue(settings);
    if (queue !== undefined) this.#sample(queue);
    const metric = metricOf(settings);
    if (!this.metrics.hasNamespace(metric.namespace)) return;
    const { Statistic: statistic = 'Average', Period: period = 60, Threshold } = settings;
    const range = { statistic, period, count: evaluationRange(settings) };
    const periods = this.metrics.periods(metric, range, this.#account.clock.now);
    const value = evaluate(settings, periods);
    if (value === undefined) return;
    const shown = periods.map((datapoint) => datapoint ?? 'missing').join(', ');
    this.setState(alarm, value, `Threshold Crossed: ${metric.name} was ${shown}, the newest first; the threshold is ${Threshold}`);
  }

  setState(alarm: Alarm, value: StateValue, reason: string, reasonData?: string): void {
    if (value === alarm.state.value) return;
    const { clock, log, services } = this.#account;
    const previous: AlarmState = alarm.state;
    alarm.state = { value, reason, reasonData, since: clock.now };
    log.add('cloudwatch', 'alarm-state-changed', { alarm: alarm.name, from: previous.value, to: value, reason });
    services.events.emit(stateChangeOf(alarm, previous, configurationOf(alarm)));
    this.onChange();
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
