import { named } from './cloudformation.js';

/** Lambda's limit for the name of a function (Lambda API, FunctionName). Other resources may have longer names. */
const FUNCTION_NAME_LIMIT = 64;

/** ECS API, RunTask. */
const STARTED_BY_LIMIT = 128;

/** What `startedBy` of every before task begins with; the name of its service follows. */
export const startedByPrefix = (stage: string): string => `${named(stage, 'before')}/`;

type Names = {
  readonly only: string | undefined;
  /** Keys of all functions. */
  readonly functions: readonly string[];
  /** Names of the services with a before task, without their clusters. */
  readonly services: readonly string[];
};

/** Why a stack cannot have this stage, given the only one of slipway.yml and what is named after it; undefined if it can. */
export const stageIssue = (stage: string, { only, functions, services }: Names): string | undefined => {
  const functionName = (of: string) => named(of, longest(functions));
  const startedBy = (of: string) => `${startedByPrefix(of)}${longest(services)}`;
  const tooLong =
    tooLongFor(stage, functionName, FUNCTION_NAME_LIMIT, 'Lambda') ??
    (services.length > 0 ? tooLongFor(stage, startedBy, STARTED_BY_LIMIT, 'Amazon ECS') : undefined);
  if (tooLong !== undefined) return tooLong;
  if (only !== undefined && stage !== only)
    return `stage is "${stage}"; expected ${only}, the stage of the file: a second stack would deploy the same services`;
  return undefined;
};

const longest = (names: readonly string[]): string => names.reduce((one, other) => (other.length > one.length ? other : one), '');

const tooLongFor = (stage: string, nameIn: (stage: string) => string, allowed: number, by: string): string | undefined => {
  const limit = allowed - nameIn('').length;
  if (stage.length <= limit) return undefined;
  return (
    `stage is "${stage}", and ${nameIn(stage)} has ${nameIn(stage).length} characters of the ${allowed} that ${by} allows; ` +
    `expected a stage of at most ${limit}, like ${stage.slice(0, limit).replace(/-+$/, '')}`
  );
};
