import { AwsError } from '../errors.js';
import { checkAttached, checkLaunch, type Launch, launchTypeOf } from './check-launch.js';
import type { DeploymentConfiguration, DeploymentController, ServiceDescription } from './settings.js';

/** A service as it would be after the request. */
export type PlannedService = {
  readonly launch: Launch | undefined;
  readonly description: ServiceDescription;
  readonly configuration: DeploymentConfiguration;
  readonly controller: DeploymentController;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** As the request gives it. */
  readonly desiredCount: number | undefined;
};

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

const most = 2_147_483_647;

/** `verb` is what ECS says it could not do: "created" or "updated". */
const checkExec = ({ launch, description }: PlannedService, verb: string): void => {
  if (!description.enableExecuteCommand || !launch || launch.taskDefinition.document.taskRoleArn) return;
  refuse(
    `The service couldn't be ${verb} because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.`,
  );
};

// The words of the first three are those of aws/containers-roadmap#692, kayac/ecspresso#20 and #402.
const checkDaemon = ({ launch, description, controller, desiredCount }: PlannedService): void => {
  if (desiredCount !== undefined)
    refuse('The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again');
  if (description.placementStrategy?.length)
    refuse('The daemon scheduling strategy does not support placement strategies. Remove the placement strategy and try again');
  if (launch?.settings.capacityProviderStrategy?.length)
    refuse('Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.');
  if (launch && launchTypeOf(launch.settings) === 'FARGATE')
    refuse('Tasks using the Fargate launch type do not support the DAEMON scheduling strategy.');
  if (controller !== 'ECS') refuse(`The ${controller} deployment controller does not support the DAEMON scheduling strategy.`);
};

/** Developer guide, "Balancing an Amazon ECS service across Availability Zones": which services cannot be rebalanced. */
export const canBeRebalanced = ({ launch, configuration, schedulingStrategy }: PlannedService): boolean =>
  schedulingStrategy === 'REPLICA' &&
  configuration.maximumPercent > 100 &&
  launch?.settings.launchType !== 'EXTERNAL' &&
  !launch?.settings.loadBalancers?.some(({ loadBalancerName }) => loadBalancerName);

/**
 * Refuses a service that ECS refuses; words that are not quoted from a report are the emulator's.
 * @throws AwsError InvalidParameterException
 */
export const checkService = (planned: PlannedService, verb: 'created' | 'updated'): void => {
  const { launch, description, desiredCount, schedulingStrategy } = planned;
  if (schedulingStrategy === 'DAEMON') checkDaemon(planned);
  if (desiredCount !== undefined && !(Number.isInteger(desiredCount) && desiredCount >= 0 && desiredCount <= most))
    refuse(`Desired count is ${desiredCount}; it can not be negative.`);
  const { healthCheckGracePeriodSeconds = 0, availabilityZoneRebalancing } = description;
  if (!(Number.isInteger(healthCheckGracePeriodSeconds) && healthCheckGracePeriodSeconds >= 0 && healthCheckGracePeriodSeconds <= most))
    refuse(`Health check grace period is ${healthCheckGracePeriodSeconds}; expected 0 to ${most} seconds.`);
  if (launch) {
    checkLaunch(launch);
    checkAttached(launch.taskDefinition, launch.settings);
  }
  checkExec(planned, verb);
  if (availabilityZoneRebalancing === 'ENABLED' && !canBeRebalanced(planned))
    // The words for maximumPercent are those of a public report; the others are like them.
    refuse(
      planned.configuration.maximumPercent <= 100
        ? 'AvailabilityZoneRebalancing does not support maximumPercent <= 100. Set it to >100 and try again.'
        : 'AvailabilityZoneRebalancing does not support this service.',
    );
};
