import type { StackSettings } from '../core/configuration/configuration.js';

/** A value that CloudFormation fills in. */
export type Value = string | { 'Fn::Sub': string } | { 'Fn::GetAtt': [string, string] } | { Ref: string };

export type Resource = { Type: string; Properties: Record<string, unknown>; DependsOn?: string[] };

export type Resources = Record<string, Resource>;

/** The ARN of a resource of this account and Region, in every partition. */
export const arn = (service: string, resource: string): Value => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

export const attribute = (resource: string, name: string): Value => ({ 'Fn::GetAtt': [resource, name] });

/** The name of a resource in this stage. Functions refer to machines by name, because references would be circular. */
export const named = (stage: string, name: string): string => `slipway-${stage}-${name}`;

export const machineArn = (stage: string, machine: 'release' | 'deployment'): Value =>
  arn('states', `stateMachine:${named(stage, machine)}`);

export const executionsOf = (stage: string, machine: 'release' | 'deployment'): Value =>
  arn('states', `execution:${named(stage, machine)}:*`);

/** Who may assume a role: an AWS service for this account and, if given, for the resource with this ARN. */
export type Trust = { service: string; sourceArn?: Value };

export const POLICY_NAME = 'slipway';

/**
 * A role that only this AWS service can assume, for this account. Lambda's guide names `aws:SourceAccount` for the trust policies of
 * execution roles (page "Working with AWS managed policies in the execution role"); docs/aws-trial.md says how to see it.
 */
export const role = (
  { service, sourceArn }: Trust,
  statements: Statement[],
  { rolePath, permissionsBoundary }: StackSettings = {},
): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    ...(rolePath && { Path: rolePath }),
    ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ...(sourceArn && { ArnLike: { 'aws:SourceArn': sourceArn } }),
          },
        },
      ],
    },
    Policies: [{ PolicyName: POLICY_NAME, PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

/** Denies requests without TLS, in a resource policy. */
export const denyWithoutTls = (action: string, resource: Value) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

export type Statement = {
  Effect: 'Allow';
  Action: string | string[];
  Resource: Value | Value[];
  Condition?: Record<string, Record<string, Value | Value[]>>;
};

export const allow = (actions: string | string[], resources: Value | Value[], condition?: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition && { Condition: condition }),
});

/** IAM's limit for all inline policies of one role, in characters. */
export const POLICY_LIMIT = 10_240;

/** The size of the statements as a policy, in characters, with the longest names that an account and a Region can have. */
export const policySize = (statements: Statement[]): number => sizeOf({ Version: '2012-10-17', Statement: statements });

/** The size of a value as JSON, in characters, once CloudFormation has filled in the longest names. */
export const sizeOf = (template: object): number =>
  JSON.stringify(template, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('Fn::Sub' in value) return filledIn(String(value['Fn::Sub']));
    if ('Ref' in value) return LONGEST_NAMES[String(value.Ref).replace('AWS::', '')] ?? LONGEST_ARN;
    return 'Fn::GetAtt' in value ? LONGEST_ARN : value;
  }).length;

const LONGEST_NAMES: Record<string, string> = { Partition: 'aws-us-gov', Region: 'ap-southeast-99', AccountId: '123456789012' };

const filledIn = (text: string): string => text.replace(/\$\{AWS::(\w+)\}/g, (_, name: string) => LONGEST_NAMES[name] ?? '');

const LONGEST_ARN = 'x'.repeat(150);
