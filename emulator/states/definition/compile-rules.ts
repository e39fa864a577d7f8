import type { Catcher, ChoiceRule, Retrier } from './definition.js';
import { catcherFields, choiceRuleFields, retrierFields } from './fields.js';
import type { Source } from './source.js';

const longestDelay = 31_622_400;

/** The names of the variables that a state assigns, its rules and catchers included. */
export const assignedNames = (state: Source): string[] =>
  [state, ...state.list('Choices'), ...state.list('Catch')].flatMap((source) => {
    if (!source.has('Assign')) return [];
    const names = source.inner('Assign').names();
    for (const name of names) {
      if (name === 'states' || !/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) || name.length > 80) {
        source.refuse('SCHEMA_VALIDATION_FAILED', `'${name}' is not a valid variable name`, 'Assign');
      }
    }
    return names;
  });

/** States.ALL stands alone, in the last one. */
const errorNames = (sources: readonly Source[]): readonly (readonly string[])[] =>
  sources.map((source, index) => {
    const names = source.strings('ErrorEquals');
    if (names.includes('States.ALL') && (names.length > 1 || index < sources.length - 1)) {
      source.refuse('SCHEMA_VALIDATION_FAILED', 'States.ALL must appear alone and only in the last one of the list', 'ErrorEquals');
    }
    return names;
  });

export const compileRetriers = (state: Source): Retrier[] => {
  const sources = state.list('Retry');
  const names = errorNames(sources);
  return sources.map((source, index) => {
    source.allow(retrierFields);
    const jitter = source.string('JitterStrategy') ?? 'NONE';
    if (jitter !== 'NONE' && jitter !== 'FULL') {
      source.refuse('SCHEMA_VALIDATION_FAILED', 'Value should be one of the following: [FULL, NONE]', 'JitterStrategy');
    }
    return {
      errorEquals: names[index] ?? [],
      intervalSeconds: source.integer('IntervalSeconds', { low: 1, high: longestDelay }) ?? 1,
      maxAttempts: source.integer('MaxAttempts', { low: 0, high: 99_999_999 }) ?? 3,
      backoffRate: source.number('BackoffRate', { low: 1, high: Number.MAX_VALUE }) ?? 2,
      maxDelaySeconds: source.integer('MaxDelaySeconds', { low: 1, high: longestDelay }) ?? Number.POSITIVE_INFINITY,
      isJittered: jitter === 'FULL',
    };
  });
};

export const compileCatchers = (state: Source): Catcher[] => {
  const sources = state.list('Catch');
  const names = errorNames(sources);
  return sources.map((source, index) => {
    source.allow(catcherFields);
    const prefix = `Catch[${index}]/`;
    return {
      errorEquals: names[index] ?? [],
      next: source.require('Next') as string,
      output: source.template('Output', prefix),
      assign: source.template('Assign', prefix),
    };
  });
};

export const compileRules = (state: Source): ChoiceRule[] => {
  const sources = state.list('Choices');
  if (sources.length === 0) state.refuse('SCHEMA_VALIDATION_FAILED', 'These fields are required: [Choices]');
  return sources.map((source, index) => {
    source.allow(choiceRuleFields);
    const prefix = `Choices[${index}]/`;
    source.require('Condition');
    return {
      condition:
        source.template('Condition', prefix) ?? source.refuse('SCHEMA_VALIDATION_FAILED', 'These fields are required: [Condition]'),
      next: source.require('Next') as string,
      output: source.template('Output', prefix),
      assign: source.template('Assign', prefix),
    };
  });
};
