import type { Priority } from '../lease/priority.js';
import type { Result, RollbackReason } from '../result/result.js';
import type { Evidence } from '../rollout/evidence.js';

/** Which record of the table: `<pk> <sk>`, a name short enough to travel through the states. */
export type RecordName = string;

/** The schema number that this version writes on every item. */
export const schema = 1;

/** One image, resolved: what a push or a person meant. */
export type Image = {
  readonly registry: string;
  readonly repository: string;
  /** Absent when the image was given by digest alone. */
  readonly tag?: string;
  readonly digest: string;
  /** For an image of several platforms: the digests of its manifests, one of which is what a task reports. Absent where they are not known. */
  readonly platformDigests?: readonly string[];
  /** `org.opencontainers.image.revision` and `.source`, where the image has them. */
  readonly sourceRevision?: string;
  readonly sourceUrl?: string;
};

/** `registry/repository@sha256:…`: what a task definition gets. */
export const imageUriWithDigest = ({ registry, repository, digest }: Image): string => `${registry}/${repository}@${digest}`;

/** What started an execution: a push event, the reconciler, or a person who may have said who he is and why. */
export type Trigger = { readonly kind: 'push' | 'reconcile' | 'hand'; readonly by?: string; readonly reason?: string };

type Common = {
  /** ARN of the execution that this record tells of. */
  readonly execution: string;
  readonly startedAt: string;
  readonly trigger: Trigger;
  /** Present while something is owed, an end, a lease or a message: the key of the sparse index. */
  readonly pending?: 'yes';
  readonly endedAt?: string;
  readonly result?: Result;
  /** When the closing message was published. */
  readonly notifiedAt?: string;
};

/** Where a container's log lines go, if they go to CloudWatch Logs. */
export type LogLocation = {
  readonly container: string;
  readonly group: string;
  readonly prefix: string;
  readonly region?: string;
  /** Why they cannot be read, in words. */
  readonly unread?: string;
};

/** The way back: from when, by which call, and to which revision. */
export type Rollback = {
  readonly since: string;
  readonly method: 'stop' | 'update' | 'none';
  readonly reason: RollbackReason;
  readonly message: string;
  /** The revision that the service was on when the update was sent: while it is there, nothing of that has arrived. */
  readonly from?: string;
  /** The service deployment that takes the service back, once it was seen (by `update` only). */
  readonly serviceDeployment?: string;
};

/** What a deployment is to bring about: an image, or a revision that is there already, registered once more. */
export type Operation =
  | { readonly kind: 'image' | 'redeploy' | 'rollback' }
  | { readonly kind: 'taskDefinition'; readonly taskDefinition: string };

export type DeploymentRecord = Common & {
  /** `cluster/service` */
  readonly service: string;
  readonly stage: string;
  readonly release?: RecordName;
  /** Absent: the image. */
  readonly operation?: Operation;
  readonly force?: boolean;
  readonly pushedAt?: string;
  readonly image?: Image;
  /** Containers that get the image. */
  readonly containers?: readonly string[];
  /** The image that the first of them had before, as it stood in the task definition. */
  readonly previousImage?: string;
  readonly previousTag?: string;
  /** ARN of the revision that ran before, which is also where the way back leads. */
  readonly previousRevision?: string;
  /** ARN of our own revision. */
  readonly revision?: string;
  /** What ECS added to the revision by itself. */
  readonly warnings?: readonly string[];
  /** Why the base could not be gone back to, as far as was to be seen before anything changed; empty when it could. */
  readonly rollbackUnavailableReason?: string;
  readonly logs?: readonly LogLocation[];
  /** Set before UpdateService is called: from here on the service may have changed. */
  readonly updateRequestedAt?: string;
  /** When the state was entered whose UpdateService may have been sent; empty when AWS is known to have refused it. */
  readonly updateAttemptId?: string;
  readonly serviceDeployment?: string;
  /** Looks that found no service deployment of ours, in a row. */
  readonly notFoundCount?: number;
  readonly rollback?: Rollback;
  /** When the state was entered that sent the service back by an update. */
  readonly rollbackAttemptId?: string;
  /** The deployment that this rollback, started by hand, asked to take the service back. */
  readonly cancelTarget?: RecordName;
  /** The revision to which the way back leads, if not to the base: ECS took the service to one that is quarantined. */
  readonly rollbackTarget?: string;
  /** ARN of the revision that the service was on when a failure ended, where nobody newer had it: ECS goes back to what it completed last. */
  readonly revisionAtFailure?: string;
  /** False when it succeeded with nothing running: a desired count of 0 proves no image. */
  readonly hadRunningTasks?: boolean;
  readonly evidence?: Evidence;
};

/** One service of a stage, and the execution that deploys it. */
export type StageDeployment = { readonly service: string; readonly name: string };

export type ReleaseRecord = Common & {
  readonly repository: string;
  /** What was asked for, as long as nothing was resolved. */
  readonly tag?: string;
  readonly force?: boolean;
  readonly image?: Image;
  readonly pushedAt?: string;
  readonly stages?: readonly { readonly name: string; readonly deployments: readonly StageDeployment[] }[];
  /** The stage that was reached. */
  readonly stage?: string;
};

/** What worked: the revision that a deployment of ours last recorded as SUCCEEDED. */
export type KnownGood = {
  readonly revision: string;
  readonly digest: string;
  readonly tag?: string;
  readonly pushedAt: string;
  readonly at: string;
  /** ARN of the revision that ran before it, of another image: whoever deployed that. */
  readonly previousRevision?: string;
};

/** What decides about a service: one item, so that every decision is one conditional write. */
export type ServiceState = {
  /** Counts the holders of the lease. */
  readonly fencingToken?: number;
  readonly lease?: { readonly execution: string; readonly record: RecordName; readonly since: string; readonly priority: Priority };
  /** The one place in line. */
  readonly queued?: { readonly execution: string; readonly priority: Priority; readonly record?: RecordName };
  /** A person's word to the holder that he shall take the service back. */
  readonly cancel?: { readonly record: RecordName; readonly by?: string; readonly reason?: string };
  readonly hold?: { readonly by?: string; readonly reason?: string; readonly at: string };
  /** What was last deployed with success, also where nothing ran: pushes of before are older. */
  readonly lastDeployed?: Pick<KnownGood, 'digest' | 'tag' | 'pushedAt'>;
  /** ARNs of the revisions on one of which our last deployment left the service: on another one, somebody else did. */
  readonly expectedRevisions?: readonly string[];
  readonly lastGood?: KnownGood;
  /** What was last good before that: where a person's rollback leads from it. */
  readonly previousGood?: KnownGood;
  /** Digests that failed here for a reason that speaks of the image, or that an operator rolled back from; the newest last. */
  readonly quarantine?: readonly { readonly digest: string; readonly reason: string; readonly at: string }[];
};
