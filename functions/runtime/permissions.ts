import type { Configuration } from '../../core/configuration/configuration.js';

/** What a permission may be limited to. Their ARNs follow from slipway.yml in stack/permissions.ts. */
export type Target =
  | 'table'
  | 'tableAndIndex'
  | 'repositories'
  | 'services'
  | 'servicesAlone'
  | 'clusters'
  | 'tasks'
  | 'anyTaskDefinition'
  | 'newTaskDefinitions'
  | 'runnableTaskDefinitions'
  | 'taskRoles'
  | 'alarms'
  | 'anyFinding'
  | 'logGroups'
  | 'networkInterfaces'
  | 'releaseMachine'
  | 'deploymentMachine'
  | 'releaseExecutions'
  | 'deploymentExecutions'
  | 'executions'
  | 'anyTask'
  | 'topic'
  | 'deadLetterQueue'
  | 'unhandledEvents'
  | 'slackSecret'
  | 'slackQueue';

/** One statement of a step's role, and one row of the table in docs/security.md. */
export type Permission = {
  /** IAM actions, such as `ecs:UpdateService`. */
  readonly allow: readonly string[];
  readonly on: Target;
  /** What the step needs it for, for the reader of docs/security.md. */
  readonly for: string;
  /** Whether a stack of this configuration needs it; it always does, unless given. */
  readonly onlyIf?: (configuration: Configuration) => boolean;
};

/** Defined in the bundles only (stack/bundles.ts). */
declare const SLIPWAY_BUNDLE: true | undefined;

/**
 * Marks what packaging and the docs read of a step and Lambda does not. A function declaration, not an arrow function:
 * esbuild removes calls of an empty one across modules, so nothing of the value is in a bundle.
 */
export function atPackaging<Value>(value: Value): Value | undefined {
  if (typeof SLIPWAY_BUNDLE !== 'undefined') return undefined;
  return value;
}
