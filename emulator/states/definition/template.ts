import type { Expression } from 'jsonata';
import { isExpression, textOf } from './expression.js';

/** A compiled field of a state; fixed values are shared, not copied. */
export type Template =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'expression'; readonly text: string; readonly location: string; readonly expression: Expression }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] }
  | { readonly kind: 'array'; readonly elements: readonly Template[] };

/** `location` is the field's path in AWS's messages: `Output/a/b[0]`. @throws Error for an invalid expression */
export const compileTemplate = (value: unknown, location: string, compile: (text: string, location: string) => Expression): Template => {
  if (isExpression(value)) {
    const text = textOf(value);
    return { kind: 'expression', text, location, expression: compile(text, location) };
  }
  if (Array.isArray(value)) {
    const elements = value.map((element, index) => compileTemplate(element, `${location}[${index}]`, compile));
    return elements.every(({ kind }) => kind === 'literal') ? { kind: 'literal', value } : { kind: 'array', elements };
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => [key, compileTemplate(member, `${location}/${key}`, compile)] as const);
    return members.every(([, { kind }]) => kind === 'literal') ? { kind: 'literal', value } : { kind: 'object', members };
  }
  return { kind: 'literal', value };
};
