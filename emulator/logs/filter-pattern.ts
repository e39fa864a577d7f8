import { AwsError, NotEmulated } from '../errors.js';

/** Whether a log event's message matches. */
export type FilterPattern = (message: string) => boolean;

const wordOf = (term: string): string => term.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"');

/** Plain terms: all of them, none of those after a minus, and any of those after a question mark. */
export const readFilterPattern = (pattern = ''): FilterPattern => {
  if (pattern.length > 1024 || (pattern.replace(/\\./gs, '').match(/"/g)?.length ?? 0) % 2 === 1)
    throw new AwsError('InvalidParameterException', 'Invalid filter pattern');
  if (/^\s*[{[%]/.test(pattern)) throw new NotEmulated(`filter pattern ${pattern}`);
  const terms = pattern.match(/[-?]?"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  const required = terms.filter((term) => !/^[-?]/.test(term)).map(wordOf);
  const excluded = terms.filter((term) => term.startsWith('-')).map((term) => wordOf(term.slice(1)));
  const optional = terms.filter((term) => term.startsWith('?')).map((term) => wordOf(term.slice(1)));
  return (message) => {
    const has = (word: string): boolean => message.includes(word);
    // As documented: beside other terms, those with a question mark do not count.
    if (required.length === 0 && optional.length > 0) return optional.some(has) && !excluded.some(has);
    return required.every(has) && !excluded.some(has);
  };
};
