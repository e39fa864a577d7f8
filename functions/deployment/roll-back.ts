import { Ledger } from '../../aws/ledger.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { isNamed, isRefused } from '../../aws/trouble.js';
import { type Decision, DeploymentResultInput } from '../../core/contracts.js';
import { stragglerSeconds } from '../../core/lease.js';
import { secondsUntilNextLook } from '../../core/poll-interval.js';
import type { DeploymentRecord, RecordName, Rollback } from '../../core/records.js';
import { stepFailed } from '../../core/result/final-result.js';
import * as messages from '../../core/result/messages.js';
import { type Result, type RollbackReason, resultOf, unfinished } from '../../core/result/result.js';
import { isDeleted } from '../../core/rollout/observation.js';
import { chooseRollbackMethod } from '../../core/rollout/rollback-method.js';
import { type Failure, succeeded } from '../../core/rollout/rollout-decision.js';
import { provenBy } from '../../core/wanted.js';
import { defineStep } from '../runtime/define-step.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { type Eyes, look, type Seen } from '../shared/look.js';

type Deps = Eyes & {
  readonly services: Pick<Services, 'describe' | 'update'>;
  readonly rollouts: Pick<ServiceDeployments, 'describe' | 'find' | 'newestRevision' | 'stop'>;
  readonly ledger: Pick<Ledger, 'deployment' | 'update' | 'noteCall'>;
};

/** Task state `RollBack`: reads ECS again, then stops the rollout, or updates the service, or finds nothing to roll back. */
export const rollBack =
  (deps: Deps) =>
  async ({ record: recordName, result, caught, now }: DeploymentResultInput): Promise<Decision<'wait' | 'finish'>> => {
    const record = await deps.ledger.deployment(recordName);
    const { revision = '', base = '', wayTo } = record;
    const to = wayTo ?? base;
    const secondsSoFar = (Date.parse(now) - Date.parse(record.back?.since ?? now)) / 1000;
    const watch = {
      action: 'wait',
      waitSeconds: Math.max(stragglerSeconds, secondsUntilNextLook(secondsSoFar)),
      result: unfinished,
    } as const;
    const finish = (of: Result): Decision<'finish'> => ({ action: 'finish', waitSeconds: 0, result: of });

    // Run again after its answer was lost, the step finds its own update in progress, or complete.
    const seen = await look(deps, record, now);
    if (record.back?.method === 'update' && (seen.rollout || seen.service?.taskDefinition === to)) return watch;

    const observed = { ...seen, revision, previousRevision: base, rollbackTarget: wayTo };
    // A step that failed says nothing of the rollout, and the rollout may have succeeded meanwhile.
    if (record.back === undefined && caught.error !== '' && seen.rollout?.status === 'SUCCESSFUL') {
      const decision = succeeded({ ...observed, operation: record.operation?.kind, digests: provenBy(record.image) });
      if (decision.action === 'finish') {
        if (seen.service?.desiredCount === 0) await deps.ledger.update(recordName, { ran: false });
        return finish(decision.result);
      }
    }

    const failure = failureOf(record, result, caught);
    const method = chooseRollbackMethod(observed, record.back?.from);
    if (method === 'superseded') return finish(superseded(failure.message, seen.service));

    const back: Rollback = {
      since: record.back?.since ?? now,
      method,
      ...failure,
      ...(method === 'update' && seen.service && { from: seen.service.taskDefinition }),
    };
    if (method === 'update') await update(deps, { name: recordName, service: record.service, to, back, now });
    else await deps.ledger.update(recordName, { back, misses: 0 });
    if (method === 'stop' && seen.rollout) await stop(deps, seen.rollout.arn);
    return watch;
  };

/** At most once a visit: of two runs at the same time one sends it. If it never arrives, the looks find nothing, and it is sent anew. */
const update = async (
  { services, ledger }: Deps,
  { name, service, to, back, now }: { name: RecordName; service: string; to: string; back: Rollback; now: string },
): Promise<void> => {
  if (!(await ledger.noteCall(name, 'backSent', now, { back, misses: 0 }))) return;
  await services.update(service, to).catch(async (error: unknown) => {
    if (isRefused(error)) await ledger.update(name, { backSent: '' });
    throw error;
  });
};

/** A refused stop means that the rollout has ended meanwhile: the next look says how. */
const stop = async ({ rollouts }: Deps, arn: string): Promise<void> => {
  await rollouts.stop(arn).catch((error: unknown) => {
    if (!isNamed(error, 'ConflictException', 'InvalidParameterException', 'ServiceDeploymentNotFoundException')) throw error;
  });
};

/** Why the service is rolled back: the first reason stays, though the method may change. */
const failureOf = ({ back }: DeploymentRecord, result: Result, caught: DeploymentResultInput['caught']): Failure => {
  if (back) return { reason: back.reason, message: back.message };
  if (caught.error === '' && result.outcome === 'ROLLBACK_FAILED')
    return { reason: result.reason as RollbackReason, message: result.message };
  return { reason: 'AWS_ERROR', message: stepFailed(caught) };
};

const superseded = (failure: string, service: Seen['service']): Result =>
  isDeleted(service)
    ? resultOf('SUPERSEDED', 'SERVICE_DELETED', messages.deletedBeforeRollback(failure))
    : resultOf('SUPERSEDED', 'NEWER_DEPLOYMENT', messages.supersededBeforeRollback(failure));

export const { step, handler } = defineStep({
  name: 'RollBack',
  input: DeploymentResultInput,
  permissions: atPackaging([
    { allow: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'], on: 'services', for: 'the rollback' },
    { allow: ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'], on: 'serviceDeployments', for: 'the rollback' },
    { allow: ['ecs:DescribeServiceRevisions'], on: 'serviceRevisions', for: 'the rollback' },
    { allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], on: 'table', for: 'the record' },
  ]),
  onFailure: atPackaging(
    'another read and another try; after three failures ROLLBACK_FAILED, or UNKNOWN where not even the reason is known',
  ),
  onRepeat: atPackaging('stops what is being stopped already, or finds the update that is under way'),
  run: (environment) =>
    rollBack({
      services: new Services(environment.clients),
      rollouts: new ServiceDeployments(environment.clients),
      ledger: new Ledger(tableIn(environment)),
    }),
});
