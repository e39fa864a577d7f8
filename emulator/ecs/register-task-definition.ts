import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { type Operation, operation, type Permission } from '../operation.js';
import { tagsShape } from './clusters.js';
import { taskDefinitionModify } from './rate-limits.js';
import type { ContainerDefinition, Tag, TaskDefinition, TaskDefinitionDocument } from './records.js';
import type { EcsState } from './state.js';
import { checkTags } from './tags.js';
import { taskDefinitionView } from './task-definition-view.js';

type Input = TaskDefinitionDocument & { readonly tags?: readonly Tag[] };

const maxBytes = 65_536;
const maxContainers = 10;

const refuse = (message: string): never => {
  throw new AwsError('ClientException', message);
};

const check = ({ family, containerDefinitions }: Input): void => {
  if (!/^[\w-]{1,255}$/.test(family)) refuse('Family contains invalid characters.');
  if (containerDefinitions.length === 0) refuse('Container list cannot be empty.');
  if (containerDefinitions.length > maxContainers) {
    refuse(`Task definition has ${containerDefinitions.length} containers; at most ${maxContainers} are allowed.`);
  }
  if (new Set(containerDefinitions.map(({ name }) => name)).size < containerDefinitions.length) refuse('Container names must be unique.');
  for (const { name, image } of containerDefinitions) {
    if (!name || !image) refuse('Container.name and Container.image should not be null or empty.');
  }
  if (containerDefinitions.every(({ essential }) => essential === false)) refuse('At least one container must be essential.');
};

/** What ECS writes into a container definition where it was not given. */
const withDefaults = (container: ContainerDefinition): ContainerDefinition => ({
  cpu: 0,
  portMappings: [],
  essential: true,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  systemControls: [],
  ...container,
});

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
      networkMode: 'string',
      containerDefinitions: { list: 'any' },
      volumes: 'any',
      placementConstraints: 'any',
      requiresCompatibilities: { list: 'string' },
      cpu: 'string',
      memory: 'string',
      tags: tagsShape,
      pidMode: 'string',
      ipcMode: 'string',
      proxyConfiguration: 'any',
      inferenceAccelerators: 'any',
      ephemeralStorage: 'any',
      runtimePlatform: 'any',
      enableFaultInjection: 'boolean',
    },
    required: ['family', 'containerDefinitions'],
    rateLimit: taskDefinitionModify,
    permissions: ({ family, taskRoleArn, executionRoleArn, tags }, account) => [
      { action: 'ecs:RegisterTaskDefinition', resource: '*' },
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
      check(input);
      const { tags = [], ...given } = structuredClone(input);
      const document = {
        volumes: [],
        placementConstraints: [],
        ...given,
        containerDefinitions: given.containerDefinitions.map(withDefaults),
      } as TaskDefinitionDocument;
      const bytes = Buffer.byteLength(JSON.stringify(document));
      if (bytes > maxBytes) refuse(`Actual length: '${bytes}'. Max allowed length is '${maxBytes}' bytes.`);
      const revisions = state.families.get(input.family) ?? [];
      const revision = revisions.length + 1;
      const taskDefinition: TaskDefinition = {
        arn: account.arn('ecs', `task-definition/${input.family}:${revision}`),
        family: input.family,
        revision,
        document,
        registeredAt: state.date(),
        registeredBy: caller.arn,
        tags: checkTags(tags),
        status: 'ACTIVE',
      };
      state.families.set(input.family, [...revisions, taskDefinition]);
      const view = taskDefinitionView(taskDefinition);
      state.versions.record(taskDefinition.arn, view);
      return { taskDefinition: view, ...(tags.length > 0 && { tags }) };
    },
  });
