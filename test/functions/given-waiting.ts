import type { WaitingStepInput } from '../../core/step/contracts.js';
import { execution, later } from '../core/given.js';

/** The input of a step that may wait: the first visit of a deployment of production/web. */
export const waiting = (changes: Partial<WaitingStepInput> = {}): WaitingStepInput => ({
  service: 'production/web',
  record: 'service#production/web deployment#1',
  execution,
  visit: { number: 1, retry: 0 },
  now: later,
  token: 'token of the visit',
  because: 'entered',
  seconds: 120,
  deadline: '',
  ...changes,
});

/** A Step Functions that refuses the tokens in `closed`, and records the answers that it has taken. */
export const givenTokens = (...closed: string[]) => {
  const taken: (readonly [token: string, answer: 'Woken' | object])[] = [];
  const answer = async (token: string, what: 'Woken' | object): Promise<boolean> => {
    if (closed.includes(token)) return false;
    taken.push([token, what]);
    // A token is answered once.
    closed.push(token);
    return true;
  };
  return {
    taken,
    tokens: { wake: (token: string) => answer(token, 'Woken'), succeed: (token: string, output: object) => answer(token, output) },
  };
};
