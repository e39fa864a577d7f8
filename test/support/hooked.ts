import { ecsEventRules } from '../../stack/ecs-event-rules.js';
import { hookEventRules } from '../../stack/hook-event-rules.js';
import { machineRoles } from '../../stack/machine-roles.js';
import { pushRules } from '../../stack/push-rules.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { functionRoles } from '../../stack/roles.js';
import { loadSteps } from '../../stack/steps.js';
import { packagedWith } from './gated.js';
import { givenPackagedStack, type Stack } from './packaged-stack.js';
import { repository } from './pipeline.js';

const notifications = { slack: { secret: 'slipway/slack' }, sns: true };

/** The roles of services of the emulator that have some. */
const passRoles = ['task', 'execution'].map((name) => `arn:aws:iam::123456789012:role/${name}`);

export type Hooks = {
  /** `scan` and other settings of the repository. */
  readonly repository?: object;
  /** `before` of the stages, `before` and `verify` of their services. */
  readonly stages: readonly object[];
  /** Other parts of slipway.yml. */
  readonly settings?: object;
};

/**
 * The packaging of test/support/hooks.yml with these repositories instead: its roles and rules are those of these. It is packaged once in a
 * run of Jest.
 */
export const hookedRepositories = async (repositories: object, settings: object = {}): Promise<Stack> => {
  const { directory } = await givenPackagedStack('test/support/hooks.yml');
  const written = { notifications, passRoles, repositories, ...settings };
  const configuration = parseConfiguration(JSON.stringify(written), 'slipway.yml');
  const { roles } = functionRoles(await loadSteps(), { stage: 'dev', configuration });
  const rules = {
    ...pushRules('dev', Object.keys(configuration.repositories)),
    ...ecsEventRules('dev', configuration),
    ...hookEventRules('dev', configuration),
  };
  return packagedWith(written, directory, { ...roles, ...machineRoles('dev', configuration), ...rules });
};

/** The project's repository with these hooks. */
export const hooked = ({ repository: own, stages, settings }: Hooks): Promise<Stack> =>
  hookedRepositories({ [repository]: { tags: ['main-*', 'v*'], ...own, stages } }, settings);
