/**
 * Facts about AWS for which no source was found. Each is a switch, so that the pipeline is tested under every variant;
 * the first value of each list is the default.
 */
export const assumptions = {
  /** Does UpdateService's answer carry `service.currentServiceDeployment` of the new service deployment? */
  updateServiceAnswer: ['withoutServiceDeployment', 'withServiceDeployment'],
  /** `containerImages[].imageDigest` in DescribeServiceRevisions, for an image given by digest. */
  resolvedDigest: ['filled', 'absent', 'platform'],
  /** Is an untagged push's `image-tag` absent from the event or an empty string? */
  untaggedPush: ['absent', 'empty'],
  /** Does a PUSH event carry `manifest-media-type` and `artifact-media-type`? */
  pushMediaTypes: ['absent', 'present'],
  /** Does an UpdateService that names the task definition which already runs start a new service deployment? */
  sameTaskDefinition: ['startsNothing', 'startsServiceDeployment'],
  /** Do ARNs of the ID in `deployments[].id` ("ecs-svc/…") and in the service deployment's ARN share their last part? */
  deploymentId: ['different', 'same'],
  /**
   * Does the circuit breaker count a task that was RUNNING and whose container then exited? The guide counts tasks that do not
   * get to RUNNING and tasks that fail health checks. Published events show crash loops that trip the breaker
   * (TreyWright360/aws-ecs-bedrock-devsecops), and users report others that do not (aws/containers-roadmap#1206).
   */
  exitAfterRunning: ['counted', 'notCounted'],
  /**
   * Does States.ALL in a Retry or a Catch match States.DataLimitExceeded? The guide says no (concepts-error-handling); a recording of
   * an execution shows that it was caught.
   */
  dataLimitExceededInStatesAll: ['notMatched', 'matched'],
  /**
   * What becomes of an answer to a task token that is sent before the invocation has returned, as from inside the function? It ends the
   * task at once, or it is accepted and ends the task when the function has returned (if that throws, the task fails instead).
   */
  callbackBeforeReturn: ['accepted', 'afterReturn'],
  /**
   * The error for a token whose task is over: answered, timed out, failed, or aborted. Published errors have the first
   * (aws-samples/amazon-mwaa-examples#61); the API model has all three.
   */
  closedToken: ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'],
  /** Has each retry of a task a token of its own? The guide says so of a time-out only (connect-to-resource). */
  tokenPerRetry: ['new', 'same'],
  /** Do executions that EventBridge starts have names made of the event's ID, so that the same event twice collides? */
  eventBridgeExecutionNames: ['fromEventId', 'random'],
} as const;

export type Assumptions = { -readonly [Name in keyof typeof assumptions]: (typeof assumptions)[Name][number] };

export const defaultAssumptions = (): Assumptions =>
  Object.fromEntries(Object.entries(assumptions).map(([name, variants]) => [name, variants[0]])) as Assumptions;
