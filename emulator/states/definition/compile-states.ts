import { NotEmulated } from '../../errors.js';
import { assignedNames, compileCatchers, compileRetriers, compileRules } from './compile-rules.js';
import type { Block, State, WaitState } from './definition.js';
import { branchFields, fieldsNotEmulated, jsonataFields, jsonPathFields, processorFields, stateFields } from './fields.js';
import { parseResource } from './resource.js';
import type { QueryLanguage, Source } from './source.js';
import { isTimestamp } from './timestamp.js';

const year = 31_536_000;
const longest = 99_999_999;

/** Targets of a state's transitions, to check that every target exists and every state is reachable. */
const targetsOf = (state: State): string[] => {
  const targets = state.next === undefined ? [] : [state.next];
  if (state.type === 'Choice') {
    targets.push(...state.rules.map(({ next }) => next));
    if (state.default !== undefined) targets.push(state.default);
  }
  if ('catchers' in state) targets.push(...state.catchers.map(({ next }) => next));
  return targets;
};

const checkTransitions = (source: Source, { startAt, states }: Block): void => {
  if (!states.has(startAt)) source.refuse('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${startAt}`, 'StartAt');
  const reached = new Set([startAt]);
  for (const name of reached) {
    for (const target of targetsOf(states.get(name) as State)) {
      if (!states.has(target)) source.refuse('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target}`, `States/${name}`);
      reached.add(target);
    }
  }
  for (const name of states.keys()) {
    if (!reached.has(name)) source.refuse('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, `States/${name}`);
  }
};

const nextOf = (state: Source): string | undefined => {
  const next = state.string('Next');
  const isEnd = state.field('End') === true;
  if ((next === undefined) !== isEnd) state.refuse('SCHEMA_VALIDATION_FAILED', 'A state must have either "Next" or "End": true, not both');
  return next;
};

const refuseDistributed = (processor: Source): void => {
  if (!processor.has('ProcessorConfig')) return;
  const config = processor.inner('ProcessorConfig');
  if (config.string('Mode') === 'DISTRIBUTED') throw new NotEmulated('a Map whose ProcessorConfig.Mode is DISTRIBUTED');
  config.allow(['Mode']);
};

/** @throws AwsError InvalidDefinition, NotEmulated */
const checkFields = (type: string, source: Source): void => {
  const allowed = stateFields[type];
  if (!allowed) {
    const types = Object.keys(stateFields).join(', ');
    source.refuse('SCHEMA_VALIDATION_FAILED', `The field 'Type' should have one of these values: [${types}]`, 'Type');
  }
  const isPath = source.language === 'JSONPath';
  if (isPath && (type === 'Choice' || type === 'Map')) throw new NotEmulated(`a ${type} state in JSONPath`);
  for (const field of [...(fieldsNotEmulated[type] ?? []), ...(isPath ? jsonPathFields : [])])
    if (source.has(field)) throw new NotEmulated(`the field ${field} of a ${type} state`);
  source.allow(isPath ? allowed.filter((field) => !jsonataFields.includes(field)) : allowed);
};

/** What a block has around it. */
type Scope = {
  /** Those of the outer blocks, which an inner one may read and not assign. */
  readonly variables: ReadonlySet<string>;
  /** The machine's, for every state that names none: a state passes its own on to no other. */
  readonly language: QueryLanguage;
};

const inOwnLanguage = (state: Source, { language }: Scope): Source => {
  const own = state.inLanguage(language);
  if (language === 'JSONata' && own.language === 'JSONPath')
    state.refuse('SCHEMA_VALIDATION_FAILED', "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  return own;
};

const timestampOf = (state: Source): WaitState['timestamp'] => {
  const template = state.template('Timestamp');
  if (template?.kind === 'literal' && !isTimestamp(state.string('Timestamp') ?? ''))
    state.refuse('SCHEMA_VALIDATION_FAILED', 'String does not match RFC3339 timestamp', 'Timestamp');
  return template;
};

const branchesOf = (state: Source): Source[] => {
  state.require('Branches');
  const branches = state.list('Branches');
  if (branches.length === 0) state.refuse('SCHEMA_VALIDATION_FAILED', 'Value cannot be empty', 'Branches');
  for (const branch of branches) branch.allow(branchFields);
  return branches;
};

/** `inner` is the scope of the blocks in the state. */
const compileState = (name: string, source: Source, inner: Scope): State => {
  const type = source.require('Type') as string;
  checkFields(type, source);
  const data = { name, output: source.template('Output'), assign: source.template('Assign'), next: undefined };
  const fallible = (): Pick<Extract<State, { type: 'Task' }>, 'retriers' | 'catchers'> => ({
    retriers: compileRetriers(source),
    catchers: compileCatchers(source),
  });
  switch (type) {
    case 'Pass':
      return { ...data, type, next: nextOf(source) };
    case 'Succeed':
      return { ...data, type };
    case 'Fail':
      return { ...data, type, error: source.template('Error'), cause: source.template('Cause') };
    case 'Choice':
      return { ...data, type, rules: compileRules(source), default: source.string('Default') };
    case 'Wait':
      if (source.has('Seconds') === source.has('Timestamp')) {
        source.refuse('SCHEMA_VALIDATION_FAILED', 'A Wait state must have exactly one of [Seconds, Timestamp]');
      }
      return {
        ...data,
        type,
        next: nextOf(source),
        seconds: source.quantity('Seconds', { low: 0, high: longest }),
        timestamp: timestampOf(source),
      };
    case 'Task': {
      const arn = source.require('Resource') as string;
      const resource = parseResource(arn) ?? source.refuse('SCHEMA_VALIDATION_FAILED', `Value is not a valid resource ARN`, 'Resource');
      return {
        ...data,
        ...fallible(),
        type,
        next: nextOf(source),
        resource,
        arguments: source.template('Arguments'),
        timeoutSeconds: source.quantity('TimeoutSeconds', { low: 1, high: longest }),
        heartbeatSeconds: source.quantity('HeartbeatSeconds', { low: 1, high: longest }),
      };
    }
    case 'Parallel':
      return {
        ...data,
        ...fallible(),
        type,
        next: nextOf(source),
        arguments: source.template('Arguments'),
        branches: branchesOf(source).map((branch) => compileBlock(branch, inner)),
      };
    default: {
      const processor = source.inner('ItemProcessor');
      refuseDistributed(processor);
      processor.allow(processorFields);
      return {
        ...data,
        ...fallible(),
        type: 'Map',
        next: nextOf(source),
        items: source.template('Items'),
        itemSelector: source.template('ItemSelector'),
        maxConcurrency: source.quantity('MaxConcurrency', { low: 0, high: year }),
        processor: compileBlock(processor, inner),
      };
    }
  }
};

export const compileBlock = (source: Source, scope: Scope): Block => {
  source.requireAll(['States', 'StartAt']);
  const startAt = source.require('StartAt') as string;
  const list = source.inner('States');
  const sources = list.names().map((name) => {
    const state = inOwnLanguage(list.inner(name), scope);
    if (name.length > 80) state.refuse('SCHEMA_VALIDATION_FAILED', 'A state name has at most 80 characters');
    return { name, state, assigned: assignedNames(state) };
  });
  const shadowing = sources.flatMap(({ assigned }) => assigned).find((name) => scope.variables.has(name));
  if (shadowing !== undefined)
    list.refuse('VARIABLE_IN_OUTER_SCOPE', `Variable '${shadowing}' is assigned in an outer scope and cannot be assigned here`);
  const compiled = sources.map(({ name, state }) => {
    // What a state itself assigns, once its own blocks have ended, is not in their scope.
    const others = sources.flatMap((other) => (other.name === name ? [] : other.assigned));
    const variables = new Set([...scope.variables, ...others]);
    return [name, compileState(name, state, { ...scope, variables })] as const;
  });
  const states = new Map(compiled);
  const block = { startAt, states };
  checkTransitions(source, block);
  if (![...states.values()].some(({ type, next }) => type === 'Succeed' || type === 'Fail' || (type !== 'Choice' && next === undefined))) {
    source.refuse('MISSING_END_STATE', 'State machine does not have any state that ends it');
  }
  return block;
};
