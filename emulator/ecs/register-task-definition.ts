import type { Account } from '../account.js';
import type { Caller } from '../caller.js';
import { AwsError } from '../errors.js';
import { type Operation, operation, type Permission } from '../operation.js';
import type { Shape } from '../shape.js';
import { checkTaskDefinition, unitsOf } from './check-task-definition.js';
import { tagsShape } from './clusters.js';
import { taskDefinitionModify } from './rate-limits.js';
import type { ContainerDefinition, PortMapping, Tag, TaskDefinition, TaskDefinitionDocument } from './records.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';
import { taskDefinitionView } from './task-definition-view.js';

type Input = TaskDefinitionDocument & { readonly tags?: readonly Tag[] };

/** Values of the API model's enums (November 2026). */
const platforms: Shape = {
  members: {
    cpuArchitecture: { oneOf: ['X86_64', 'ARM64'] },
    operatingSystemFamily: {
      oneOf: [
        'WINDOWS_SERVER_2019_FULL',
        'WINDOWS_SERVER_2019_CORE',
        'WINDOWS_SERVER_2016_FULL',
        'WINDOWS_SERVER_2004_CORE',
        'WINDOWS_SERVER_2022_CORE',
        'WINDOWS_SERVER_2022_FULL',
        'WINDOWS_SERVER_2025_CORE',
        'WINDOWS_SERVER_2025_FULL',
        'WINDOWS_SERVER_20H2_CORE',
        'LINUX',
      ],
    },
  },
};

const withHostPort = (mapping: PortMapping, networkMode: string | undefined): PortMapping => ({
  hostPort: networkMode === 'awsvpc' || networkMode === 'host' ? mapping.containerPort : 0,
  protocol: 'tcp',
  ...mapping,
});

/** What ECS writes into a container definition where it was not given (defaults of ContainerDefinition, PortMapping and HealthCheck). */
const withDefaults = (container: ContainerDefinition, networkMode: string | undefined): ContainerDefinition => ({
  cpu: 0,
  essential: true,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  systemControls: [],
  ...container,
  portMappings: (container.portMappings ?? []).map((mapping) => withHostPort(mapping, networkMode)),
  ...(container.healthCheck && { healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck } }),
});

const documentOf = ({ tags: _, cpu: cpuText, memory: memoryText, ...given }: Input): TaskDefinitionDocument => {
  const [cpu, memory] = [unitsOf('cpu', cpuText), unitsOf('memory', memoryText)];
  return {
    volumes: [],
    placementConstraints: [],
    ...given,
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    containerDefinitions: given.containerDefinitions.map((container) => withDefaults(container, given.networkMode)),
  } as TaskDefinitionDocument;
};

const registrationMs = 250;

/**
 * While one client's call registers a revision of a family, another's is refused (hashicorp/terraform-provider-aws#9777). A call takes no
 * time here: it counts as under way for as long as such calls take, and a client does not wait for itself.
 */
const checkConcurrency = (state: EcsState, family: string, { activity, arn }: Caller): void => {
  const client = activity ?? arn;
  const last = state.registrations.get(family);
  if (last && last.client !== client && last.until > state.now)
    throw new AwsError('ClientException', 'Too many concurrent attempts to create a new revision of the specified family.');
  state.registrations.set(family, { client, until: state.now + registrationMs });
};

export const passRoles = (account: Account, roles: readonly (string | undefined)[]): Permission[] =>
  [...new Set(roles)].flatMap((role) =>
    role
      ? [
          {
            action: 'iam:PassRole',
            resource: role.startsWith('arn:') ? role : `arn:${account.partition}:iam::${account.accountId}:role/${role}`,
            context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
          },
        ]
      : [],
  );

export const registerTaskDefinition = (state: EcsState): Operation =>
  operation<Input, unknown>({
    service: 'ecs',
    name: 'RegisterTaskDefinition',
    input: {
      family: 'string',
      taskRoleArn: 'string',
      executionRoleArn: 'string',
      networkMode: { oneOf: ['bridge', 'host', 'awsvpc', 'none'] },
      containerDefinitions: { list: 'any' },
      volumes: 'any',
      placementConstraints: 'any',
      requiresCompatibilities: { list: { oneOf: ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] } },
      cpu: 'string',
      memory: 'string',
      tags: tagsShape,
      pidMode: { oneOf: ['host', 'task'] },
      ipcMode: { oneOf: ['host', 'task', 'none'] },
      proxyConfiguration: 'any',
      inferenceAccelerators: 'any',
      ephemeralStorage: 'any',
      runtimePlatform: platforms,
      enableFaultInjection: 'boolean',
    },
    required: ['family', 'containerDefinitions'],
    validationCode: 'ClientException',
    rateLimit: taskDefinitionModify,
    permissions: ({ family, taskRoleArn, executionRoleArn, tags }, account) => [
      { action: 'ecs:RegisterTaskDefinition', resource: account.arn('ecs', `task-definition/${family}:*`) },
      ...passRoles(account, [taskRoleArn, executionRoleArn]),
      ...(tags?.length
        ? [
            {
              action: 'ecs:TagResource',
              resource: account.arn('ecs', `task-definition/${family}:*`),
              context: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
            },
          ]
        : []),
    ],
    run: (input, { account, caller }) => {
      const document = documentOf(structuredClone(input));
      checkTaskDefinition(document);
      const tags = checkTags(structuredClone(input.tags ?? []));
      checkConcurrency(state, input.family, caller);
      const revisions = state.families.get(input.family) ?? [];
      const revision = revisions.length + 1;
      const taskDefinition: TaskDefinition = {
        arn: account.arn('ecs', `task-definition/${input.family}:${revision}`),
        family: input.family,
        revision,
        document,
        registeredAt: state.date(),
        registeredBy: caller.arn,
        tags,
        status: 'ACTIVE',
      };
      state.families.set(input.family, [...revisions, taskDefinition]);
      const view = taskDefinitionView(taskDefinition);
      state.versions.record(taskDefinition.arn, view);
      return { taskDefinition: view, ...(tags.length > 0 && { tags }) };
    },
  });
