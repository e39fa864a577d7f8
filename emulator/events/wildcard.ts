import { invalidPattern } from './invalid-pattern.js';

const star = Symbol('*');

type Token = string | typeof star;

/** The tokens of a wildcard pattern, with the quotes of the JSON string as which event-ruler matches it. */
const tokensOf = (pattern: string, path: string): readonly Token[] => {
  const tokens: Token[] = [];
  const text = `"${pattern}"`;
  for (let position = 0; position < text.length; position++) {
    const character = text[position] as string;
    const next = text[position + 1];
    if (character === '*') {
      if (next === '*') throw invalidPattern(`Consecutive wildcard characters at pos ${position}`, path);
      tokens.push(star);
    } else if (character !== '\\') tokens.push(character);
    else if (next === '*' || next === '\\') {
      tokens.push(next);
      position++;
    } else throw invalidPattern(`Invalid escape character at pos ${position}`, path);
  }
  return tokens;
};

/** `*` is any text; a backslash makes the next `*` or backslash plain. */
export const wildcard = (pattern: string, path: string): ((text: string) => boolean) => {
  const tokens = tokensOf(pattern, path);
  const source = tokens.map((token) => (token === star ? '[\\s\\S]*' : token.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))).join('');
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(`"${text}"`);
};

/**
 * AWS publishes no limit. Recordings: `*:*:*:*:*:event-bus/*`, which has 10, is refused; four patterns such as `*.tif` in one list,
 * which have 8, are accepted.
 */
const maximumComplexity = 9;

/** The positions that patterns can be in: `index` of the pattern, and how many of its tokens have been read. */
type Position = readonly [index: number, read: number];

/**
 * Refuses wildcards of one key that are too complex: the measure is how many beginnings of the patterns, such as `a*` and `a*b`, one
 * text can match at once (aws/event-ruler, MachineComplexityEvaluator). Walks the texts that lead to different sets of positions.
 * @throws AwsError InvalidEventPatternException
 */
export const checkComplexity = (patterns: readonly string[], path: string): void => {
  const tokens = patterns.map((pattern) => tokensOf(pattern, path));
  const withSkippedStars = (positions: readonly Position[]): Map<string, Position> => {
    const found = new Map(positions.map((position) => [String(position), position]));
    for (const [index, read] of found.values()) {
      const next: Position = [index, read + 1];
      if (tokens[index]?.[read] === star) found.set(String(next), next);
    }
    return found;
  };
  const after = (positions: Iterable<Position>, character: string): Map<string, Position> =>
    withSkippedStars(
      [...positions].flatMap(([index, read]): Position[] => [
        ...(tokens[index]?.[read] === character ? [[index, read + 1] as const] : []),
        ...(tokens[index]?.[read - 1] === star ? [[index, read] as const] : []),
      ]),
    );

  const alphabet = new Set(tokens.flat().filter((token): token is string => token !== star));
  const start = withSkippedStars(patterns.map((_pattern, index): Position => [index, 0]));
  const pending = [start];
  const seen = new Set<string>();
  for (const positions of pending) {
    for (const character of alphabet) {
      const next = after(positions.values(), character);
      if (next.size > maximumComplexity)
        throw invalidPattern(
          'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
          path,
        );
      const key = [...next.keys()].sort().join(' ');
      if (next.size > 0 && !seen.has(key)) {
        seen.add(key);
        pending.push(next);
      }
    }
  }
};
