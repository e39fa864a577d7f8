import { readFileSync } from 'node:fs';
import { allow, arn, executionsOf, machineArn, named, type Resources, role, type Statement } from './cloudformation.js';

type Machine = 'release' | 'deployment';

/** The functions that a machine's definition names, by their keys in serverless.yml. */
const functionsOf = (machine: Machine): string[] => [
  ...new Set(
    [...readFileSync(`statemachine/${machine}.asl.yml`, 'utf8').matchAll(/FunctionName: !GetAtt (\w+)\.Arn/g)].map(([, key = '']) => key),
  ),
];

/** The roles of the two state machines, and of the rules that start the release machine. */
export const machineRoles = (stage: string): Resources => ({
  DeploymentMachineRole: role('states.amazonaws.com', basePermissions(stage, 'deployment')),
  ReleaseMachineRole: role('states.amazonaws.com', [
    ...basePermissions(stage, 'release'),
    allow('states:StartExecution', machineArn(stage, 'deployment')),
    allow(['states:DescribeExecution', 'states:StopExecution'], executionsOf(stage, 'deployment')),
    // Step Functions manages this rule for nested executions (.sync).
    allow(
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    ),
  ]),
  PushRuleRole: role('events.amazonaws.com', [allow('states:StartExecution', machineArn(stage, 'release'))]),
});

const basePermissions = (stage: string, machine: Machine): Statement[] => [
  allow(
    'lambda:InvokeFunction',
    // With a version, which useExactVersion adds, and without.
    functionsOf(machine).flatMap((name) => ['', ':*'].map((version) => arn('lambda', `function:${named(stage, name)}${version}`))),
  ),
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', `log-group:/aws/vendedlogs/states/${named(stage, machine)}:*`)),
  // The other permissions of Step Functions' guide for logging to CloudWatch Logs: they support no resource.
  allow(
    [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    '*',
  ),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], '*'),
];
