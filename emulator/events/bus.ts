import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { BusEvent, RuleSpec } from './api.js';
import { deliver } from './delivery.js';
import { type Rule, readRule } from './rule.js';
import type { Target } from './target.js';

/** Of delivery faults. */
const defaultDelayMs = 60_000;

/** The default bus: its rules, and the delivery of events to their targets. */
export class Bus {
  readonly #account: Account;
  readonly #rules = new Map<string, Rule>();
  /** Deliveries that a fault holds back. */
  readonly #heldBack = new Map<Target, (() => Promise<void>)[]>();

  constructor(account: Account) {
    this.#account = account;
  }

  get rules(): readonly RuleSpec[] {
    return [...this.#rules.values()].map(({ spec }) => spec);
  }

  /** @throws AwsError ResourceNotFoundException */
  ruleNamed(name: string): RuleSpec {
    const rule = this.#rules.get(name);
    if (rule) return rule.spec;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  }

  putRule(spec: RuleSpec): void {
    const rule = readRule(spec);
    this.#account.clock.cancel(this.#rules.get(spec.name)?.timer);
    this.#rules.set(spec.name, rule);
    this.#scheduleNext(rule);
  }

  emit(event: Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'>, time = this.#account.clock.date()): string {
    const { random, accountId, region } = this.#account;
    const complete: BusEvent = {
      version: '0',
      id: random.uuid(),
      'detail-type': event['detail-type'],
      source: event.source,
      account: accountId,
      time: `${time.toISOString().slice(0, 19)}Z`,
      region,
      resources: event.resources,
      // A copy, as over the wire, so that later changes of the original have no effect.
      detail: JSON.parse(JSON.stringify(event.detail)) as BusEvent['detail'],
    };
    this.put(complete);
    return complete.id;
  }

  put(event: BusEvent): void {
    const { log } = this.#account;
    log.add('events', 'event', { 'detail-type': event['detail-type'], source: event.source, id: event.id });
    const matching = [...this.#rules.values()].filter(({ spec, matches }) => spec.isEnabled && matches(event));
    if (matching.length === 0) log.add('events', 'unmatched', { 'detail-type': event['detail-type'], detail: event.detail, id: event.id });
    for (const rule of matching) this.#trigger(rule, event);
  }

  #trigger(rule: Rule, event: BusEvent): void {
    const { log } = this.#account;
    log.add('events', 'matched', { rule: rule.spec.name, 'detail-type': event['detail-type'], id: event.id });
    for (const target of rule.spec.targets) this.#deliverSoon(rule, target, event);
  }

  #deliverSoon(rule: Rule, target: Target, event: BusEvent): void {
    const { clock, faults, log, random } = this.#account;
    const fault = faults.ofDelivery(rule.spec.name, event['detail-type']);
    if (fault) log.add('fault', `delivery-${fault.kind}`, { rule: rule.spec.name, target: target.arn, id: event.id });
    if (fault?.kind === 'lost') return;
    const putAt = clock.now;
    const once = (delayMs: number) =>
      clock.after(delayMs + random.between(0, 500), async () => {
        await deliver(this.#account, { rule, target, event }, putAt);
        for (const release of this.#heldBack.get(target)?.splice(0) ?? []) clock.after(1000, release);
      });
    switch (fault?.kind) {
      case 'reordered':
        this.#holdBack(target, fault.delayMs ?? defaultDelayMs, () => deliver(this.#account, { rule, target, event }, putAt));
        break;
      case 'doubled':
        once(0);
        once(fault.delayMs ?? 0);
        break;
      default:
        once(fault?.kind === 'delayed' ? (fault.delayMs ?? defaultDelayMs) : 0);
    }
  }

  /** Delivers after the next event that the target gets from its rule, at most `atMostMs` later. */
  #holdBack(target: Target, atMostMs: number, deliverNow: () => Promise<void>): void {
    const { clock } = this.#account;
    let isReleased = false;
    const release = async (): Promise<void> => {
      if (isReleased) return;
      isReleased = true;
      clock.cancel(deadline);
      await deliverNow();
    };
    const deadline = clock.after(atMostMs, release);
    this.#heldBack.set(target, [...(this.#heldBack.get(target) ?? []), release]);
  }

  #scheduleNext(rule: Rule): void {
    const { clock, random, accountId, region } = this.#account;
    const next = rule.spec.isEnabled ? rule.schedule?.(clock.now) : undefined;
    if (next === undefined) return;
    const run = (): void => {
      this.#scheduleNext(rule);
      this.#trigger(rule, {
        version: '0',
        id: random.uuid(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: accountId,
        time: `${clock.date().toISOString().slice(0, 19)}Z`,
        region,
        resources: [rule.spec.arn],
        detail: {},
      });
    };
    rule.timer = clock.at(next, run, { isBackground: true });
  }
}
