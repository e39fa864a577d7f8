import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';

/** `stack.stage` of the slipway.yml in this folder; undefined without one, and if it is not valid YAML: packaging says what is wrong. */
export const stageOfFile = async (): Promise<string | undefined> => {
  const text = await readFile('slipway.yml', 'utf8').catch(() => undefined);
  const stage = text === undefined ? undefined : parseDocument(text).getIn(['stack', 'stage']);
  return typeof stage === 'string' ? stage : undefined;
};
