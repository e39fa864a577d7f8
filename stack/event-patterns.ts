import { sizeOf } from './cloudformation.js';

/** EventBridge's limit for an event pattern, in characters. */
export const PATTERN_LIMIT = 2_048;

/** Distributes names over as few patterns as possible, each within the limit. */
export const patternsOf = <Pattern extends object>(
  names: readonly string[],
  patternOf: (names: readonly string[]) => Pattern,
): Pattern[] => {
  const groups: string[][] = [];
  for (const name of names) {
    const group = groups.at(-1);
    if (group === undefined || sizeOf(patternOf([...group, name])) > PATTERN_LIMIT) groups.push([name]);
    else group.push(name);
  }
  return groups.map(patternOf);
};
