import type { Configuration } from '../core/configuration/configuration.js';
import { bundleOptions } from './bundles.js';
import type { Resources } from './cloudformation.js';
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

/** serverless.yml refers to these exports: `${file(./stack/index.cjs):name}`. */
export const esbuild = () => bundleOptions(configuration);

/** The stage unless --stage names one. */
export const stage = () => configuration.stage ?? 'dev';

/** Roles and rules, which follow from slipway.yml. */
export const derivedResources = async ({ resolveVariable }: Context): Promise<{ Resources: Resources }> => {
  const stage = String(await resolveVariable('sls:stage'));
  const steps = await loadSteps();
  const issue = stageIssue(stage, { only: configuration.stage, functions: steps.map(({ key }) => key) });
  if (issue !== undefined) exitWith(`${file}: ${issue}`);

  const { form, roles } = functionRoles(steps, { stage, configuration });
  const granted = form === 'service' ? 'by the ARN of each service' : 'by cluster, because by service a policy would be too long';
  process.stderr.write(`Configuration: ${file}. IAM policies name ECS services ${granted}.\n`);
  if (configuration.stage === undefined)
    process.stderr.write(
      `Stage: ${stage}. A stack of another stage would deploy the same services: "stage: ${stage}" in ${file} refuses one.\n`,
    );

  return {
    Resources: {
      ...roles,
      ...machineRoles(stage),
      ...pushRules(stage, Object.keys(configuration.repositories), otherRules),
      ...mailSubscriptions(configuration.notifications.email),
    },
  };
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
export const reconcileRate = () => `rate(${(reconcileSeconds ?? 0) / 60} minutes)`;
export { reconcileSeconds };
export const outputs = () => includeIf(configuration.notifications.sns, 'topic.yml', 'subscribe');

function readOrExit(): Configuration {
  try {
    return readConfiguration(file);
  } catch (error) {
    if (error instanceof InvalidConfiguration) return exitWith(error.message);
    throw error;
  }
}

// The Framework would repeat a thrown error with its stack for every value that it resolves. Nothing has been written yet.
function exitWith(message: string): never {
  process.stderr.write(`${message}\nNothing was packaged. docs/configuration.md explains every field.\n`);
  process.exit(1);
}
