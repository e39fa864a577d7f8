import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import type { WaitingStepInput } from '../../../core/step/contracts.js';
import { acquireLease } from '../../../functions/deployment/acquire-lease.js';
import { deploymentRecord, later, lease, priority, queueEntry, startedAt } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens, waiting } from '../given-waiting.js';

/** The record of the deployment that asks for the lease, and that of `other`. */
export const name = 'service#production/web deployment#1';
export const others = 'service#production/web deployment#0';
export const releaseName = 'repository#my-learn-app release#1';
export const other = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
export const third = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:three';
export const earlier = '2026-11-23T11:59:00.000Z';

export const push = (changes: object = {}) => priority({ isByHand: false, pushedAt: startedAt, ...changes });

/** The lease of `other`. */
export const held = (changes: Partial<ReturnType<typeof lease>> = {}) =>
  lease({ execution: other, record: others, priority: push({ execution: other, pushedAt: earlier }), ...changes });

type Liveness = { readonly isRunning: boolean; readonly endedAt: Date | undefined };
export const running: Liveness = { isRunning: true, endedAt: undefined };
export const endedAt = (time: string): Liveness => ({ isRunning: false, endedAt: new Date(time) });
export const forgotten: Liveness = { isRunning: false, endedAt: undefined };

/** The lease and the place of the deployment that asks for it, once it has them. */
export const mine = lease({ since: later, priority: push() });
export const myPlace = queueEntry({ since: later, priority: push(), token: 'token of the visit' });

export type Given = {
  readonly record?: Partial<DeploymentRecord>;
  /** Its release, `releaseName`. */
  readonly release?: ReleaseRecord | undefined;
  readonly state?: ServiceState;
  readonly everywhere?: ServiceState;
  /** The record of the deployment whose execution is `other`. */
  readonly itsRecord?: Partial<DeploymentRecord>;
  readonly liveness?: Record<string, Liveness>;
  readonly watched?: NonNullable<Parameters<typeof givenTable>[0]>['watched'];
  /** Tokens for which nothing waits. */
  readonly closed?: readonly string[];
};

/** A deployment of a push, and what others have done to its service. */
export const given = ({
  record = {},
  release,
  state = {},
  everywhere = {},
  itsRecord,
  liveness = { [other]: running, [third]: running },
  watched = {},
  closed = [],
}: Given = {}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({ trigger: { kind: 'push' }, pushedAt: startedAt, ...record }),
      ...(release && { [releaseName]: release }),
      ...(itsRecord && { [others]: deploymentRecord({ execution: other, ...itsRecord }) }),
    },
    states: { 'production/web': state, '*': everywhere },
    watched,
  });
  const { tokens, taken } = givenTokens(...closed);
  const run = acquireLease({
    executions: {
      livenessOf: async (one) => {
        const found = liveness[one];
        if (!found) throw new Error(`unexpected question about ${one}`);
        return found;
      },
    },
    tokens,
    ...table,
  });
  return {
    table,
    tokens,
    /** The tokens that were answered. */
    taken,
    state: () => table.state('production/web'),
    run: (now = later, changes: Partial<WaitingStepInput> = {}) => run(waiting({ now, ...changes })),
  };
};
