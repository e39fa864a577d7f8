import type { Shape } from '../shape.js';
import { tagsShape } from './clusters.js';

// The enums are those of the API model (@aws-sdk/client-ecs 3.1164, November 2026).
export const launchTypes: Shape = { oneOf: ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] };
export const schedulingStrategies: Shape = { oneOf: ['REPLICA', 'DAEMON'] };
export const propagations: Shape = { oneOf: ['TASK_DEFINITION', 'SERVICE', 'NONE'] };
const hookActions: Shape = { oneOf: ['CONTINUE', 'ROLLBACK'] };

const lifecycleHook: Shape = {
  members: {
    targetType: { oneOf: ['AWS_LAMBDA', 'PAUSE'] },
    hookTargetArn: 'string',
    roleArn: 'string',
    lifecycleStages: {
      list: {
        oneOf: [
          'RECONCILE_SERVICE',
          'PRE_SCALE_UP',
          'POST_SCALE_UP',
          'TEST_TRAFFIC_SHIFT',
          'POST_TEST_TRAFFIC_SHIFT',
          'PRE_PRODUCTION_TRAFFIC_SHIFT',
          'PRODUCTION_TRAFFIC_SHIFT',
          'POST_PRODUCTION_TRAFFIC_SHIFT',
        ],
      },
    },
    hookDetails: 'any',
    timeoutConfiguration: { members: { timeoutInMinutes: 'number', action: hookActions } },
  },
};

const deploymentConfiguration: Shape = {
  members: {
    minimumHealthyPercent: 'number',
    maximumPercent: 'number',
    strategy: { oneOf: ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'] },
    bakeTimeInMinutes: 'number',
    lifecycleHooks: { list: lifecycleHook },
    linearConfiguration: { members: { stepPercent: 'number', stepBakeTimeInMinutes: 'number' } },
    canaryConfiguration: { members: { canaryPercent: 'number', canaryBakeTimeInMinutes: 'number' } },
    deploymentCircuitBreaker: {
      members: {
        enable: 'boolean',
        rollback: 'boolean',
        resetOnHealthyTask: 'boolean',
        thresholdConfiguration: {
          members: { type: { oneOf: ['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT'] }, value: 'number' },
        },
      },
    },
    alarms: { members: { alarmNames: { list: 'string' }, enable: 'boolean', rollback: 'boolean' } },
    earlySuccessCriteria: {
      members: {
        enable: 'boolean',
        healthyPercent: 'number',
        sourceServiceRevisionCleanup: { oneOf: ['BLOCKING', 'DEFERRED'] },
      },
    },
  },
};

/** Where tasks run: members of CreateService, UpdateService and RunTask. */
export const placementShape: Readonly<Record<string, Shape>> = {
  capacityProviderStrategy: { list: { members: { capacityProvider: 'string', weight: 'number', base: 'number' } } },
  platformVersion: 'string',
  networkConfiguration: {
    members: {
      awsvpcConfiguration: {
        members: {
          subnets: { list: 'string' },
          securityGroups: { list: 'string' },
          assignPublicIp: { oneOf: ['ENABLED', 'DISABLED'] },
        },
      },
    },
  },
  placementConstraints: { list: { members: { type: { oneOf: ['distinctInstance', 'memberOf'] }, expression: 'string' } } },
  placementStrategy: { list: { members: { type: { oneOf: ['random', 'spread', 'binpack'] }, field: 'string' } } },
  enableExecuteCommand: 'boolean',
  enableECSManagedTags: 'boolean',
  propagateTags: propagations,
};

/** Members shared by CreateService and UpdateService. */
export const serviceShape: Readonly<Record<string, Shape>> = {
  cluster: 'string',
  taskDefinition: 'string',
  desiredCount: 'number',
  ...placementShape,
  deploymentConfiguration,
  deploymentController: { members: { type: { oneOf: ['ECS', 'CODE_DEPLOY', 'EXTERNAL'] } } },
  availabilityZoneRebalancing: { oneOf: ['ENABLED', 'DISABLED'] },
  healthCheckGracePeriodSeconds: 'number',
  loadBalancers: {
    list: {
      members: {
        targetGroupArn: 'string',
        loadBalancerName: 'string',
        containerName: 'string',
        containerPort: 'number',
        advancedConfiguration: 'any',
      },
    },
  },
  serviceRegistries: {
    list: { members: { registryArn: 'string', port: 'number', containerName: 'string', containerPort: 'number' } },
  },
  serviceConnectConfiguration: 'any',
  volumeConfigurations: { list: { members: { name: 'string', managedEBSVolume: 'any' } } },
  vpcLatticeConfigurations: { list: { members: { roleArn: 'string', targetGroupArn: 'string', portName: 'string' } } },
};

/** Members of CreateService alone. */
export const createShape: Readonly<Record<string, Shape>> = {
  serviceName: 'string',
  launchType: launchTypes,
  schedulingStrategy: schedulingStrategies,
  role: 'string',
  clientToken: 'string',
  tags: tagsShape,
};
