import { named } from './cloudformation.js';

/** Lambda's limit for the name of a function (Lambda API, FunctionName). Other resources may have longer names. */
const FUNCTION_NAME_LIMIT = 64;

/** Why a stack cannot have this stage, given the only one of slipway.yml and the keys of all functions; undefined if it can. */
export const stageIssue = (
  stage: string,
  { only, functions }: { only: string | undefined; functions: readonly string[] },
): string | undefined => {
  const longest = functions.reduce((one, other) => (other.length > one.length ? other : one), '');
  const limit = FUNCTION_NAME_LIMIT - named('', longest).length;
  if (stage.length > limit)
    return (
      `stage is "${stage}", and ${named(stage, longest)} has ${named(stage, longest).length} characters of the ${FUNCTION_NAME_LIMIT} ` +
      `that Lambda allows; expected a stage of at most ${limit}, like ${stage.slice(0, limit).replace(/-+$/, '')}`
    );
  if (only !== undefined && stage !== only)
    return `stage is "${stage}"; expected ${only}, the stage of the file: a second stack would deploy the same services`;
  return undefined;
};
