type Detail = Readonly<Record<string, unknown>>;
type Changes = { readonly detail?: Detail } & Readonly<Record<string, unknown>>;

const region = 'arn:aws:ecs:eu-west-1:123456789012';

const eventOf = (type: string, resources: readonly string[], detail: Detail, { detail: changed, ...changes }: Changes = {}) => ({
  version: '0',
  id: '3317b2af-7005-947d-b652-f55e762e571a',
  'detail-type': type,
  source: 'aws.ecs',
  account: '123456789012',
  time: '2026-11-23T12:02:58Z',
  region: 'eu-west-1',
  resources,
  ...changes,
  detail: { ...detail, ...changed },
});

export const taskId = (number = 1): string => number.toString(16).padStart(32, '0');

/** A task of production/web whose container exited with 1, as its event on Fargate has it, 23 s before STOPPED. */
export const taskEvent = (number?: number, changes?: Changes) => {
  const taskArn = `${region}:task/production/${taskId(number)}`;
  const detail = {
    attachments: [{ id: '4ba8f3e1-0d4b-4d5e-9a53-3c5f1c0f4a11', type: 'eni', status: 'DELETED', details: [] }],
    availabilityZone: 'eu-west-1a',
    capacityProviderName: 'FARGATE',
    clusterArn: `${region}:cluster/production`,
    containers: [
      {
        containerArn: `${region}:container/production/${taskId(number)}/cf159fd6-3e3f-4a9e-84f9-66cbe726af01`,
        exitCode: 1,
        lastStatus: 'STOPPED',
        name: 'app',
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-learn-app@sha256:aa',
        taskArn,
        networkInterfaces: [],
        cpu: '0',
      },
    ],
    createdAt: '2026-11-23T12:02:10.1Z',
    desiredStatus: 'STOPPED',
    executionStoppedAt: '2026-11-23T12:02:55.226Z',
    group: 'service:web',
    lastStatus: 'DEPROVISIONING',
    launchType: 'FARGATE',
    startedBy: 'ecs-svc/1637086347952626779',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    taskArn,
    taskDefinitionArn: `${region}:task-definition/web:8`,
    version: 5,
  };
  return eventOf('ECS Task State Change', [taskArn], detail, changes);
};

export const serviceArn = `${region}:service/production/web`;

export const deploymentEvent = (eventName = 'SERVICE_DEPLOYMENT_COMPLETED', changes?: Changes) =>
  eventOf(
    'ECS Deployment State Change',
    [serviceArn],
    {
      eventType: 'INFO',
      eventName,
      deploymentId: 'ecs-svc/1637086347952626779',
      updatedAt: '2026-11-23T12:02:57Z',
      reason: 'ECS deployment ecs-svc/1637086347952626779 completed.',
    },
    changes,
  );

export const actionEvent = (eventName = 'SERVICE_TASK_PLACEMENT_FAILURE', changes?: Changes) =>
  eventOf(
    'ECS Service Action',
    [serviceArn],
    {
      eventType: 'ERROR',
      eventName,
      clusterArn: `${region}:cluster/production`,
      createdAt: '2026-11-23T12:02:57.044Z',
      reason: 'RESOURCE:FARGATE',
    },
    changes,
  );

/** Its `resources` name the service deployment, not the service. */
export const hookEvent = (eventName = 'HOOK_AWAITING_ACTION', changes?: Changes) => {
  const serviceDeploymentArn = `${region}:service-deployment/production/web/0EYSiB0qap8xf0N76FsbE`;
  const detail = {
    eventType: 'INFO',
    eventName,
    hookId: 'ecs-pause-e7tK9G_WRJqNF_EOMjztDXfKenlJuEUVjsNStf4WLKw',
    hookType: 'PAUSE',
    expiresAt: '2026-11-23T12:12:57Z',
    lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
    clusterArn: `${region}:cluster/production`,
    serviceArn,
    serviceDeploymentArn,
    updatedAt: '2026-11-23T12:02:57.618059641Z',
  };
  return eventOf('ECS Hook State Change', [serviceDeploymentArn], detail, changes);
};
