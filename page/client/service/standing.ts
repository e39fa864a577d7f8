import type { ServiceDetail } from '../../api.js';
import { isSteady, type Tone, wordsOfState } from '../format/state.js';
import { count } from '../format/text.js';

type Standing = {
  readonly title: string;
  readonly text: string;
  readonly tone: Extract<Tone, 'amber' | 'none'> | 'solid';
};

/** How the service stands, if it is not simply running; `near` says a time as its reader would. */
export const standingOf = (
  { row, withheld }: Pick<ServiceDetail, 'row' | 'withheld'>,
  near: (iso: string) => string,
): Standing | undefined => {
  const { state } = row;
  if (isSteady(state.kind) && state.kind !== 'empty') return undefined;
  const { text, detail } = wordsOfState(state, near);
  switch (state.kind) {
    case 'failed':
    case 'unknown':
      return { title: text, text: [detail, state.message].filter(Boolean).join(': '), tone: 'solid' };
    case 'hold':
      return { title: 'On hold', text: wordsOfHold(state, withheld, near), tone: 'none' };
    case 'external':
    case 'missing':
    case 'unreadable':
    case 'rollingBack':
      return { title: text, text: detail ?? state.message ?? '', tone: 'amber' };
    default:
      return { title: text, text: detail ?? '', tone: 'none' };
  }
};

const wordsOfHold = (
  { by, since, until, message, waits }: ServiceDetail['row']['state'],
  withheld: ServiceDetail['withheld'],
  near: (iso: string) => string,
): string => {
  const who = by ? `${by} holds it` : 'It is held';
  const held = `${who}${since ? ` since ${near(since)}` : ''}${until ? `, until ${near(until)}` : ''}${message ? `: “${message}”` : ''}.`;
  const pushedAt = withheld[0]?.pushedAt;
  return waits
    ? `${held} ${waits}${pushedAt ? `, pushed ${near(pushedAt)},` : ''} waits and is deployed when the hold is released.`
    : `${held} Nothing waits.`;
};

/** Of the lease and the queue. */
export const wordsOfQueue = ({ queued, withheld }: Pick<ServiceDetail, 'queued' | 'withheld'>, near: (iso: string) => string): string => {
  if (withheld[0]) return `${withheld[0].tag ?? withheld[0].digest}, kept back by the hold`;
  if (queued.length === 0) return 'empty';
  return `${count(queued.length, 'deployment')}, the first since ${near(queued[0]?.since ?? '')}`;
};
