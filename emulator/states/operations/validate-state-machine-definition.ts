import { AwsError, NotEmulated } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import { compileDefinition } from '../definition/compile-definition.js';

type Input = { readonly definition: string; readonly type?: string; readonly severity?: string; readonly maxResults?: number };

/**
 * Checks a definition as CreateStateMachine does. Errors are answered as diagnostics and never thrown; warnings, which exist for
 * JSONPath alone (API reference, ValidateStateMachineDefinitionDiagnostic), are not emulated. Only the first error is found.
 */
export const validateStateMachineDefinition = (): Operation =>
  operation<Input, unknown>({
    service: 'states',
    name: 'ValidateStateMachineDefinition',
    input: { definition: 'string', type: 'string', severity: { oneOf: ['ERROR', 'WARNING'] }, maxResults: 'number' },
    required: ['definition'],
    run: ({ definition, type = 'STANDARD' }) => {
      if (type !== 'STANDARD') throw new NotEmulated(`a state machine of type ${type}`);
      try {
        compileDefinition(definition);
        return { result: 'OK', diagnostics: [], truncated: false };
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'InvalidDefinition') throw error;
        return { result: 'FAIL', diagnostics: [diagnosticOf(error)], truncated: false };
      }
    },
  });

/** The parts of `Invalid State Machine Definition: 'CODE: message at /States/A'`. */
const diagnosticOf = ({ message }: AwsError) => {
  const [, code, text, location] = /^Invalid State Machine Definition: '(\w+): (.*?)(?: at (\/\S*))?'$/s.exec(message) ?? [];
  return { severity: 'ERROR', code: code ?? 'SCHEMA_VALIDATION_FAILED', message: text ?? message, ...(location && { location }) };
};
