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
