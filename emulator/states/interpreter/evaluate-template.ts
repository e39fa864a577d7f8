import { evaluateExpression, NoValue } from '../definition/expression.js';
import type { Template } from '../definition/template.js';
import { StateFailure } from './failure.js';

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
