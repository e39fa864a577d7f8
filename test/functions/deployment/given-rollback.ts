import type { Verification } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord } from '../../../core/records/records.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import { rollBack } from '../../../functions/deployment/roll-back.js';
import { deploymentRecord, execution, later, startedAt } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { nothingCaught } from '../given-failure.js';
import { serviceOn } from '../given-service.js';
import { verifying } from './given-verification.js';

export const name = 'service#production/web deployment#1';
export const crashed = { outcome: 'ROLLBACK_FAILED', reason: 'CRASHED', message: '3 tasks failed' } as const;
export const cancelled = { outcome: 'ROLLBACK_FAILED', reason: 'CANCELLED', message: 'ann cancelled it' } as const;

export const visit = { number: 6, retry: 0 };
export const retry = { number: 6, retry: 1 };
export const nextVisit = { number: 8, retry: 0 };
const watched = {
  'production/web': { record: name, execution, fencingToken: 1, news: 1, seen: 1, token: 'of WatchRollout', revision: ours, limit: 3 },
};

/** An ECS in which the service is on a revision, our rollout has a status, and an update has a rollout of its own. */
export const given = ({
  on = ours,
  seen = rollout(),
  record = {},
  stopError,
  updateError,
  desiredCount = 3,
  verify,
}: {
  on?: string | undefined;
  seen?: Rollout | undefined;
  record?: Partial<DeploymentRecord>;
  stopError?: Error;
  updateError?: Error;
  desiredCount?: number;
  verify?: Verification;
}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision,
        revision: ours,
        updateRequestedAt: startedAt,
        serviceDeployment: seen?.arn ?? '',
        ...record,
      }),
    },
    watched,
  });
  const calls: string[] = [];
  let current = on;
  const run = rollBack({
    configuration: verifying(verify),
    services: {
      describe: async () => (current === '' ? undefined : serviceOn(current, { desiredCount })),
      update: async (_, taskDefinition) => {
        calls.push(`update ${taskDefinition} by method ${(await table.record(name))?.rollback?.method}`);
        if (updateError) throw updateError;
        current = taskDefinition;
        return undefined;
      },
    },
    rollouts: {
      describe: async () => seen,
      find: async (_, target) => {
        if (target !== previousRevision) return seen;
        if (updateError) return undefined;
        return calls.length > 0 ? rollout({ arn: 'back', target: previousRevision }) : seen;
      },
      newestServiceRevision: async () => seen?.targetServiceRevision,
      stop: async (arn) => {
        calls.push(`stop ${arn} by method ${(await table.record(name))?.rollback?.method}`);
        if (stopError) throw stopError;
      },
    },
    ...table,
  });
  const input = { service: 'production/web', record: name, result: crashed, caught: nothingCaught, execution, visit, now: later };
  return { table, calls, run: (changes: object = {}) => run({ ...input, ...changes }) };
};
export const finished = rollout({ status: 'SUCCESSFUL' });
