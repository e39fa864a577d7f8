import jsonata, { type Expression } from 'jsonata';
import { limitRecursion, restartCount } from './limit-recursion.js';

/** A string is an expression only as a whole; with any text around `{% %}` it is plain text. */
const pattern = /^\{%([\s\S]*)%\}$/;

export const isExpression = (value: unknown): value is string => typeof value === 'string' && pattern.test(value);

export const textOf = (value: string): string => (pattern.exec(value)?.[1] ?? value).trim();

/** The reason why an expression gave no value, as AWS words it in causes. */
export class NoValue extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoValue';
  }
}

const messageOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? String(message ?? error) : `${code}: ${message}`;
};

const isFunction = (value: object): boolean =>
  typeof value === 'function' || '_jsonata_lambda' in value || '_jsonata_function' in value || value instanceof RegExp;

/** JSONata's result as plain JSON: without sequences and functions, and with non-finite numbers as AWS writes them. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  if (isFunction(value)) throw new NoValue('returned an unsupported result type.');
  if (Array.isArray(value)) return value.filter((element) => element !== undefined).map(plain);
  const copy: Record<string, unknown> = {};
  for (const [key, element] of Object.entries(value)) if (element !== undefined) copy[key] = plain(element);
  return copy;
};

/** Compiled expressions by their text; all accounts of the process share them. */
const compiled = new Map<string, Expression>();

/** @throws Error with JSONata's message for an invalid expression */
export const compileExpression = (text: string): Expression => {
  const known = compiled.get(text);
  if (known) return known;
  try {
    const expression = jsonata(text);
    limitRecursion(expression, text);
    compiled.set(text, expression);
    return expression;
  } catch (error) {
    throw new Error(messageOf(error));
  }
};

/** Rejects with NoValue. */
export const evaluateExpression = async (expression: Expression, bindings: Record<string, unknown>): Promise<unknown> => {
  let value: unknown;
  restartCount(expression);
  try {
    value = plain(await expression.evaluate(undefined, bindings));
  } catch (error) {
    if (error instanceof NoValue) throw error;
    throw new NoValue(`threw an error during evaluation. ${messageOf(error)}`);
  }
  if (value === undefined) throw new NoValue('returned nothing (undefined).');
  return value;
};
