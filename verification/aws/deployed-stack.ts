import {
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CommandError } from '../../cli/command-error.js';
import { type Configuration, configuredServices } from '../../core/configuration/configuration.js';
import type { Clients } from './clients.js';

export type DeployedStack = {
  readonly stage: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly machines: { readonly release: string; readonly deployment: string };
  /** Physical IDs, which are what Ref gives, by logical ID. */
  readonly resources: ReadonlyMap<string, string>;
};

const usable = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'];

/** Why resources of a stack failed, the first failure first; a cancellation is the consequence of another failure. */
const failuresOf = async (client: Clients['cloudformation'], StackName: string): Promise<string[]> => {
  const failures: string[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName }))
    for (const { ResourceStatus = '', ResourceStatusReason = '', LogicalResourceId } of StackEvents)
      if (ResourceStatus.endsWith('_FAILED') && !ResourceStatusReason.includes('cancelled'))
        failures.unshift(`${LogicalResourceId}: ${ResourceStatusReason}`);
  return failures;
};

const resourcesOf = async (client: Clients['cloudformation'], StackName: string): Promise<Map<string, string>> => {
  const all: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    all.push(...StackResourceSummaries);
  return new Map(all.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [LogicalResourceId, PhysicalResourceId]));
};

/**
 * Reads the deployed stack of a stage.
 * @throws CommandError if it is missing, or its deployment failed: with the reasons of its resources
 */
export const readStack = async ({ cloudformation, sts }: Clients, stage: string): Promise<DeployedStack> => {
  const StackName = `slipway-${stage}`;
  const region = await cloudformation.config.region().catch((error: unknown) => {
    throw new CommandError('no Region is configured: give --region, or set AWS_REGION', { cause: error });
  });
  const { Account: accountId = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const described = await cloudformation.send(new DescribeStacksCommand({ StackName })).catch((error: Error) => {
    // CloudFormation has no code of its own for it; the name of the stack is all that it could reject.
    if (error.name === 'ValidationError')
      throw new CommandError(`the stack ${StackName} is not in ${region} of this account; deploy it first: docs/aws-trial.md`);
    throw error;
  });
  const { StackStatus = '', Outputs = [] } = described.Stacks?.[0] ?? {};
  if (!usable.includes(StackStatus)) {
    const failures = await failuresOf(cloudformation, StackName);
    throw new CommandError(
      [`the stack ${StackName} is ${StackStatus}; docs/aws-trial.md says what to do about these reasons:`, ...failures].join('\n  '),
    );
  }
  const output = (key: string) => Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  return {
    stage,
    region,
    accountId,
    partition: Arn.split(':')[1] ?? 'aws',
    machines: { release: output('ReleaseMachineArn'), deployment: output('DeploymentMachineArn') },
    resources: await resourcesOf(cloudformation, StackName),
  };
};

/** The task definitions of the configured services, by `cluster/service`. @throws CommandError if a service is missing */
export const readServices = async ({ ecs }: Clients, configuration: Configuration): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  for (const { service } of configuredServices(configuration)) {
    if (found.has(service.service)) continue;
    const { services = [] } = await ecs
      .send(new DescribeServicesCommand({ cluster: service.cluster, services: [service.name] }))
      .catch((error: Error) => {
        if (error.name === 'ClusterNotFoundException') return { services: [] };
        throw error;
      });
    const { status, taskDefinition } = services[0] ?? {};
    if (status === 'ACTIVE' && taskDefinition !== undefined) found.set(service.service, taskDefinition);
  }
  const missing = configuredServices(configuration).filter(({ service }) => !found.has(service.service));
  if (missing.length === 0) return found;
  const names = [...new Set(missing.map(({ service }) => service.service))].join(', ');
  throw new CommandError(`${names}: no such active service in this account; slipway.yml of a trial names services that exist`);
};
