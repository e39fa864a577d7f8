import { AwsError, NotEmulated } from '../errors.js';
import type { DeploymentConfiguration } from './settings.js';

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

const most = 2_147_483_647;

const checkRange = (name: string, value: number | undefined, low: number, high: number, isWhole = true): void => {
  if (value === undefined) return;
  if (value < low || value > high || (isWhole && !Number.isInteger(value)))
    refuse(`${name} is ${value}; expected a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}.`);
};

/** Ranges are those of the API reference; words that are not quoted from a report are the emulator's. */
const check = (configuration: DeploymentConfiguration): void => {
  const { minimumHealthyPercent, maximumPercent, strategy, bakeTimeInMinutes, lifecycleHooks = [] } = configuration;
  const { deploymentCircuitBreaker, earlySuccessCriteria, linearConfiguration, canaryConfiguration } = configuration;
  checkRange('minimumHealthyPercent', minimumHealthyPercent, 0, 100);
  checkRange('maximumPercent', maximumPercent, 100, most);
  if (minimumHealthyPercent === 100 && maximumPercent === 100)
    refuse('Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.');
  const { type, value } = deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  checkRange('thresholdConfiguration.value', value, 1, type === 'COUNT' ? most : 100);
  if (earlySuccessCriteria?.enable)
    checkRange('earlySuccessCriteria.healthyPercent', earlySuccessCriteria.healthyPercent ?? -1, minimumHealthyPercent, 100);
  checkRange('bakeTimeInMinutes', bakeTimeInMinutes, 0, 1440);
  if (strategy === 'BLUE_GREEN' && bakeTimeInMinutes === undefined) refuse('bakeTimeInMinutes is required for the strategy BLUE_GREEN.');
  if (linearConfiguration && strategy !== 'LINEAR') refuse('linearConfiguration is only valid for the strategy LINEAR.');
  if (canaryConfiguration && strategy !== 'CANARY') refuse('canaryConfiguration is only valid for the strategy CANARY.');
  checkRange('linearConfiguration.stepPercent', linearConfiguration?.stepPercent, 3, 100, false);
  checkRange('linearConfiguration.stepBakeTimeInMinutes', linearConfiguration?.stepBakeTimeInMinutes, 0, 1440);
  checkRange('canaryConfiguration.canaryPercent', canaryConfiguration?.canaryPercent, 0.1, 100, false);
  checkRange('canaryConfiguration.canaryBakeTimeInMinutes', canaryConfiguration?.canaryBakeTimeInMinutes, 0, 1440);
  for (const hook of lifecycleHooks) checkHook(hook);
};

// Developer guide, "Pause hooks for Amazon ECS service deployments": 1 to 20,160 minutes; not at the stages that shift traffic.
const checkHook = (hook: NonNullable<DeploymentConfiguration['lifecycleHooks']>[number]): void => {
  const { targetType = 'AWS_LAMBDA', hookTargetArn, lifecycleStages = [], timeoutConfiguration } = hook;
  if (lifecycleStages.length === 0) refuse('lifecycleStages of a lifecycle hook can not be empty.');
  if (targetType === 'AWS_LAMBDA' && !hookTargetArn) refuse('hookTargetArn is required for a lifecycle hook of type AWS_LAMBDA.');
  const shift = lifecycleStages.find((stage) => stage === 'TEST_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT');
  if (targetType === 'AWS_LAMBDA') throw new NotEmulated('a lifecycle hook of type AWS_LAMBDA of an ecs service');
  if (shift) refuse(`A lifecycle hook of type PAUSE can not be used at the stage ${shift}.`);
  checkRange('timeoutInMinutes', timeoutConfiguration?.timeoutInMinutes, 1, 20_160);
};

/**
 * The configuration after a change: members that are not given keep their values.
 * @throws AwsError InvalidParameterException
 */
export const changedConfiguration = (
  before: DeploymentConfiguration,
  change: Partial<DeploymentConfiguration> | undefined,
): DeploymentConfiguration => {
  const configuration = { ...before, ...change };
  check(configuration);
  return configuration;
};

/** What ECS uses and shows where nothing was given; a daemon starts no task before it has stopped one. */
export const defaultConfiguration = (schedulingStrategy: 'REPLICA' | 'DAEMON'): DeploymentConfiguration => ({
  ...(schedulingStrategy === 'DAEMON'
    ? { minimumHealthyPercent: 0, maximumPercent: 100 }
    : { minimumHealthyPercent: 100, maximumPercent: 200 }),
  strategy: 'ROLLING',
  deploymentCircuitBreaker: { enable: false, rollback: false },
});
