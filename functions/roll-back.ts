import { Ledger } from '../aws/ledger.js';
import { Services } from '../aws/service.js';
import { ServiceDeployments } from '../aws/service-deployment.js';
import { isNamed } from '../aws/trouble.js';
import { told } from '../core/closing.js';
import { type Decision, DeploymentEndingInput, unfinished } from '../core/contracts.js';
import type { Cause, Ending } from '../core/outcome.js';
import { secondsUntilNextLook } from '../core/poll-interval.js';
import type { DeploymentRecord, WayBack } from '../core/records.js';
import { isGone } from '../core/verdict.js';
import { wayBack } from '../core/verdict-back.js';
import { variable } from './environment.js';
import { type Eyes, look, type Seen } from './look.js';
import { lambdaHandler, task } from './task.js';

type Deps = Eyes & {
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find' | 'newestRevision' | 'stop'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update'>;
};

/** Task state `RollBack`: looks again, then stops the rollout, or takes the service back, or finds nothing to take back. */
export const rollBack =
  (deps: Deps) =>
  async ({ record: recordName, ending, trouble, now }: DeploymentEndingInput): Promise<Decision<'wait' | 'end'>> => {
    const record = await deps.ledger.deployment(recordName);
    const { service: name, revision = '', base = '' } = record;
    const secondsSoFar = (Date.parse(now) - Date.parse(record.back?.since ?? now)) / 1000;
    const watch = { next: 'wait', waitSeconds: secondsUntilNextLook(secondsSoFar), ending: unfinished } as const;

    // Run again after its answer was lost, the step finds its own update on the way, or done.
    const seen = await look(deps, record, now);
    if (record.back?.by === 'update' && (seen.rollout || seen.service?.taskDefinition === base)) return watch;

    const by = wayBack({ ...seen, revision, base });
    if (by === 'superseded') return { next: 'end', waitSeconds: 0, ending: superseded(reasonOf(record, ending, trouble), seen.service) };

    const back: WayBack = { since: record.back?.since ?? now, by, ...reasonOf(record, ending, trouble) };
    await deps.ledger.update(recordName, { back, misses: 0 });
    if (by === 'update') await deps.services.update(name, base);
    if (by === 'stop' && seen.rollout) await stop(deps, seen.rollout.arn);
    return watch;
  };

/** A refused stop means that the rollout has ended meanwhile: the next look says how. */
const stop = async ({ rollouts }: Deps, arn: string): Promise<void> => {
  await rollouts.stop(arn).catch((error: unknown) => {
    if (!isNamed(error, 'ConflictException', 'InvalidParameterException', 'ServiceDeploymentNotFoundException')) throw error;
  });
};

/** Why it is taken back: the first reason stays, though the way may change. */
const reasonOf = (
  { back }: DeploymentRecord,
  ending: Ending,
  trouble: DeploymentEndingInput['trouble'],
): { cause: Cause; sentence: string } => {
  if (back) return { cause: back.cause, sentence: back.sentence };
  if (ending.sentence !== '') return { cause: ending.cause || 'AWS_ERROR', sentence: ending.sentence };
  return { cause: 'AWS_ERROR', sentence: told(trouble) };
};

const superseded = ({ cause, sentence }: { cause: Cause; sentence: string }, service: Seen['service']): Ending =>
  isGone(service)
    ? { outcome: 'SUPERSEDED', cause: 'DELETED', sentence: `${sentence}; then the service was deleted` }
    : {
        outcome: 'SUPERSEDED',
        cause,
        sentence: `${sentence}; a newer deployment has taken the service over, so nothing was taken back`,
      };

export const step = task('RollBack', DeploymentEndingInput, (environment) =>
  rollBack({
    services: new Services(environment.clients),
    rollouts: new ServiceDeployments(environment.clients),
    ledger: new Ledger(environment.clients, variable(environment, 'TABLE_NAME')),
  }),
);
export const handler = lambdaHandler(step);
