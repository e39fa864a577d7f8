import type { Outcome } from '../../../core/result/result.js';
import type { DeploymentDetail, ServiceKind } from '../../api.js';
import { phaseKinds } from '../../phase-kinds.js';
import { isAlarm, lookOfKind, lookOfOutcome, type Tone, wordsOfState } from '../format/state.js';
import { clockTime } from '../format/time.js';
import type { IconName } from '../parts/icon-paths.js';

/** What is the case: a movement in words, an end as a code. */
export type Summary = {
  readonly title: string;
  /** Why. */
  readonly code?: string;
  readonly text: string;
  readonly icon: IconName;
  readonly tone: Tone | 'solid';
};

export const summaryOf = (detail: DeploymentDetail): Summary => {
  const { result, phase } = detail.deployment;
  if (result) return ended(result.outcome, result.reason, result.message);
  return phase === 'ended' ? ended('UNKNOWN', undefined, 'How it ended is not in its record.') : moving(detail, phaseKinds[phase]);
};

const ended = (outcome: Outcome, code: string | undefined, text: string): Summary => {
  const { icon, tone } = lookOfOutcome(outcome);
  return { title: outcome, ...(code && { code }), text, icon, tone: isAlarm(outcome) ? 'solid' : tone };
};

const moving = (detail: DeploymentDetail, kind: ServiceKind): Summary => {
  const { rollback, progress } = detail.deployment;
  const done = progress && { done: progress.running, of: progress.desired };
  const { text } = wordsOfState({ kind, ...done }, clockTime);
  const { icon, tone } = lookOfKind(kind);
  const code = kind === 'rollingBack' ? rollback?.reason : undefined;
  return { title: text, ...(code && { code }), text: messageOf(detail, kind), icon, tone };
};

const messageOf = ({ deployment }: DeploymentDetail, kind: ServiceKind): string => {
  const { rollback, revision, previousRevision, previousImage, verification, beforeTask, progress } = deployment;
  const run =
    progress && `${progress.running} of ${progress.desired} tasks run${progress.pending > 0 ? `, ${progress.pending} start` : ''}.`;
  const failed = progress && progress.failed > 0 && `${progress.failed} failed.`;
  const said: Partial<Record<ServiceKind, readonly (string | false | undefined)[]>> = {
    starting: ['It begins.'],
    queued: ['It waits for the lease of the service, or for the rollout of another deployer.'],
    beforeTask: [beforeTask && `${beforeTask.command} runs in ${beforeTask.container}, before the service is updated.`],
    rollingOut: [revision && `ECS takes the service to ${revision}.`, run, failed],
    verifying: [`ECS has completed the rollout. ${verification?.url ?? verification?.verifier ?? 'The verification'} is asked.`, run],
    rollingBack: [
      rollback && withStop(rollback.message),
      previousRevision && `ECS rolls the service back to ${previousRevision}${previousImage ? ` (${tagOf(previousImage)})` : ''}.`,
      run,
    ],
  };
  return (said[kind] ?? []).filter(Boolean).join(' ');
};

const withStop = (text: string): string => (/[.!?]$/.test(text) || text === '' ? text : `${text}.`);

/** The tag in `host:5000/team/app:v1 (3f7be2a9c0d1)`; all of a name that has none. */
const tagOf = (image: string): string => /:([^\s:/]+)(?= \(|$)/.exec(image)?.[1] ?? image;

/** A release by the name of its record: `repository#app release#<time>#<execution>`. */
export const releaseOf = (name: string | undefined): { readonly repository: string; readonly execution: string } | undefined => {
  const [, repository, execution] = /^repository#(\S+) release#[^#]+#(.+)$/.exec(name ?? '') ?? [];
  return repository && execution ? { repository, execution } : undefined;
};

const triggers: Readonly<Record<DeploymentDetail['deployment']['trigger']['kind'], string>> = {
  push: 'push',
  replication: 'replication',
  pullThroughCache: 'pull through cache',
  reconcile: 'reconcile',
  releasedHold: 'released hold',
  hand: 'by hand',
};

export const triggerText = ({ kind, by }: DeploymentDetail['deployment']['trigger']): string =>
  by ? `${triggers[kind]}, ${by}` : triggers[kind];

/** Tasks failed, and the image caused it: it is not deployed there again by itself. */
const quarantining: ReadonlySet<string> = new Set(['CRASHED', 'UNHEALTHY', 'CANNOT_PULL', 'CANNOT_START', 'VERIFICATION']);

/** What becomes of the image on this service; undefined if nothing is known to. */
export const quarantineText = ({ deployment, row }: DeploymentDetail): { readonly digest: string; readonly text: string } | undefined => {
  const { image, rollback, result, service } = deployment;
  if (!image) return undefined;
  const isIn = row?.quarantine.some(({ digest }) => digest === image.digest);
  if (isIn) return { digest: image.digest, text: `is in quarantine on ${service}: it is not deployed there again automatically.` };
  if (result || !rollback || !quarantining.has(rollback.reason)) return undefined;
  return {
    digest: image.digest,
    text: `is put into quarantine on ${service} if it caused this; then it is not deployed there again automatically.`,
  };
};

/** An image of ECR without the registry's host and the end of its digest; any other value as it is. */
export const shortValue = (value: string): string =>
  value.replace(/^\d{12}\.dkr\.ecr\.[^/]+\//, '…/').replace(/(@sha256:[0-9a-f]{8})[0-9a-f]{56}/, '$1…');
