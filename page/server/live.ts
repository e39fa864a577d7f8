import type { StackClient } from '../../cli/stack-client.js';
import type { ClockState, Overview } from '../api.js';
import { accountReads } from './account-reads.js';
import { type Budget, machineTime } from './budget.js';
import type { Live } from './join-source.js';
import { Poller } from './poller.js';

type Options = {
  readonly client: StackClient;
  readonly mode: Overview['mode'];
  /** The stack's time: on the emulator it is virtual. */
  readonly clock: () => ClockState;
  readonly profile?: string | undefined;
  /** Shared with what the views read. */
  readonly budget?: Budget;
};

export const createLive = ({ client, mode, clock, profile, budget }: Options): Live =>
  new Poller({ reads: accountReads(client), time: machineTime, mode, clock, profile, budget });
