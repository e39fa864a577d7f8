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
  /**
   * Does DescribeImages answer an archived image that is asked for by ID? The guide says that archived images can be described
   * (archive-image), the model that only ACTIVE ones are returned unless a filter asks for others.
   */
  archivedImageById: ['described', 'notFound'],
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
  /**
   * Does SERVICE_DEPLOYMENT_COMPLETED come with the end of a deployment, or before its bake time? The guide sends it once the service
   * is steady after a deployment (ecs_service_deployment_events), which is when the bake time begins (deployment-alarm-failure).
   */
  completedEvent: ['withTheEnd', 'beforeBake'],
  /**
   * Does a rollback that was requested (StopServiceDeployment, a lifecycle hook) have the events of one by the circuit breaker: the
   * IN_PROGRESS and the COMPLETED of the deployment that ECS goes back to? The guide's text on rollback deployments makes no
   * difference; its example is one of the circuit breaker.
   */
  userRollbackEvent: ['none', 'inProgress'],
  /**
   * Does `ECS Deployment State Change` name the cluster? Neither the guide's samples nor an event of 2022 do; published events of
   * February 2025 and September 2026 have `detail.clusterArn`.
   */
  deploymentEventCluster: ['absent', 'present'],
  /** Does `ECS Hook State Change` arrive? It is not in the guide's list of events that are delivered at least once. */
  hookEvents: ['delivered', 'lost'],
  /**
   * Does the service event "was unable to place a task. Reason: CannotPullContainerError …" come with SERVICE_TASK_PLACEMENT_FAILURE?
   * Users got no error event for images that cannot be pulled (aws/containers-roadmap#19), before that text existed.
   */
  failedPullEvent: ['none', 'placementFailure'],
  /**
   * Are the findings of a scan listed as soon as its status is COMPLETE? Users got COMPLETE of enhanced scans some seconds before, without
   * `imageScanCompletedAt` (aws/aws-sdk#289).
   */
  completeScan: ['withFindings', 'beforeFindings'],
  /**
   * Why have the tasks of a deleted service stopped? The guide knows one reason for tasks that the scheduler no longer needs: "Scaling
   * activity initiated by (deployment …)".
   */
  deletedServiceTasks: ['scalingActivity', 'serviceDeleted'],
} as const;

export type Assumptions = { -readonly [Name in keyof typeof assumptions]: (typeof assumptions)[Name][number] };

export const defaultAssumptions = (): Assumptions =>
  Object.fromEntries(Object.entries(assumptions).map(([name, variants]) => [name, variants[0]])) as Assumptions;
