import type { Executions } from '../../aws/execution.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { isBefore, laterOf } from '../../core/lease/priority.js';
import { sourceOf } from '../../core/lease/service-state.js';
import type { RecordName } from '../../core/records/record-name.js';
import { type Image, isArrival, type ReleaseRecord } from '../../core/records/records.js';
import { type Claim, coversService, startedDeployments } from '../../core/release/claim-digest.js';
import { ignoreMissingRecord } from './ignore-missing-record.js';

type Deps = {
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly records: Pick<RecordRepository, 'claim' | 'claimed' | 'recordLaterClaimPush' | 'release' | 'deployment' | 'deploymentNamed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'recordLaterPush'>;
};

type Planned = ReleaseRecord & { readonly image: Image };

/**
 * One release a digest: three tags of one image, or an event delivered twice, are one release. Answers the execution of
 * another release in progress that covers everything that this one would deploy; undefined if there is none.
 */
export const findActiveRelease = async (deps: Deps, name: RecordName, release: Planned): Promise<string | undefined> => {
  const { records } = deps;
  const { repository, image, execution } = release;
  const mine: Claim = { execution, pushedAt: pushOf(release), record: name };
  const holder = await claim(deps, repository, image.digest, mine);
  if (holder === execution) return undefined;
  const claimed = await records.claimed(repository, image.digest);
  await recordLaterPush(deps, release, claimed, holder);
  if (!claimed || (await seesToAll(deps, claimed, release))) return holder;
  // From here on later pushes of the digest find this release; lease, priority and what runs keep the two apart.
  await records.claim(repository, image.digest, { ...mine, pushedAt: laterOf(mine.pushedAt, claimed.pushedAt) }, holder);
  return undefined;
};

/** Takes the claim over from a release that has ended. */
const claim = async ({ records, executions }: Deps, repository: string, digest: string, mine: Claim): Promise<string> => {
  const holder = await records.claim(repository, digest, mine);
  // Empty: it was released between the two calls.
  if (holder === mine.execution || (holder !== '' && (await executions.isRunning(holder)))) return holder;
  return records.claim(repository, digest, mine, holder);
};

/**
 * A later push of the same digest, such as a tag moved back to it, makes it newer than what was pushed in between. Saved at
 * once for services that run it, and at the end of the deployment for services that get it now.
 */
const recordLaterPush = async (
  { records, states }: Deps,
  { repository, image: { digest }, stages = [], ...release }: Planned,
  claimed: Claim | undefined,
  execution: string,
): Promise<void> => {
  const later = pushOf(release);
  if (claimed && isBefore(claimed.pushedAt, later)) await records.recordLaterClaimPush(repository, digest, { execution, pushedAt: later });
  for (const { service } of stages.flatMap(({ deployments }) => deployments)) {
    const { lastDeployed } = sourceOf(await states.of(service), repository);
    if (lastDeployed?.digest === digest && isBefore(lastDeployed.pushedAt, later))
      await states.recordLaterPush(service, repository, { ...lastDeployed, pushedAt: later });
  }
};

/** Asked after the later push is saved in the claim: a deployment in progress ends with that push time. */
const seesToAll = async (
  { records, states }: Deps,
  { record }: Claim,
  { image: { repository, digest }, trigger, ...mine }: Planned,
): Promise<boolean> => {
  const release = record === undefined ? undefined : await records.release(record).catch(ignoreMissingRecord);
  // Claimed without a record name, or for this very push, whose event came twice.
  if (!release || (isArrival(trigger) && !isBefore(pushOf(release), pushOf(mine)))) return true;
  for (const { service, name, isDue } of startedDeployments(release)) {
    const state = await states.of(service);
    const present = [...Object.values(state.queued ?? {}), ...(state.lease ? [state.lease] : [])];
    const others = await Promise.all(present.map((one) => records.deployment(one.record).catch(ignoreMissingRecord)));
    const child = isDue ? await records.deploymentNamed(service, name, release.startedAt) : undefined;
    if (!coversService({ state, others, child, isDue }, { repository, digest }, pushOf(release))) return false;
  }
  return true;
};

const pushOf = ({ pushedAt, startedAt }: Pick<ReleaseRecord, 'pushedAt' | 'startedAt'>): string => pushedAt ?? startedAt;
