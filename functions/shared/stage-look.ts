import type { Place } from '../../aws/gates.js';
import type { RecordRepository } from '../../aws/record-repository.js';
import { isTransient } from '../../aws/sdk-errors.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { Topic } from '../../aws/topic.js';
import type { Configuration, Repository, Stage } from '../../core/configuration/configuration.js';
import type { DeploymentCandidate } from '../../core/lease/lease.js';
import { withoutRepeats } from '../../core/preflight/finding.js';
import type { Image, ReleaseRecord } from '../../core/records/records.js';
import type { Announcement } from '../../core/release/gate-decision.js';
import { deploymentsOf } from '../../core/release/release-plan.js';
import type { Opening } from '../../core/release/window.js';
import type { Result } from '../../core/result/result.js';
import type { StageGateInput } from '../../core/step/contracts.js';
import { logger } from '../runtime/logger.js';
import type { StageCheck, StageToCheck } from './preflight.js';
import { orUndefined } from './publish-notification.js';
import { publishWaiting } from './publish-waiting.js';
import { arrivalOf } from './take-gate.js';
import { readSkips, splitResult } from './whole-stage.js';

type Deps = {
  readonly configuration: Configuration;
  readonly records: Pick<RecordRepository, 'claimed'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'withholdUnder'>;
  readonly check: (asked: StageToCheck) => Promise<StageCheck>;
  readonly topic: Pick<Topic, 'publish'>;
};

export type Planned = ReleaseRecord & { readonly image: Image };

/** What a release is about to do, as a look at a gate sees it. */
export type Look = {
  readonly input: StageGateInput;
  readonly place: Place;
  readonly release: Planned;
  /** As the deployed configuration has them now. */
  readonly repository: Repository;
  readonly settings: Stage;
  readonly opening: Opening;
};

/**
 * Says what the release waits for, what the stage would change, and what the checks found of it now. False if the topic refuses that:
 * the release waits all the same, and the next look tries again.
 */
export const announce = async (deps: Deps, look: Look, waiting: Announcement & { readonly until: string }): Promise<boolean> => {
  const { input, release, opening, settings } = look;
  const { execution, now, stage } = input;
  const { outside } = settings.window ?? {};
  const { findings, services } = await checked(deps, look, stage, true);
  const changes = services.map(({ differences: { shown, more }, ...service }) => ({ ...service, differences: shown, more }));
  const image = await candidateOf(deps, look);
  // A state that cannot be read is found by the deployment of its service.
  const { skips } = (await orUndefined(readSkips(deps, { services: servicesOf(look), image, now }))) ?? { skips: [] };
  const skipped = skips.map(({ service, result }) => ({
    code: result.reason,
    severity: 'warn' as const,
    service,
    message: result.message,
  }));
  try {
    const found = [...findings, ...skipped];
    await publishWaiting(deps, { ...waiting, execution, now, release, stage, changes, findings: found, opening, outside, settings });
    return true;
  } catch (error) {
    if (isTransient(error)) throw error;
    logger.error('the topic did not take a message', error as Error);
    return false;
  }
};

const checked = (deps: Deps, { input, release }: Look, stage: string, isCurrent: boolean): Promise<StageCheck> => {
  const { record, visit } = input;
  const of = (release.stages ?? []).find(({ name }) => name === stage) ?? { name: stage, deployments: [], tag: undefined };
  const look = `${record} ${visit.number}`;
  // A stage that a later push added has the tag of that push.
  const image = { ...release.image, ...(of.tag !== undefined && { tag: of.tag }) };
  return deps.check({ image, stage: of, configuration: deps.configuration, isCurrent, look });
};

/** What the checks found: of the stage that begins and, before the first one, of those after it. */
export const findingsFor = async (deps: Deps, look: Look): Promise<StageCheck['findings']> => {
  const { stages = [] } = look.release;
  const { stage } = look.input;
  const first = await checked(deps, look, stage, true);
  const later = stages[0]?.name === stage ? stages.slice(1) : [];
  const others: StageCheck[] = [];
  for (const { name } of later) others.push(await checked(deps, look, name, false));
  return withoutRepeats([first, ...others].flatMap(({ findings }) => findings));
};

/** The image as the leases of the stage's services will see it. */
const candidateOf = async ({ records }: Deps, { input, release, place }: Look): Promise<DeploymentCandidate> => {
  const { tag, pushedAt, isVersioned } = await arrivalOf(records, input.record, release, place.stage);
  const { repository, digest } = release.image;
  const isByHand = release.trigger.kind === 'hand';
  return { isByHand, isForced: release.force ?? false, repository, digest, tag, pushedAt, ...(isVersioned && { isVersioned }) };
};

const servicesOf = ({ release, place }: Look): string[] => deploymentsOf(release, place.stage).map(({ service }) => service);

/** Why a stage that rolls all back does not begin: some of its services would be skipped. */
export const wholeOrNot = async (deps: Deps, look: Look): Promise<Result | 'changed' | undefined> => {
  const { input, release, place } = look;
  if (release.stages?.find(({ name }) => name === place.stage)?.onFailure !== 'rollBackAll') return undefined;
  const image = await candidateOf(deps, look);
  return splitResult(deps, { release: input.record, stage: place.stage, services: servicesOf(look), image, now: input.now });
};
