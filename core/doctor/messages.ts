// What `doctor` says, and what to do about it. Import it as a namespace.

import { shortDigest } from '../image/image-reference.js';
import { moment } from '../result/moment.js';
import { revisionName } from '../rollout/observation.js';

export const notPermitted = (action: string) => ({
  message: `not checked: your credentials may not call ${action}`,
  toDo: `give them ${action}, as examples/policies/doctor.json does, and run doctor again`,
});

export const notAnswered = (action: string) => ({
  message: `not checked: AWS throttled ${action}`,
  toDo: 'run doctor again in a minute',
});

export const resourceMissing = () => ({
  message: 'is part of the stack, and does not exist',
  toDo: 'it was deleted outside CloudFormation: change its template and deploy, or delete the stack and deploy it again',
});

export const stackMissing = (name: string, region: string) => ({
  message: `there is no stack ${name} in ${region}`,
  toDo: 'deploy it from the checkout, or give the right --stage, --region and --profile',
});

export const stackFailed = (status: string) => ({
  message: `the stack is ${status}`,
  toDo: 'read the first failure in its events, fix that, and deploy again',
});

export const stackRolledBack = () => ({
  message: 'the last deployment of the stack failed, and was rolled back: an earlier slipway.yml is in use',
  toDo: 'read the first failure in its events, fix that, and deploy again',
});

export const stackChanging = (status: string) => ({
  message: `the stack is ${status}: what is missing may be on its way`,
  toDo: 'run doctor again when it has ended',
});

export const queryFailed = (failure: string) => ({
  message: `the function does not answer, so services and repositories were not checked: ${failure}`,
  toDo: 'read its log, then deploy the stack again',
});

export const versionDiffers = (stack: string, own: string) => ({
  message: `the stack is of version ${stack}, and this command line of ${own}`,
  toDo: 'install the command line of the version of the stack',
});

export const schemaDiffers = (stack: number, own: number) => ({
  message: `the table of the stack has items of schema ${stack}, and this command line is for schema ${own}`,
  toDo: 'install the command line of the version of the stack',
});

export const ruleDisabled = () => ({
  message: 'the rule is disabled: its events reach nothing',
  toDo: 'enable it; reconcile finds the pushes that were missed',
});

export const scheduleDisabled = () => ({
  message: 'the schedule is disabled: its function is not invoked',
  toDo: 'enable it',
});

export const ruleWithoutTarget = () => ({
  message: 'the rule has no target in the stack: its events reach nothing',
  toDo: 'it was changed outside CloudFormation: change its template and deploy, or add the target again',
});

export const noDeadLetter = (targets: readonly string[]) => ({
  message: `target ${targets.join(', ')} of the rule has no dead-letter queue: an event that is not delivered is lost`,
  toDo: 'it was changed outside CloudFormation: change its template and deploy, or set the queue again',
});

export const functionFailed = (reason: string | undefined) => ({
  message: `the function cannot be invoked${reason ? `: ${reason}` : ''}`,
  toDo: 'fix the cause, most often a KMS key or a subnet, and deploy the stack again',
});

export const functionNotUpdated = (reason: string | undefined) => ({
  message: `the last update of the function failed${reason ? `: ${reason}` : ''}`,
  toDo: 'fix the cause, and deploy the stack again',
});

export const functionThrottled = () => ({
  message: 'the reserved concurrency of the function is 0: Lambda throttles every invocation',
  toDo: 'delete the reservation',
});

export const functionRuntime = (runtime: string, expected: string) => ({
  message: `the function runs on ${runtime}, and was packaged for ${expected}`,
  toDo: 'deploy the stack again',
});

export const eventSourceDisabled = () => ({
  message: 'the event source of the function is disabled: messages stay in its queue',
  toDo: 'enable it',
});

export const machineNotActive = (status: string) => ({
  message: `the state machine is ${status}: no execution can be started`,
  toDo: 'wait until it is deleted, and deploy the stack again',
});

export const machineChanged = (functions: readonly string[]) => ({
  message: `the state machine invokes ${functions.join(', ')}, which the stack did not publish last: its definition was changed`,
  toDo: 'it was changed outside CloudFormation, or its update failed: deploy the stack again',
});

export const secretMissing = () => ({
  message: "the secret of Slack's webhook does not exist: nothing is posted to Slack",
  toDo: 'create it with the URL of the webhook as its value, or fix notifications.slack.secret in slipway.yml',
});

export const secretDeleted = (at: string) => ({
  message: `the secret of Slack's webhook is deleted for good on ${at.slice(0, 10)}, and cannot be read until it is restored`,
  toDo: 'restore it',
});

export const secretEmpty = () => ({
  message: "the secret of Slack's webhook has no current value: nothing is posted to Slack",
  toDo: 'set its value to the URL of the webhook',
});

export const subscriptionPending = (protocol: string, endpoint: string) => ({
  message: `${protocol} ${endpoint} has not confirmed its subscription: it gets nothing`,
  toDo: 'confirm it by the link in the mail of AWS; a link that is older than two days has expired: subscribe again',
});

export const slackNotSubscribed = () => ({
  message: "the queue of Slack's messages is not subscribed: nothing is posted to Slack",
  toDo: 'it was deleted outside CloudFormation: take notifications.slack out of slipway.yml and deploy, then put it back and deploy again',
});

export const mailNotSubscribed = (address: string) => ({
  message: `${address} of slipway.yml is not subscribed: it gets no mail`,
  toDo: 'it unsubscribed, or the stack is older than slipway.yml: take it out of slipway.yml and deploy, then put it back and deploy again',
});

export const noSubscriber = () => ({
  message: 'the topic has no subscriber: a failed deployment is not reported',
  toDo: 'set notifications in slipway.yml and deploy the stack, or subscribe to the topic',
});

export const alarmFiring = (description: string | undefined) => ({
  message: `the alarm is in ALARM${description ? `: ${description.replace(/[.]$/, '')}` : ''}`,
  toDo: 'do what its description says; its history says since when',
});

export const alarmUnsettled = (until: string) => ({
  message: `the alarm is new, and in ALARM until its metric has data, at the latest on ${moment(until)}`,
  toDo: 'run doctor again then',
});

export const alarmWithoutAction = () => ({
  message: 'the actions of the alarm are off: it is not reported when it fires',
  toDo: 'enable them',
});

export const undeliveredPushes = (count: number) => ({
  message: `has ${count} ${count === 1 ? 'message' : 'messages'}: pushes that started no release, or runs of sweep or reconcile that failed`,
  toDo: 'read them with their errors, start what is missing with slipway deploy, and purge the queue (docs/operations.md)',
});

export const deadLetters = (count: number) => ({
  message: `has ${count} ${count === 1 ? 'message' : 'messages'} that could not be processed`,
  toDo: 'read them with their errors, fix the cause, and purge the queue (docs/operations.md)',
});

/** A check's own message says what is expected and what to do. */
export const notDeployable = (message: string) => ({ message, toDo: 'until then no image is deployed to it' });

export const revisionMissing = (revision: string) => ({
  message: `ECS does not know ${revisionName(revision)}, which the service is on`,
  toDo: 'register a revision and update the service to it',
});

export const noCircuitBreaker = () => ({
  message:
    'the service has no circuit breaker: ECS starts the tasks of a broken revision again and again when Slipway did not start the rollout',
  toDo: 'enable it with rollback, here and where the service is defined',
});

export const noHealthCheck = () => ({
  message: 'no container of the service has a health check, and no load balancer checks it: a task that runs counts as healthy',
  toDo: 'add a healthCheck to its task definition, or "verify" to slipway.yml',
});

export const noGracePeriod = () => ({
  message: 'a load balancer checks the service, without a grace period: ECS stops tasks that are slow to start',
  toDo: 'set it to the time that a task takes to answer, here and where the service is defined',
});

export const serviceAlarmMissing = (alarm: string) => ({
  message: `alarm ${alarm} of the service is not in CloudWatch: it guards no rollout`,
  toDo: 'create it in this account and Region, or take it out of the service or slipway.yml',
});

export const serviceAlarmFiring = (alarm: string) => ({
  message: `alarm ${alarm} of the service is in ALARM: it guards no rollout that begins while it is`,
  toDo: 'fix its cause, or its threshold',
});

type Needed = { readonly service: string; readonly digest: string; readonly isRunning: boolean };

const image = ({ service, digest, isRunning }: Needed): string =>
  `${shortDigest(digest)}, which ${service} ${isRunning ? 'runs' : 'would be rolled back to'}`;

export const imageMissing = (needed: Needed) => ({
  message: `${image(needed)}, is no longer in ECR: a task that is replaced cannot start`,
  toDo: 'push the image again, or deploy another one',
});

export const repositoryMissing = () => ({
  message: 'the repository does not exist in this account and Region',
  toDo: 'create it, or fix its name in slipway.yml',
});

export const notScanned = () => ({
  message: 'slipway.yml waits for scans of the repository, whose images are not scanned when they are pushed',
  toDo: 'scan them on push, or take "scan" out of slipway.yml',
});

export const tagsMutable = () => ({
  message: 'tags of the repository can be moved to other images; Slipway deploys digests, so nothing that runs changes',
  toDo: 'make them immutable, if no build moves a tag such as latest',
});

export const lifecycleExpires = (rule: number, needed: Needed) => ({
  message: `rule ${rule} of its lifecycle policy expires ${image(needed)}`,
  toDo: 'ECR deletes it within 24 hours: change the policy now',
});

export const lifecycleByAge = (rule: number, needed: Needed, at: Date) => ({
  message: `rule ${rule} of its lifecycle policy expires ${image(needed)}, on ${at.toISOString().slice(0, 10)}, unless a newer one is deployed before`,
  toDo: 'keep a number of images instead of an age',
});

export const lifecycleKeepsFew = (rule: number, kept: number, wanted: number) => ({
  message: `rule ${rule} of its lifecycle policy keeps ${kept} images: ${kept} pushes that are not deployed expire what runs`,
  toDo: `keep at least ${wanted}, as many as Slipway remembers to roll back to`,
});
