import type { ChoiceState, FailState } from '../definition/definition.js';
import { StateFailure } from './failure.js';
import type { Exit, Turn } from './state-visit.js';

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';

export const runPass = (turn: Turn): Promise<Exit> => turn.exit(turn.state, turn.state.next, turn.input);

export const runSucceed = (turn: Turn): Promise<Exit> => turn.exit(turn.state, undefined, turn.input);

/** The first rule that holds; its own Assign and Output count, the state's belong to the Default. */
export const runChoice = async (turn: Turn<ChoiceState>): Promise<Exit> => {
  const { state, input } = turn;
  for (const [index, rule] of state.rules.entries()) {
    if (await turn.expect(rule.condition, `Choices[${index}]/Condition`, 'a boolean', isBoolean)) return turn.exit(rule, rule.next, input);
  }
  if (state.default !== undefined) return turn.exit(state, state.default, input);
  throw new StateFailure(
    'States.NoChoiceMatched',
    turn.cause('Failed to transition out of the state. The state does not point to a next state.'),
  );
};

export const runFail = async (turn: Turn<FailState>): Promise<Exit> => {
  const { error, cause } = turn.state;
  throw new StateFailure(
    error && (await turn.expect(error, 'Error', 'a string', isString)),
    cause && (await turn.expect(cause, 'Cause', 'a string', isString)),
  );
};
