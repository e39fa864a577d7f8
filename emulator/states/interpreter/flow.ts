import type { ChoiceState, FailState } from '../definition/definition.js';
import { StateFailure } from './failure.js';
import type { Exit, StateVisit } from './state-visit.js';

export const runPass = (visit: StateVisit): Promise<Exit> => visit.exit(visit.state, visit.state.next, visit.input);

export const runSucceed = (visit: StateVisit): Promise<Exit> => visit.exit(visit.state, undefined, visit.input);

/** The first rule that holds, with its own Assign and Output; the state's belong to the Default. */
export const runChoice = async (visit: StateVisit<ChoiceState>): Promise<Exit> => {
  const { state, input } = visit;
  for (const [index, rule] of state.rules.entries()) {
    if (await visit.expect(rule.condition, `Choices[${index}]/Condition`, 'boolean')) return visit.exit(rule, rule.next, input);
  }
  if (state.default !== undefined) return visit.exit(state, state.default, input);
  throw new StateFailure(
    'States.NoChoiceMatched',
    visit.cause('Failed to transition out of the state. The state does not point to a next state.'),
  );
};

export const runFail = async (visit: StateVisit<FailState>): Promise<Exit> => {
  const { error, cause } = visit.state;
  throw new StateFailure(error && (await visit.expect(error, 'Error', 'string')), cause && (await visit.expect(cause, 'Cause', 'string')));
};
