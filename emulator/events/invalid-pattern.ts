import { AwsError } from '../errors.js';

/** Reasons as aws/event-ruler's JsonRuleCompiler words them. AWS adds the position in the text; here it is the path of the key. */
export const invalidPattern = (reason: string, path?: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}${path ? `\n at ${path}` : ''}`);
