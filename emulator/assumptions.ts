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
  /** Do executions that EventBridge starts have names made of the event's ID, so that the same event twice collides? */
  eventBridgeExecutionNames: ['fromEventId', 'random'],
} as const;

export type Assumptions = { -readonly [Name in keyof typeof assumptions]: (typeof assumptions)[Name][number] };

export const defaultAssumptions = (): Assumptions =>
  Object.fromEntries(Object.entries(assumptions).map(([name, variants]) => [name, variants[0]])) as Assumptions;
