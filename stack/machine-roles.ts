import { readFileSync } from 'node:fs';
import type { Configuration } from '../core/configuration/configuration.js';
import { verifiers } from '../core/configuration/hooks.js';
import { allow, arn, executionsOf, machineArn, named, type Resources, role, type Trust, type Value } from './cloudformation.js';

type Machine = 'release' | 'deployment';

/** One statement of a role, and one row of the table in docs/security.md. */
type RolePermission = {
  readonly allow: readonly string[];
  /** Without resources there is no statement. */
  readonly on: (stage: string, configuration: Configuration) => Value | Value[];
  /** As docs/security.md names what it is on, and what it is for. */
  readonly words: string;
  readonly for: string;
};

type ServiceRole = { readonly trust: (stage: string) => Trust; readonly permissions: readonly RolePermission[] };

/** The functions that a machine's definition names, by their keys in serverless.yml; one that it invokes without a version by its name. */
const functionsOf = (machine: Machine): string[] => [
  ...new Set(
    [
      ...readFileSync(`statemachine/${machine}.asl.yml`, 'utf8').matchAll(
        /FunctionName: (?:!GetAtt (?<key>\w+)\.Arn|!Sub '.*:function:slipway-\$\{sls:stage\}-(?<name>\w+)')/g,
      ),
    ].map(({ groups }) => groups?.key ?? groups?.name ?? ''),
  ),
];

const basePermissions = (machine: Machine): RolePermission[] => [
  {
    allow: ['lambda:InvokeFunction'],
    // With a version, which useExactVersion adds, and without.
    on: (stage) =>
      functionsOf(machine).flatMap((name) => ['', ':*'].map((version) => arn('lambda', `function:${named(stage, name)}${version}`))),
    words: 'the functions of its own states',
    for: 'its steps',
  },
  {
    allow: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: (stage) => arn('logs', `log-group:/aws/vendedlogs/states/${named(stage, machine)}:*`),
    words: 'its own log group',
    for: 'its errors',
  },
  {
    // With the two above, the policy of Step Functions' guide for logging to CloudWatch Logs.
    allow: [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    on: () => '*',
    words: '`*`: these actions support no resource',
    for: 'the delivery of its log, which Step Functions sets up',
  },
  {
    allow: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    on: () => '*',
    words: '`*`: these actions support no resource',
    for: 'its trace',
  },
];

/** The name of a function in its ARN, with its version or alias. */
const nameOf = (nameOrArn: string): string => nameOrArn.replace(/^arn:.*:function:/, '');

const trustOf =
  (machine: Machine) =>
  (stage: string): Trust => ({ service: 'states.amazonaws.com', sourceArn: machineArn(stage, machine) });

/** The roles of the two state machines, and of the rules that start the release machine. */
export const serviceRoles: Readonly<Record<string, ServiceRole>> = {
  ReleaseMachineRole: {
    trust: trustOf('release'),
    permissions: [
      ...basePermissions('release'),
      {
        allow: ['states:StartExecution'],
        on: (stage) => machineArn(stage, 'deployment'),
        words: 'the deployment machine',
        for: 'one deployment a service',
      },
      {
        allow: ['states:DescribeExecution', 'states:StopExecution'],
        on: (stage) => executionsOf(stage, 'deployment'),
        words: 'executions of the deployment machine',
        for: 'waiting for them, and stopping them with the release',
      },
      {
        allow: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        on: () => arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'),
        words: 'the one rule that Step Functions manages for nested executions',
        for: 'waiting for them',
      },
    ],
  },
  DeploymentMachineRole: {
    trust: trustOf('deployment'),
    permissions: [
      ...basePermissions('deployment'),
      {
        allow: ['lambda:InvokeFunction'],
        on: (_, configuration) => verifiers(configuration).map((name) => arn('lambda', `function:${nameOf(name)}`)),
        words: 'the functions of `verify.function`, with the version or alias that is named',
        for: 'verifying a revision',
      },
    ],
  },
  PushRuleRole: {
    trust: (stage) => ({ service: 'events.amazonaws.com', sourceArn: arn('events', `rule/${named(stage, 'push-*')}`) }),
    permissions: [
      {
        allow: ['states:StartExecution'],
        on: (stage) => machineArn(stage, 'release'),
        words: 'the release machine',
        for: 'one release a push',
      },
    ],
  },
};

/** The service roles as resources. */
export const machineRoles = (stage: string, configuration: Configuration): Resources =>
  Object.fromEntries(
    Object.entries(serviceRoles).map(([name, { trust, permissions }]) => [
      name,
      role(
        trust(stage),
        permissions.flatMap(({ allow: actions, on }) => {
          const resources = on(stage, configuration);
          return [resources].flat().length === 0 ? [] : allow([...actions], resources);
        }),
        configuration.stack,
      ),
    ]),
  );
