import type { Outcome } from '../../../core/result/result.js';
import type { RowState, ServiceKind } from '../../api.js';
import type { IconName } from '../parts/icon-paths.js';

export type Tone = 'red' | 'amber' | 'green' | 'blue' | 'violet' | 'none';
type Look = { readonly icon: IconName; readonly tone: Tone };

const looks: Readonly<Record<ServiceKind, Look & { readonly words: string }>> = {
  steady: { icon: 'check', tone: 'none', words: 'Steady' },
  starting: { icon: 'moving', tone: 'blue', words: 'Starting' },
  beforeTask: { icon: 'moving', tone: 'blue', words: 'Before task' },
  rollingOut: { icon: 'moving', tone: 'blue', words: 'Rolling out' },
  verifying: { icon: 'moving', tone: 'blue', words: 'Verifying' },
  rollingBack: { icon: 'back', tone: 'amber', words: 'Rolling back' },
  approval: { icon: 'approval', tone: 'violet', words: 'Waits for approval' },
  window: { icon: 'window', tone: 'none', words: 'Waits for its window' },
  scan: { icon: 'shield', tone: 'none', words: 'Waits for the image scan' },
  queued: { icon: 'queue', tone: 'none', words: 'Queued' },
  hold: { icon: 'hold', tone: 'none', words: 'On hold' },
  failed: { icon: 'failed', tone: 'red', words: 'ROLLBACK_FAILED' },
  unknown: { icon: 'unknown', tone: 'red', words: 'UNKNOWN' },
  empty: { icon: 'empty', tone: 'none', words: 'Nothing running' },
  external: { icon: 'external', tone: 'amber', words: 'Changed by another deployer' },
  untouched: { icon: 'check', tone: 'none', words: 'Not deployed by Slipway yet' },
  missing: { icon: 'warning', tone: 'amber', words: 'ECS has no such service' },
  unreadable: { icon: 'warning', tone: 'amber', words: 'Its record cannot be read' },
};

const moving: ReadonlySet<ServiceKind> = new Set(['starting', 'beforeTask', 'rollingOut', 'verifying', 'rollingBack']);
const calm: ReadonlySet<ServiceKind> = new Set(['steady', 'untouched', 'empty']);

export const isMoving = (kind: ServiceKind): boolean => moving.has(kind);
export const isSteady = (kind: ServiceKind): boolean => calm.has(kind);
export const lookOfKind = (kind: ServiceKind): Look => looks[kind];

/** A state in words, and what is known of it. `until` says when something ends or begins, by the reader's time zone. */
export const wordsOfState = (state: RowState, until: (iso: string) => string): { readonly text: string; readonly detail?: string } => {
  const text = wordsOf(state, until);
  const detail = detailOf(state, until);
  return detail ? { text, detail } : { text };
};

const wordsOf = ({ kind, done, of, by, until: end }: RowState, until: (iso: string) => string): string => {
  const { words } = looks[kind];
  if (kind === 'hold') return `${words}${by ? ` by ${by}` : ''} until ${end ? until(end) : 'released'}`;
  return isMoving(kind) && of !== undefined ? `${words} ${done ?? 0}/${of}` : words;
};

const detailOf = (
  { kind, starting, failed, reason, waits, until: end, message }: RowState,
  until: (iso: string) => string,
): string | undefined => {
  switch (kind) {
    case 'failed':
    case 'unknown':
      return reason;
    case 'rollingOut':
    case 'rollingBack':
      return [starting ? `${starting} starting` : '', failed ? `${failed} failed` : ''].filter(Boolean).join(', ') || undefined;
    case 'hold':
      return waits && `${waits} waits`;
    case 'window':
      return [waits, end && `at ${until(end)}`].filter(Boolean).join(' ') || undefined;
    case 'approval':
    case 'queued':
    case 'scan':
      return waits;
    case 'empty':
      return 'desired count is 0';
    case 'unreadable':
      return message;
    default:
      return undefined;
  }
};

const outcomeLooks: Readonly<Record<Outcome, Look>> = {
  SUCCEEDED: { icon: 'succeeded', tone: 'green' },
  SKIPPED: { icon: 'skipped', tone: 'none' },
  SUPERSEDED: { icon: 'skipped', tone: 'none' },
  PARTIAL: { icon: 'succeeded', tone: 'amber' },
  ROLLED_BACK: { icon: 'back', tone: 'amber' },
  FAILED: { icon: 'failed', tone: 'red' },
  ROLLBACK_FAILED: { icon: 'failed', tone: 'red' },
  UNKNOWN: { icon: 'unknown', tone: 'red' },
};

export const lookOfOutcome = (outcome: Outcome): Look => outcomeLooks[outcome];

/** Does an operator have to act on it? These ends are solid red. */
export const isAlarm = (outcome: Outcome): boolean => outcome === 'ROLLBACK_FAILED' || outcome === 'UNKNOWN';
