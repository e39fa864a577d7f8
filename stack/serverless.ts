import type { Configuration } from '../core/configuration/configuration.js';
import { bundleOptions } from './bundles.js';
import type { Resources } from './cloudformation.js';
import { machineRoles } from './machine-roles.js';
import { pushRules } from './push-rules.js';
import { InvalidConfiguration, readConfiguration } from './read-configuration.js';
import { functionRoles } from './roles.js';
import { loadSteps } from './steps.js';

/** What the Serverless Framework gives to whom it asks for a value. */
type Asked = { resolveVariable: (variable: string) => Promise<unknown> };

const file = process.env.SLIPWAY_CONFIG || 'slipway.yml';
const configuration = readOrEnd();
const { slack } = configuration.notifications;
const { reconcileSeconds } = configuration;

/** serverless.yml asks for these by name: `${file(./stack/index.cjs):name}`. */
export const esbuild = () => bundleOptions(configuration);

/** Everything whose number or content follows from slipway.yml: roles, rules. */
export const derivedResources = async ({ resolveVariable }: Asked): Promise<{ Resources: Resources }> => {
  const stage = String(await resolveVariable('sls:stage'));
  const { form, roles } = functionRoles(await loadSteps(), { stage, configuration });
  const granted = form === 'service' ? 'by the ARN of each service' : 'by cluster, because by service a policy would be too long';
  process.stderr.write(`Configuration: ${file}. IAM policies name ECS services ${granted}.\n`);

  return { Resources: { ...roles, ...machineRoles(stage), ...pushRules(stage, Object.keys(configuration.repositories), otherRules) } };
};

/** Rules that invoke a function; what they cannot deliver lies with the lost pushes, too. */
const otherRules = ['SweepRule', 'SweepSchedule', ...(reconcileSeconds === undefined ? [] : ['ReconcileSchedule'])];

// The Framework resolves what it gets: a variable here is a part that is there only if slipway.yml asks for it.
const includeIf = (wanted: boolean, file: string, key: string) => (wanted ? `\${file(./stack/${file}):${key}}` : {});

export const slackFunctions = () => includeIf(slack !== undefined, 'slack.yml', 'functions');
export const slackResources = () => includeIf(slack !== undefined, 'slack.yml', 'resources');
export const slackSecret = () => slack?.secret;
export const reconcileFunctions = () => includeIf(reconcileSeconds !== undefined, 'reconcile.yml', 'functions');
export const reconcileResources = () => includeIf(reconcileSeconds !== undefined, 'reconcile.yml', 'resources');
export const reconcileRate = () => `rate(${(reconcileSeconds ?? 0) / 60} minutes)`;
export const outputs = () => includeIf(configuration.notifications.sns, 'topic.yml', 'subscribe');

// An error that is thrown here the Framework repeats for every value that it asks for, with stacks. Nothing has begun yet.
function readOrEnd(): Configuration {
  try {
    return readConfiguration(file);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    process.stderr.write(`${error.message}\nNothing was packaged. docs/configuration.md explains every field.\n`);
    process.exit(1);
  }
}
