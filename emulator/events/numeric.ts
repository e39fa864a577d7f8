import { invalidPattern } from './invalid-pattern.js';

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["=", 5]`, `[">", 0]` or `[">", 0, "<=", 10]`. */
export const numeric = (value: unknown, path: string): ((number: number) => boolean) => {
  const refuse = (reason: string): never => {
    throw invalidPattern(reason, path);
  };
  const comparison = (operator: unknown, bound: unknown): ((number: number) => boolean) => {
    const compare = comparisons[String(operator)] as (a: number, b: number) => boolean;
    if (typeof bound !== 'number') return refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
    // The range that the user guide gives for numeric matching.
    if (Math.abs(bound) > 5e9) return refuse('Value must be between -5.0E9 and 5.0E9, inclusive');
    return (number) => compare(number, bound);
  };

  if (!Array.isArray(value)) return refuse('Value of numeric must be an array.');
  const [operator, bound, secondOperator, secondBound, ...more] = value as unknown[];
  if (typeof operator !== 'string') return refuse(`Invalid member in numeric match: ${operator}`);
  if (!Object.hasOwn(comparisons, operator)) return refuse(`Unrecognized numeric range operator: ${operator}`);
  const first = comparison(operator, bound);
  if (value.length <= 2) return first;
  if (!operator.startsWith('>')) return refuse('Too many elements in numeric expression');
  if (typeof secondOperator !== 'string') return refuse(`Bad value in numeric range: ${secondOperator}`);
  if (!secondOperator.startsWith('<') || !Object.hasOwn(comparisons, secondOperator))
    return refuse(`Bad numeric range operator: ${secondOperator}`);
  const second = comparison(secondOperator, secondBound);
  if (more.length > 0) return refuse('Too many terms in numeric range expression');
  if (Number(bound) >= Number(secondBound)) return refuse('Bottom must be less than top');
  return (number) => first(number) && second(number);
};
