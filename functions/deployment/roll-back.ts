import { Ledger } from '../../aws/ledger.js';
import { Services } from '../../aws/service.js';
import { ServiceDeployments } from '../../aws/service-deployment.js';
import { isNamed, isRefused } from '../../aws/trouble.js';
import { told } from '../../core/closing.js';
import { type Decision, DeploymentEndingInput, unfinished } from '../../core/contracts.js';
import { noEvidence } from '../../core/evidence.js';
import { stragglerSeconds } from '../../core/lease.js';
import type { Cause, Ending } from '../../core/outcome.js';
import { secondsUntilNextLook } from '../../core/poll-interval.js';
import type { DeploymentRecord, RecordName, WayBack } from '../../core/records.js';
import { isGone, verdictForward } from '../../core/verdict.js';
import { wayBack } from '../../core/verdict-back.js';
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

/** Task state `RollBack`: looks again, then stops the rollout, or takes the service back, or finds nothing to take back. */
export const rollBack =
  (deps: Deps) =>
  async ({ record: recordName, ending, trouble, now }: DeploymentEndingInput): Promise<Decision<'wait' | 'end'>> => {
    const record = await deps.ledger.deployment(recordName);
    const { revision = '', base = '', wayTo } = record;
    const to = wayTo ?? base;
    const secondsSoFar = (Date.parse(now) - Date.parse(record.back?.since ?? now)) / 1000;
    const watch = {
      next: 'wait',
      waitSeconds: Math.max(stragglerSeconds, secondsUntilNextLook(secondsSoFar)),
      ending: unfinished,
    } as const;

    // Run again after its answer was lost, the step finds its own update on the way, or done.
    const seen = await look(deps, record, now);
    if (record.back?.by === 'update' && (seen.rollout || seen.service?.taskDefinition === to)) return watch;

    // What kept CheckRollout from its work was not the rollout: that has its witness here.
    const proof = verdictForward({
      ...seen,
      misses: 0,
      evidence: noEvidence,
      isOverdue: false,
      revision,
      base,
      digests: provenBy(record.image),
    });
    const isTrouble = record.back === undefined && ending.sentence === '';
    if (isTrouble && proof.next === 'end' && proof.ending.outcome === 'SUCCEEDED') {
      if (seen.service?.desiredCount === 0) await deps.ledger.update(recordName, { ran: false });
      return { ...proof, waitSeconds: 0 };
    }

    const by = wayBack({ ...seen, revision, base, wayTo }, record.back?.from);
    if (by === 'superseded') return { next: 'end', waitSeconds: 0, ending: superseded(reasonOf(record, ending, trouble), seen.service) };

    const back: WayBack = {
      since: record.back?.since ?? now,
      by,
      ...reasonOf(record, ending, trouble),
      ...(by === 'update' && seen.service && { from: seen.service.taskDefinition }),
    };
    if (by === 'update') await update(deps, { name: recordName, service: record.service, to, back, now });
    else await deps.ledger.update(recordName, { back, misses: 0 });
    if (by === 'stop' && seen.rollout) await stop(deps, seen.rollout.arn);
    return watch;
  };

/** At most once a visit: of two runs at the same time one sends it. If it never arrives, the looks find nothing, and it is sent anew. */
const update = async (
  { services, ledger }: Deps,
  { name, service, to, back, now }: { name: RecordName; service: string; to: string; back: WayBack; now: string },
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

export const { step, handler } = defineStep({
  name: 'RollBack',
  input: DeploymentEndingInput,
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
