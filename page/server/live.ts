import type { StackClient } from '../../cli/stack-client.js';
import type { ClockState, Overview } from '../api.js';
import { accountReads } from './account-reads.js';
import type { Time } from './budget.js';
import type { Live } from './join-source.js';
import { Poller } from './poller.js';

type Options = {
  readonly client: StackClient;
  readonly mode: Overview['mode'];
  /** The stack's time: on the emulator it is virtual. */
  readonly clock: () => ClockState;
  readonly profile?: string | undefined;
};

/** Timers that do not keep a process alive which has nothing else to do. */
const time: Time = {
  now: Date.now,
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

export const createLive = ({ client, mode, clock, profile }: Options): Live =>
  new Poller({ reads: accountReads(client), time, mode, clock, profile });
