import { NotEmulated } from '../errors.js';

type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a condition compares with a value by `=`, `<>`, `IN` or `contains`. */
const comparisons = /(?:=|<>)\s*(:\w+)|(:\w+)\s*(?:=|<>)|\bIN\s*\(([^)]*)\)|\bcontains\s*\([^,]+,\s*(:\w+)\s*\)/gi;

/**
 * DynamoDB compares lists and maps by their elements; dynalite holds two of them for different, always, and a condition on them would fail
 * or hold for a reason that AWS does not have.
 * @throws NotEmulated
 */
export const checkComparisons = (input: Readonly<Record<string, unknown>>): void => {
  const values = (input.ExpressionAttributeValues ?? {}) as Values;
  for (const member of ['ConditionExpression', 'FilterExpression']) {
    const text = input[member];
    if (typeof text !== 'string') continue;
    const names = [...text.matchAll(comparisons)].flatMap(([, ...found]) => found.join(' ').match(/:\w+/g) ?? []);
    const document = names.find((name) => values[name]?.L !== undefined || values[name]?.M !== undefined);
    if (document !== undefined) throw new NotEmulated(`the comparison with the list or map ${document} in a ${member}`);
  }
};
