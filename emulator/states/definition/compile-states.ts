import { NotEmulated } from '../../errors.js';
import { assignedNames, compileCatchers, compileRetriers, compileRules } from './compile-rules.js';
import type { Block, State } from './definition.js';
import { branchFields, fieldsNotEmulated, processorFields, stateFields } from './fields.js';
import { parseResource } from './resource.js';
import type { Source } from './source.js';

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

const compileState = (name: string, source: Source, outer: ReadonlySet<string>): State => {
  const type = source.require('Type') as string;
  const allowed = stateFields[type];
  if (!allowed) return source.refuse('SCHEMA_VALIDATION_FAILED', `'${type}' is not a state type`, 'Type');
  for (const field of fieldsNotEmulated[type] ?? []) if (source.has(field)) throw new NotEmulated(`the field ${field} of a ${type} state`);
  source.allow(allowed);
  if ((source.field('QueryLanguage') ?? 'JSONata') !== 'JSONata') {
    source.refuse('SCHEMA_VALIDATION_FAILED', "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  }
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
        timestamp: source.template('Timestamp'),
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
    case 'Parallel': {
      const branches = source.list('Branches');
      if (branches.length === 0) source.refuse('SCHEMA_VALIDATION_FAILED', 'These fields are required: [Branches]');
      for (const branch of branches) branch.allow(branchFields);
      return {
        ...data,
        ...fallible(),
        type,
        next: nextOf(source),
        arguments: source.template('Arguments'),
        branches: branches.map((branch) => compileBlock(branch, outer)),
      };
    }
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
        processor: compileBlock(processor, outer),
      };
    }
  }
};

/** `outer` are the variables of the outer scopes, which an inner scope may read and not assign. */
export const compileBlock = (source: Source, outer: ReadonlySet<string>): Block => {
  const startAt = source.require('StartAt') as string;
  const list = source.inner('States');
  const sources = list.names().map((name) => [name, list.inner(name)] as const);
  const own = sources.flatMap(([, state]) => assignedNames(state));
  for (const name of own) {
    if (outer.has(name))
      list.refuse('VARIABLE_IN_OUTER_SCOPE', `Variable '${name}' is assigned in an outer scope and cannot be assigned here`);
  }
  const scope = new Set([...outer, ...own]);
  const states = new Map(sources.map(([name, state]) => [name, compileState(name, state, scope)]));
  for (const [name, state] of sources)
    if (name.length > 80) state.refuse('SCHEMA_VALIDATION_FAILED', 'A state name has at most 80 characters');
  const block = { startAt, states };
  checkTransitions(source, block);
  if (![...states.values()].some(({ type, next }) => type === 'Succeed' || type === 'Fail' || (type !== 'Choice' && next === undefined))) {
    source.refuse('MISSING_END_STATE', 'State machine does not have any state that ends it');
  }
  return block;
};
