import type { Trigger } from '../records/records.js';
import type { Outcome, Reason, Result } from '../result/result.js';
import type { Message } from './message.js';

/** What an outcome means, as text. */
const meaning: Record<Outcome, string> = {
  SUCCEEDED: 'deployed',
  PARTIAL: 'deployed in part; some services were skipped',
  SKIPPED: 'skipped, nothing changed',
  SUPERSEDED: 'superseded by something newer',
  FAILED: 'failed, nothing changed',
  ROLLED_BACK: 'failed and rolled back',
  ROLLBACK_FAILED: 'failed, and the rollback failed, too: check the service now',
  UNKNOWN: 'final state unknown: check the service now',
};

/** What a reason says beyond its outcome. */
const meaningOfReason: Partial<Record<Reason, string>> = {
  ROLLED_BACK_BY_OPERATOR: 'an operator rolled back to it',
  REDEPLOYED: 'deployed again',
  NOTHING_RUNNING: 'deployed; nothing is running',
  HELD: 'on hold',
  UNHELD: 'no longer on hold',
  CANCEL_REQUESTED: 'cancel requested',
};

/** What the result of a service means. */
export const meaningOfResult = ({ outcome, reason }: Result): string => {
  if (outcome === 'ROLLED_BACK' && reason === 'CANCELLED') return 'cancelled and rolled back';
  return meaningOfReason[reason] ?? meaning[outcome];
};

/** What the result of a notification means: a failed release may have changed some of its services. */
export const meaningOf = ({ result, services }: Message): string => {
  const isPartial = services.some(({ result: { outcome } }) => outcome === 'SUCCEEDED');
  if (isPartial && result.outcome === 'FAILED') return 'failed; some services run it';
  return meaningOfResult(result);
};

/** Formats whole seconds: `1 h 2 min`, `3 min 5 s`, `12 s`. */
export const duration = (total: number): string => {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`;
};

const triggers: Readonly<Record<Exclude<Trigger['kind'], 'hand' | 'releasedHold'>, string>> = {
  push: 'a push',
  replication: 'a replication',
  pullThroughCache: 'a pull-through cache',
  reconcile: 'the reconciler, for a missed push event',
};

/** What started it, with the operator and the reason if they are known. */
export const startedBy = (trigger: Trigger | undefined): string => {
  if (!trigger) return '';
  if (trigger.kind === 'releasedHold') return heldBack(trigger);
  if (trigger.kind !== 'hand') return triggers[trigger.kind];
  return `hand${trigger.by ? `, ${trigger.by}` : ''}${trigger.reason ? `: ${trigger.reason}` : ''}`;
};

/** `held back by ada until 14:05 UTC; bob released the hold: done`. */
const heldBack = ({ hold, until = '', by, reason }: Trigger): string => {
  const end = by || reason ? `; ${by ?? 'an operator'} released the hold${reason ? `: ${reason}` : ''}` : '';
  return `held back by ${hold?.by ?? 'an operator'} until ${until.slice(11, 16)} UTC${end}`;
};

/** A title without the outcome: `my-learn-app:main-7 (a1b2c3d4a1b2) on production/web`. */
export const titleOf = ({ to, services, stage, command }: Message): string => {
  if (command) return command.service === '*' ? 'every service' : command.service;
  const [only] = services;
  const where = services.length === 1 && only ? only.service : stage;
  return [to || 'a deployment', where && `on ${where}`].filter(Boolean).join(' ');
};

/** The title after the outcome, which a command does not have: its meaning says it all. */
export const headlineOf = (message: Message): string =>
  message.command ? titleOf(message) : `${message.result.outcome}: ${titleOf(message)}`;
