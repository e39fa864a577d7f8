import { AwsError } from '../../errors.js';
import { compileBlock } from './compile-states.js';
import type { Definition } from './definition.js';
import { machineFields } from './fields.js';
import { Source } from './source.js';

const maximumBytes = 1_048_576;

const parse = (definition: unknown): { text: string; value: unknown } => {
  if (typeof definition !== 'string') return { text: JSON.stringify(definition, undefined, 2), value: definition };
  try {
    return { text: definition, value: JSON.parse(definition) };
  } catch (error) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ${(error as Error).message}'`);
  }
};

/** Checks a definition as CreateStateMachine does, and compiles it. @throws AwsError InvalidDefinition; NotEmulated for JSONPath's paths */
export const compileDefinition = (definition: unknown): Definition => {
  const { text, value } = parse(definition);
  const machine = new Source(value, '', 'JSONPath').inLanguage('JSONPath');
  if (Buffer.byteLength(text) > maximumBytes) machine.refuse('SCHEMA_VALIDATION_FAILED', 'the definition is larger than 1 MiB');
  machine.allow(machineFields);
  return {
    ...compileBlock(machine, { variables: new Set(), language: machine.language }),
    text,
    timeoutSeconds: machine.integer('TimeoutSeconds', { low: 1, high: 99_999_999 }),
  };
};
