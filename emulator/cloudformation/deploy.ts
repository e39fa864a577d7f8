import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { resolve, type Scope } from './intrinsics.js';
import { inOrder } from './order.js';
import { readProperties } from './properties.js';
import type { ResourceType } from './resource-type.js';
import { resourceTypes } from './resource-types.js';
import { rollBack } from './roll-back.js';
import { scopeOf } from './scope.js';
import { type Stack, type StackResource, stackOf } from './stack.js';
import { checkTemplate, type Resource } from './template.js';

export type Deployment = {
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical ID: the type, the physical ID (what Ref gives), and what Fn::GetAtt gives. */
  readonly resources: Readonly<Record<string, Pick<StackResource, 'type' | 'ref' | 'attributes'>>>;
};

const typeOf = (logicalId: string, { Type }: Resource): ResourceType => {
  const found = resourceTypes.get(Type);
  if (!found) throw new NotEmulated(`resource type ${Type} (${logicalId})`);
  return found;
};

const deployResource = async (
  account: Account,
  stack: Stack,
  scope: Scope,
  { logicalId, resource, artifactsDir }: { logicalId: string; resource: Resource; artifactsDir: string | undefined },
): Promise<void> => {
  const definition = typeOf(logicalId, resource);
  const { type, update } = definition;
  const place = `${type} (${logicalId})`;
  const properties = readProperties(resolve(resource.Properties ?? {}, scope), definition, { logicalId, type });

  const previous = stack.resources.get(logicalId);
  if (previous && previous.type !== type) throw new NotEmulated(`${place}, which was a ${previous.type} before,`);
  const isChanged = previous !== undefined && JSON.stringify(previous.properties) !== JSON.stringify(properties);
  if (isChanged && update === 'refused') throw new NotEmulated(`an update of ${place}`);
  if (previous && !isChanged && update !== 'always') return;

  try {
    const { ref, attributes = {} } = await definition.deploy(properties as never, { account, stack, logicalId, artifactsDir });
    const { DeletionPolicy: deletionPolicy = 'Delete' } = resource;
    stack.resources.set(logicalId, { type, ref, attributes, properties, deletionPolicy, artifactsDir });
    stack.addEvent({ logicalId, physicalId: ref, type, status: `${previous ? 'UPDATE' : 'CREATE'}_COMPLETE`, reason: undefined });
  } catch (error) {
    if (error instanceof AwsError) {
      const reason = `Resource handler returned message: "${error.message}"`;
      stack.addEvent({ logicalId, physicalId: previous?.ref ?? '', type, status: `${previous ? 'UPDATE' : 'CREATE'}_FAILED`, reason });
    }
    if (error instanceof AwsError && error.code !== 'NotEmulated') throw new AwsError(error.code, `${place}: ${error.message}`);
    throw error;
  }
};

const remove = (stack: Stack, kept: readonly string[]): void => {
  for (const [logicalId, { type, deletionPolicy }] of stack.resources) {
    if (kept.includes(logicalId)) continue;
    const isRetained = deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';
    if (!isRetained && !resourceTypes.get(type)?.isNoop) throw new NotEmulated(`deletion of ${type} (${logicalId})`);
    stack.resources.delete(logicalId);
  }
};

/**
 * Deploys a template as `serverless package` writes it, or updates its stack. `artifactsDir` has the packaged functions;
 * without it their code comes from `functionCode`.
 */
export const deployStack = async (
  account: Account,
  {
    template: given,
    stackName,
    artifactsDir,
    parameters = {},
  }: {
    readonly template: Readonly<Record<string, unknown>>;
    readonly stackName: string;
    readonly artifactsDir?: string | undefined;
    readonly parameters?: Readonly<Record<string, string>>;
  },
): Promise<Deployment> =>
  account.clock.during(async () => {
    const template = checkTemplate(given);
    const stack = stackOf(account, stackName);
    const scope = scopeOf(account, stack, template, parameters);
    const isIncluded = ({ Condition }: { readonly Condition?: string }) => Condition === undefined || scope.conditionHolds(Condition);
    const resources = Object.fromEntries(Object.entries(template.Resources).filter(([, resource]) => isIncluded(resource)));

    // An unknown type is refused before the first resource is created.
    for (const [logicalId, resource] of Object.entries(resources)) typeOf(logicalId, resource);
    const order = inOrder(resources, template.Resources, scope.conditionHolds);
    const before = new Map(stack.resources);
    const isUpdate = stack.status.endsWith('_COMPLETE') && stack.status !== 'ROLLBACK_COMPLETE';
    stack.setStatus(isUpdate ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS', 'User Initiated');
    try {
      for (const logicalId of order)
        await deployResource(account, stack, scope, { logicalId, resource: resources[logicalId] as Resource, artifactsDir });
    } catch (error) {
      await rollBack(account, stack, before);
      stack.setStatus(isUpdate ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE');
      throw error;
    }
    remove(stack, order);

    const outputs = Object.entries(template.Outputs ?? {})
      .filter(([, output]) => isIncluded(output))
      .map(([name, { Value }]) => [name, String(resolve(Value, scope))] as const);
    stack.outputs = Object.fromEntries(outputs);
    stack.setStatus(isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
    account.log.add('cloudformation', 'stack-deployed', { stack: stackName, resources: order.length });
    return {
      outputs: stack.outputs,
      resources: Object.fromEntries([...stack.resources].map(([id, { type, ref, attributes }]) => [id, { type, ref, attributes }])),
    };
  });
