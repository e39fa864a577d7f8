import { type Configuration, type Repository, repositoryOf, type Service, type Stage } from '../configuration/configuration.js';
import { shortDigest } from '../image/image-reference.js';
import { suggestionFor } from '../input/suggestion.js';
import { appliedHold, leaseSkipReason } from '../lease/lease.js';
import type { Hold, ServiceState } from '../records/records.js';
import { unmetRequirement } from '../release/requirement.js';
import { openingOf } from '../release/window.js';
import { closed } from '../release/window-messages.js';
import * as resultMessages from '../result/messages.js';
import type { Reason } from '../result/result.js';
import * as messages from './messages.js';
import { reach } from './tag-policy.js';

/** What a release would do with one service; without `stage` and `service`, with a repository that is not configured. */
export type Explanation = {
  readonly stage?: string;
  /** `cluster/service` */
  readonly service?: string;
  readonly isDeployed: boolean;
  /** DEPLOYED, or the reason with which the service would be skipped. */
  readonly code: Reason;
  readonly message: string;
};

/** What decides beside the configuration. */
export type Facts = {
  readonly digest: string;
  /** ISO 8601, as `now`. */
  readonly pushedAt: string;
  readonly now: string;
  /** Holds and ages count for automatic starts only. */
  readonly isByHand: boolean;
  /** The stages in which the digest has succeeded before. */
  readonly passedStages: ReadonlySet<string>;
  readonly holdOfAll: Hold | undefined;
  /** By `cluster/service`. Of a service that is absent nothing but the configuration decides. */
  readonly services: ReadonlyMap<string, { readonly state: ServiceState; readonly runsDigest: boolean }>;
};

type Rule = Pick<Explanation, 'code' | 'message'>;

/**
 * What a release of a tag would do with each service of its repository, in the order of the file: deploy it, or which rule says no.
 * Without a tag an operator has chosen the image by its digest. Facts are as of now: a hold may end before a stage begins.
 */
export const explain = (
  configuration: Configuration,
  { repository: name, tag }: { readonly repository: string; readonly tag?: string | undefined },
  facts?: Facts,
): Explanation[] => {
  const repository = repositoryOf(configuration, name);
  if (!repository) {
    const names = Object.keys(configuration.repositories);
    const message = resultMessages.repositoryNotConfigured(name, names, suggestionFor(name, names));
    return [{ isDeployed: false, code: 'NOT_CONFIGURED', message }];
  }
  return explainStages(repository, tag, facts);
};

const explainStages = (repository: Repository, tag: string | undefined, facts: Facts | undefined): Explanation[] => {
  const explained: Explanation[] = [];
  const completed = new Set<string>();
  let end: Rule | undefined;
  for (const stage of repository.stages) {
    const { isReached, isVersioned, message } = tag === undefined ? byDigest() : reach(repository, stage, tag);
    const passedOver: Rule | undefined = isReached ? undefined : { code: 'TAG_NOT_MATCHED', message };
    const closedBy = passedOver ?? end ?? (facts && gateRule(repository, stage, completed, facts));
    const image = { repository: repository.name, tag, isVersioned, message };
    const services = stage.services.map((service) => explanationOf(stage, service, closedBy ?? serviceRule(service, image, facts)));
    explained.push(...services);
    if (passedOver) continue;
    end ??= closedBy ? endAt(stage, closedBy) : skippedIn(stage, services);
    if (!end) completed.add(stage.name);
  }
  return explained;
};

const byDigest = () => ({ isReached: true, isVersioned: false, message: messages.digestChosen() });

const endAt = ({ name }: Stage, { code, message }: Rule): Rule => ({ code, message: messages.releaseEnds(name, message) });

/** A release continues past services that run the image already, and ends with a stage of which others were skipped. */
const skippedIn = (stage: Stage, services: readonly Explanation[]): Rule | undefined => {
  const skipped = services.find(({ isDeployed, code }) => !isDeployed && code !== 'ALREADY_RUNNING');
  return skipped && endAt(stage, { code: skipped.code, message: resultMessages.ofService(skipped.service ?? '', skipped.message) });
};

const explanationOf = ({ name }: Stage, { service }: Service, { code, message }: Rule): Explanation => ({
  stage: name,
  service,
  isDeployed: code === 'DEPLOYED',
  code,
  message,
});

/** Why a stage does not begin. What it requires may have been completed by the same release. */
const gateRule = ({ stages }: Repository, stage: Stage, completed: ReadonlySet<string>, facts: Facts): Rule | undefined => {
  const { requires } = stage;
  const services = stages.find(({ name }) => name === requires)?.services ?? [];
  const states = new Map(services.map(({ service }) => [service, facts.services.get(service)?.state ?? {}]));
  const hasSucceeded = requires !== undefined && facts.passedStages.has(requires);
  const unmet = completed.has(requires ?? '') ? undefined : unmetRequirement(stage, facts.digest, { hasSucceeded, states });
  if (unmet) return { code: unmet.reason, message: unmet.message };
  const opening = openingOf(stage, facts.now);
  if (opening.isOpen || (stage.window?.outside !== 'skip' && opening.opensAt !== undefined)) return undefined;
  return { code: 'OUTSIDE_WINDOW', message: closed(stage, opening) };
};

type Candidate = { readonly repository: string; readonly tag: string | undefined; readonly isVersioned: boolean; readonly message: string };

const serviceRule = ({ service }: Service, { message, ...image }: Candidate, facts: Facts | undefined): Rule => {
  const deployed: Rule = { code: 'DEPLOYED', message };
  const known = facts?.services.get(service);
  if (!facts || !known) return deployed;
  const { digest, pushedAt, isByHand, now, holdOfAll } = facts;
  const skipped = leaseSkipReason(known.state, { ...image, digest, pushedAt, isByHand, isForced: false });
  if (skipped) return { code: skipped.reason, message: skipped.message };
  const hold = isByHand ? undefined : appliedHold(known.state, holdOfAll, now);
  if (hold) return { code: 'ON_HOLD', message: resultMessages.onHold(hold) };
  return known.runsDigest ? { code: 'ALREADY_RUNNING', message: resultMessages.alreadyRunning(shortDigest(digest)) } : deployed;
};
