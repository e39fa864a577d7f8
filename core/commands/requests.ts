import { registryOf } from '../image/image-reference.js';
import type { DecisionName } from '../input/decide-input.js';

/** Who asks, and why. Members of every input. */
export type Operator = { readonly by?: string; readonly reason?: string };

/** An execution that is started. `words` are those of its name. */
export type Start = { readonly machine: 'release' | 'deployment'; readonly words: readonly string[]; readonly input: object };

/** A function of the stack that is invoked. */
export type Invocation = { readonly name: 'control' | 'decide'; readonly input: object };

/** An image of the stack's registry: by its tag, its digest or both. */
export type ImageName = { readonly repository: string; readonly tag?: string; readonly digest?: string };

/** What one service alone is deployed with. */
export type DeploymentOf = { readonly image: string } | { readonly redeploy: true } | { readonly taskDefinition: string };

type Forced = { readonly force?: boolean | undefined };

/** `what` is for the execution's name; an `image` is a URI. */
export const deployService = (service: string, what: string, of: DeploymentOf, { force, ...operator }: Operator & Forced): Start => ({
  machine: 'deployment',
  words: ['deploy', service, what],
  input: { service, ...of, ...(force && { force }), ...operator },
});

type Ignored = Forced & { readonly ignoreWindow?: boolean | undefined; readonly ignoreScan?: boolean | undefined };

/** Of an image by its tag, if it has one: the input takes a tag or a digest. */
export const deployRelease = (
  { repository, tag, digest }: ImageName,
  { force, ignoreWindow, ignoreScan, ...operator }: Operator & Ignored,
): Start => ({
  machine: 'release',
  words: ['deploy', repository, tag ?? ''],
  input: {
    repository,
    ...(tag === undefined ? { digest } : { tag }),
    ...(force && { force }),
    ...(ignoreWindow && { ignoreWindow }),
    ...(ignoreScan && { ignoreScan }),
    ...operator,
  },
});

/** `source`: of a service that several repositories deploy, the one whose image is rolled back. */
export const rollBackService = (service: string, source: string | undefined, operator: Operator): Start => ({
  machine: 'deployment',
  words: ['rollback', service],
  input: { service, rollback: true, ...(source !== undefined && { repository: source }), ...operator },
});

/** `release` is the name or ARN of an execution, by default the last one that changed a service; without a stage in all of them. */
export const rollBackRelease = (
  repository: string,
  { stage, release }: { readonly stage?: string | undefined; readonly release?: string | undefined },
  operator: Operator,
): Start => ({
  machine: 'release',
  words: ['rollback', repository, stage ?? ''],
  input: {
    repository,
    rollback: true,
    ...(stage !== undefined && { stage }),
    ...(release !== undefined && { release }),
    ...operator,
  },
});

/** `service` may be `*`, for every service; `until` as parseControlInput takes it. */
export const hold = (service: string, until: string | undefined, operator: Operator): Invocation => ({
  name: 'control',
  input: { command: 'hold', service, ...(until !== undefined && { until }), ...operator },
});

export const unhold = (service: string, operator: Operator): Invocation => ({
  name: 'control',
  input: { command: 'unhold', service, ...operator },
});

/** `stopTask`: the before task of the deployment is not waited for. */
export const cancelDeployment = (service: string, stopTask: boolean | undefined, operator: Operator): Invocation => ({
  name: 'control',
  input: { command: 'cancel', service, ...(stopTask && { stopTask }), ...operator },
});

/** Of the release that waits before a stage. */
export const cancelRelease = (repository: string, stage: string, operator: Operator): Invocation => ({
  name: 'control',
  input: { command: 'cancel', repository, stage, ...operator },
});

type Answered = { readonly repository: string; readonly stage: string; readonly digest: string | undefined };

/** An answer to a request for approval, bound to the digest that was looked at. */
export const decide = (command: DecisionName, { repository, stage, digest }: Answered, operator: Operator): Invocation => ({
  name: 'decide',
  input: { command, repository, stage, digest, ...operator },
});

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app:v1.4.2`: of the registry of the account and Region of an ARN. */
export const imageUri = (arn: string, { repository, tag, digest }: ImageName): string =>
  `${registryOf(arn)}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
