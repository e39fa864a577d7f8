import { AwsError } from '../errors.js';

/** Not allowed in names of machines and executions (AWS's API reference of StartExecution). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what AWS refuses.
const illegal = /[\s?*<>{}[\]"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

/** @throws AwsError InvalidName */
export const checkName = (name: string): void => {
  if (name.length < 1 || name.length > 80 || illegal.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
};
