import { push } from '../cli/example.js';
import type { ExecutionView } from '../emulator/states/api.js';
import { openAccount, type Stack } from './account.js';

/** A release that waits at a gate. */
export type GateUsage = {
  readonly hours: number;
  /** State transitions meanwhile, as they are billed. */
  readonly transitions: number;
  /** Events of its history meanwhile. */
  readonly history: number;
};

const hours = 24;

const services = ['staging', 'production'].map((cluster) => ({ cluster, service: 'web' }));

/** Pushes an image that waits for approval, and counts what a day of it needs. */
export const gateUsage = async (stack: Stack): Promise<GateUsage> => {
  const bench = await openAccount(stack, { tasks: 1, atATime: 1, secondsToHealthy: 10 }, {}, services);
  const { clock, services: aws } = bench.emulator.account;
  const release = (): ExecutionView => {
    const found = aws.states.executions().find(({ machineArn }) => machineArn.endsWith('-release'));
    if (found?.status !== 'RUNNING') throw new Error(`the release does not wait for approval; it is ${found?.status}`);
    return found;
  };
  const usage = () => {
    const { arn } = release();
    return { transitions: aws.states.transitions(arn), history: aws.states.history(arn).length };
  };
  try {
    await push(bench.emulator, 'main-1', 'healthy');
    // Long enough for staging.
    await clock.advance(30 * 60_000);
    const before = usage();
    await clock.advance(hours * 3_600_000);
    const after = usage();
    return { hours, transitions: after.transitions - before.transitions, history: after.history - before.history };
  } finally {
    await bench.close();
  }
};
