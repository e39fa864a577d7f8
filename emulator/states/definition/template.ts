import type { Expression } from 'jsonata';
import { StateFailure } from '../interpreter/failure.js';
import { evaluateExpression, isExpression, NoValue, textOf } from './expression.js';

/** A field of a state, compiled: what is fixed is kept as it is, and shared. */
export type Template =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'expression'; readonly text: string; readonly location: string; readonly expression: Expression }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] }
  | { readonly kind: 'array'; readonly elements: readonly Template[] };

/** `location` is where AWS says that it is: `Output/a/b[0]`. Throws Error when an expression is no JSONata. */
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

/** An expression that gave no value; the cause gets the state's name where it is caught. */
export class QueryEvaluationError extends StateFailure {
  readonly location: string;

  constructor(location: string, cause: string) {
    super('States.QueryEvaluationError', cause);
    this.location = location;
  }
}

/** Rejects with QueryEvaluationError. Nothing of the result may be changed: fixed parts are the definition's own. */
export const evaluateTemplate = async (template: Template, bindings: Record<string, unknown>): Promise<unknown> => {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      try {
        return await evaluateExpression(template.expression, bindings);
      } catch (error) {
        if (!(error instanceof NoValue)) throw error;
        throw new QueryEvaluationError(
          template.location,
          `The JSONata expression '${template.text}' specified for the field '${template.location}' ${error.message}`,
        );
      }
    case 'array': {
      const elements: unknown[] = [];
      for (const element of template.elements) elements.push(await evaluateTemplate(element, bindings));
      return elements;
    }
    case 'object': {
      const members: Record<string, unknown> = {};
      for (const [key, member] of template.members) members[key] = await evaluateTemplate(member, bindings);
      return members;
    }
  }
};
