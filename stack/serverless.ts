import type { Configuration, StackSettings } from '../core/configuration/configuration.js';
import { scansImages, servicesWithBeforeTask, verifyingAlarms } from '../core/configuration/hooks.js';
import { bundleOptions, unbundledOptions } from './bundles.js';
import type { Resource } from './cloudformation.js';
import { dashboard } from './dashboard.js';
import { ecsEventRules } from './ecs-event-rules.js';
import { foreignVerifiers } from './hook-checks.js';
import { hookEventRules } from './hook-event-rules.js';
import { encryptionProperties, foreignKeys } from './keys.js';
import { machineRoles } from './machine-roles.js';
import { mailSubscriptions } from './mail.js';
import { stageIssue } from './names.js';
import { pushRules } from './push-rules.js';
import { InvalidConfiguration, readConfiguration } from './read-configuration.js';
import { functionRoles } from './roles.js';
import { loadSteps } from './steps.js';

/** The argument that the Serverless Framework passes to a function that resolves a value. */
type Context = { resolveVariable: (variable: string) => Promise<unknown> };

const file = process.env.SLIPWAY_CONFIG || 'slipway.yml';
const configuration = readOrExit();
const { slack } = configuration.notifications;
const { reconcileSeconds } = configuration;
const hasAlarms = verifyingAlarms(configuration).length > 0;
const hasScans = scansImages(configuration);

/** serverless.yml refers to these exports: `${file(./stack/index.cjs):name}`. */
export const esbuild = () => (process.env.SLIPWAY_BUNDLES === 'none' ? unbundledOptions : bundleOptions(configuration));

/** The stage unless --stage names one. */
export const stage = () => configuration.stack?.stage ?? 'dev';

/** Roles, rules and encryption, which follow from slipway.yml. The Framework merges them with the other resources. */
export const derivedResources = async ({
  resolveVariable,
}: Context): Promise<{ Resources: Record<string, Pick<Resource, 'Properties'>> }> => {
  const stage = String(await resolveVariable('sls:stage'));
  const steps = await loadSteps();
  const issue = stageIssue(stage, {
    only: configuration.stack?.stage,
    functions: steps.map(({ key }) => key),
    services: servicesWithBeforeTask(configuration),
  });
  if (issue !== undefined) refuse(`${file}: ${issue}`);
  const region = String(await resolveVariable('self:provider.region'));
  const foreign = foreignKeys(configuration, region);
  if (foreign.length > 0) refuse(`${file}: ${foreign.join(', ')}: expected a key of the stack's Region, ${region}`);
  const verifiers = foreignVerifiers(configuration, region);
  if (verifiers.length > 0)
    refuse(`${file}: verify.function is ${verifiers.join(' and ')}; expected a function of the stack's Region, ${region}`);
  const { form, roles } = functionRoles(steps, { stage, configuration });
  const granted = form === 'service' ? 'by the ARN of each service' : 'by cluster, because by service a policy would be too long';
  process.stderr.write(`Configuration: ${file}. IAM policies name ECS services ${granted}.\n`);
  if (configuration.stack?.stage === undefined)
    process.stderr.write(
      `Stage: ${stage}. A stack of another stage would deploy the same services: "stack: {stage: ${stage}}" in ${file} refuses one.\n`,
    );

  return {
    Resources: {
      ...roles,
      ...machineRoles(stage, configuration),
      ...pushRules(stage, Object.keys(configuration.repositories), otherRules),
      ...ecsEventRules(stage, configuration),
      ...hookEventRules(stage, configuration),
      ...mailSubscriptions(configuration.notifications.email),
      ...encryptionProperties(configuration),
      ...verifyUrlNetwork(configuration.stack),
      ...dashboard(stage, configuration),
    },
  };
};

/** Connects the function that verifies URLs to the subnets of the file, and no other function. */
const verifyUrlNetwork = ({ vpc }: StackSettings = {}): Record<string, Resource> => {
  if (!vpc) return {};
  const VpcConfig = { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds };
  return { VerifyUrlLambdaFunction: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig } } };
};

/** Rules that invoke a function; their undelivered events go to the same queue as undelivered pushes. */
const otherRules = ['SweepRule', 'SweepSchedule', ...(reconcileSeconds === undefined ? [] : ['ReconcileSchedule'])];

// The Framework resolves the variable that it gets. A part that slipway.yml does not need is an empty object.
const includeIf = (wanted: boolean, file: string, key: string) => (wanted ? `\${file(./stack/${file}):${key}}` : {});

export const slackFunctions = () => includeIf(slack !== undefined, 'slack.yml', 'functions');
export const slackResources = () => includeIf(slack !== undefined, 'slack.yml', 'resources');
export const slackSecret = () => slack?.secret;
export const reconcileFunctions = () => includeIf(reconcileSeconds !== undefined, 'reconcile.yml', 'functions');
export const reconcileResources = () => includeIf(reconcileSeconds !== undefined, 'reconcile.yml', 'resources');
export const alarmFunctions = () => includeIf(hasAlarms, 'alarm-events.yml', 'functions');
export const alarmResources = () => includeIf(hasAlarms, 'alarm-events.yml', 'resources');
export const scanFunctions = () => includeIf(hasScans, 'scan-events.yml', 'functions');
export const scanResources = () => includeIf(hasScans, 'scan-events.yml', 'resources');
export const stackTags = () => configuration.stack?.tags ?? {};
export const reconcileRate = () => `rate(${(reconcileSeconds ?? 0) / 60} minutes)`;
export { reconcileSeconds };
export const outputs = () => includeIf(configuration.notifications.sns, 'topic.yml', 'subscribe');

function readOrExit(): Configuration {
  try {
    return readConfiguration(file);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    return refuse(error.message);
  }
}

function refuse(issues: string): never {
  process.stderr.write(`${issues}\nNothing was packaged. docs/configuration.md explains every field.\n`);
  process.exit(1);
}
