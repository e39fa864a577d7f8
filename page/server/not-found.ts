import { isCommandError } from '../../cli/command-error.js';
import { suggestionFor } from '../../core/input/suggestion.js';
import { PageError } from './page-error.js';

/** For a name that none of the candidates is: with the nearest one, and its route. */
export const notFound = (
  what: 'service' | 'repository' | 'release' | 'deployment',
  name: string,
  candidates: readonly string[],
  hrefOf: (name: string) => string,
): PageError => {
  const nearest = suggestionFor(name, candidates);
  return new PageError(404, {
    reason: 'NOT_FOUND',
    message: `There is no ${what} ${JSON.stringify(name)}.`,
    ...(nearest !== undefined && { suggestions: [{ name: nearest, href: hrefOf(nearest) }] }),
  });
};

/** What the stack answers; undefined for what it does not know. @throws what else went wrong */
export const orNothing = async <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (isCommandError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
};
