import jsonata, { type Expression } from 'jsonata';

/** Only a string that is one as a whole is an expression; anything around it makes it text. */
const pattern = /^\{%([\s\S]*)%\}$/;

export const isExpression = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);

export const textOf = (value: string): string => (pattern.exec(value)?.[1] ?? value).trim();

const messageOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? String(message ?? error) : `${code}: ${message}`;
};

const isFunction = (value: object): boolean =>
  typeof value === 'function' || '_jsonata_lambda' in value || '_jsonata_function' in value || value instanceof RegExp;

/** What JSONata made, as plain JSON: no sequences, no functions, and numbers that JSON has not as AWS writes them. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'function') throw new Error('it returned a function, which JSON has not');
    return value;
  }
  if (isFunction(value)) throw new Error('it returned a function, which JSON has not');
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(plain);
  const copy: Record<string, unknown> = {};
  for (const [key, element] of Object.entries(value)) if (element !== undefined) copy[key] = plain(element);
  return copy;
};

/** Why an expression gave no value, in the words that follow its name in AWS's causes. */
export class NoValue extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoValue';
  }
}

/** Compiled expressions by their text: nothing of an account is in them. */
const compiled = new Map<string, Expression>();

/** Throws Error with JSONata's words when the text is no JSONata. */
export const compileExpression = (text: string): Expression => {
  const known = compiled.get(text);
  if (known) return known;
  try {
    const expression = jsonata(text);
    compiled.set(text, expression);
    return expression;
  } catch (error) {
    throw new Error(messageOf(error));
  }
};

/** Rejects with NoValue. */
export const evaluateExpression = async (expression: Expression, bindings: Record<string, unknown>): Promise<unknown> => {
  let value: unknown;
  try {
    value = plain(await expression.evaluate(undefined, bindings));
  } catch (error) {
    throw new NoValue(`threw an error during evaluation. ${messageOf(error)}`);
  }
  if (value === undefined) throw new NoValue('returned nothing (undefined).');
  return value;
};
