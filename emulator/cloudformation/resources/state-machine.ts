import { AwsError } from '../../errors.js';
import { tags } from '../properties.js';
import { type Deploying, physicalName, resourceType } from '../resource-type.js';

type Properties = {
  StateMachineName?: string;
  RoleArn: string;
  DefinitionString?: string;
  Definition?: unknown;
  DefinitionSubstitutions?: Record<string, string>;
  LoggingConfiguration?: { Level?: string; Destinations?: { CloudWatchLogsLogGroup: { LogGroupArn: string } }[] };
};

const definitionOf = ({ DefinitionString, Definition, DefinitionSubstitutions = {} }: Properties): unknown => {
  if ((DefinitionString === undefined) === (Definition === undefined))
    throw new AwsError('ValidationError', 'expected either DefinitionString or Definition');
  const text = DefinitionString ?? JSON.stringify(Definition);
  const substituted = text.replace(/\$\{(\w+)\}/g, (whole, name: string) => DefinitionSubstitutions[name] ?? whole);
  try {
    return JSON.parse(substituted);
  } catch (error) {
    throw new AwsError('InvalidDefinition', `DefinitionString is not JSON: ${(error as Error).message}`);
  }
};

const checkLogging = ({ LoggingConfiguration: { Level = 'OFF', Destinations = [] } = {}, RoleArn }: Properties, { account }: Deploying) => {
  if (Level === 'OFF') return;
  if (Destinations.length !== 1)
    throw new AwsError('InvalidLoggingConfiguration', `LoggingConfiguration has ${Destinations.length} destinations; expected one`);
  for (const { CloudWatchLogsLogGroup } of Destinations) {
    const { LogGroupArn } = CloudWatchLogsLogGroup;
    if (!LogGroupArn.endsWith(':*'))
      throw new AwsError('InvalidLoggingConfiguration', `${LogGroupArn}: expected a log group's ARN that ends in :*`);
  }
  if (!account.services.iam.isAllowed({ arn: RoleArn, kind: 'role' }, 'logs:CreateLogDelivery', '*'))
    throw new AwsError('AccessDeniedException', 'The state machine IAM Role is not authorized to access the Log Destination');
};

export const stateMachine = resourceType<Properties>({
  type: 'AWS::StepFunctions::StateMachine',
  shapes: {
    StateMachineName: 'string',
    StateMachineType: { oneOf: ['STANDARD'] },
    RoleArn: 'string',
    DefinitionString: 'string',
    Definition: 'json',
    DefinitionSubstitutions: { map: 'string' },
    LoggingConfiguration: {
      members: {
        Level: { oneOf: ['ALL', 'ERROR', 'FATAL', 'OFF'] },
        IncludeExecutionData: 'boolean',
        Destinations: { list: { members: { CloudWatchLogsLogGroup: { members: { LogGroupArn: 'string' } } } } },
      },
    },
    TracingConfiguration: { members: { Enabled: 'boolean' } },
    Tags: tags,
  },
  required: ['RoleArn'],
  update: 'changed',
  deploy: (properties, deploying) => {
    const { account } = deploying;
    const { StateMachineName: name = physicalName(deploying, 80), RoleArn } = properties;
    if (name.length > 80) throw new AwsError('InvalidName', `name ${name} has ${name.length} characters; expected at most 80`);
    const arn = account.arn('states', `stateMachine:${name}`);
    if (!account.services.iam.canAssume(RoleArn, 'states.amazonaws.com', arn))
      throw new AwsError(
        'AccessDeniedException',
        `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role: ${RoleArn}`,
      );
    checkLogging(properties, deploying);
    account.services.states.createStateMachine({ name, arn, roleArn: RoleArn, definition: definitionOf(properties) });
    return { ref: arn, attributes: { Arn: arn, Name: name } };
  },
});
