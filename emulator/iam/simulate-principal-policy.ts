import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { PolicyStatement } from './api.js';
import { type Context, missingKeys } from './condition.js';
import { coversAction, type Decision, evaluate } from './policy.js';

type ContextEntry = { readonly ContextKeyName?: string; readonly ContextKeyValues?: readonly string[]; readonly ContextKeyType?: string };

type Input = {
  readonly PolicySourceArn: string;
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
  readonly ContextEntries?: readonly ContextEntry[];
};

/** What a role may do: its statements, and those of its permissions boundary. */
export type RolePolicies = { readonly statements: readonly PolicyStatement[]; readonly boundary: readonly PolicyStatement[] | undefined };

const decisionNames: Readonly<Record<Decision, string>> = { allowed: 'allowed', denied: 'explicitDeny', notApplicable: 'implicitDeny' };

/** The API model's enum PolicyEvaluationDecisionType, the most restrictive first. */
const byRestriction = ['explicitDeny', 'implicitDeny', 'allowed'];

/** @throws AwsError NotEmulated for a context key with several values */
const contextFrom = (entries: readonly ContextEntry[]): Context =>
  Object.fromEntries(
    entries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => {
      if (ContextKeyValues.length > 1) throw new AwsError('NotEmulated', `several values of ${ContextKeyName}`, { status: 501 });
      return [ContextKeyName, ContextKeyValues[0] ?? ''];
    }),
  );

/**
 * Simulates a role's policies and its permissions boundary. The request has no other context than the given keys; keys that a
 * statement needs and the request lacks are answered. A result covers all resources with the most restrictive decision, and has
 * each of them in ResourceSpecificResults (API model of IAM, EvaluationResult, 2026).
 */
export const simulatePrincipalPolicy = (policiesOf: (roleArn: string) => RolePolicies | undefined): Operation =>
  operation<Input, unknown>({
    service: 'iam',
    name: 'SimulatePrincipalPolicy',
    input: {
      PolicySourceArn: 'string',
      ActionNames: { list: 'string' },
      ResourceArns: { list: 'string' },
      ContextEntries: { list: { members: { ContextKeyName: 'string', ContextKeyValues: { list: 'string' }, ContextKeyType: 'string' } } },
    },
    required: ['PolicySourceArn', 'ActionNames'],
    validationCode: 'ValidationError',
    permissions: ({ PolicySourceArn }) => [{ action: 'iam:SimulatePrincipalPolicy', resource: PolicySourceArn }],
    run: ({ PolicySourceArn, ActionNames, ResourceArns = ['*'], ContextEntries = [] }) => {
      const policies = policiesOf(PolicySourceArn);
      if (!policies) throw new AwsError('NoSuchEntity', `The role with ARN ${PolicySourceArn} cannot be found.`, { status: 404 });
      const malformed = ActionNames.find((name) => !/^[\w-]+:\w+$/.test(name));
      if (malformed !== undefined) throw new AwsError('InvalidInput', `Invalid Action: ${malformed}`);
      const context = contextFrom(ContextEntries);
      const EvaluationResults = ActionNames.map((action) => evaluationOf(policies, action, ResourceArns, context));
      return { EvaluationResults, IsTruncated: false };
    },
  });

const evaluationOf = ({ statements, boundary }: RolePolicies, action: string, resources: readonly string[], context: Context) => {
  const MissingContextValues = missingKeys(
    statements.filter((statement) => coversAction(statement, action)),
    context,
  );
  const results = resources.map((resource) => {
    const request = { action, resource, context };
    const own = evaluate(statements, request);
    const isWithin = boundary === undefined || evaluate(boundary, request) === 'allowed';
    return {
      EvalResourceName: resource,
      EvalResourceDecision: decisionNames[own === 'allowed' && !isWithin ? 'notApplicable' : own],
      MissingContextValues,
      ...(boundary && { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: isWithin } }),
    };
  });
  const decisions = results.map(({ EvalResourceDecision }) => EvalResourceDecision);
  return {
    EvalActionName: action,
    ...(resources.every((resource) => resource === '*') && { EvalResourceName: '*' }),
    EvalDecision: byRestriction.find((decision) => decisions.includes(decision)),
    MissingContextValues,
    ResourceSpecificResults: results,
  };
};
