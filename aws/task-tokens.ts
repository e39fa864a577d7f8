import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const stepFunctions = clientFor(SFNClient);

/** The error with which a state that waits is woken; its Catch enters the state again. */
export const woken = 'Woken';

/** Answers task tokens. An answer is false if nothing waits for it: the state was left, or the execution has ended. */
export class TaskTokens {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Gives the state its result. */
  async succeed(taskToken: string, output: object): Promise<boolean> {
    return isAccepted(stepFunctions(this.#settings).send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
  }

  /** Has the state look again. */
  async wake(taskToken: string): Promise<boolean> {
    return isAccepted(stepFunctions(this.#settings).send(new SendTaskFailureCommand({ taskToken, error: woken })));
  }

  /** Has the state left by the Catch of this error, with the JSON of `cause`. */
  async fail(taskToken: string, error: string, cause: object): Promise<boolean> {
    const request = { taskToken, error, cause: JSON.stringify(cause) };
    return isAccepted(stepFunctions(this.#settings).send(new SendTaskFailureCommand(request)));
  }
}

/** Names of the errors for a token that is closed, or none (Step Functions API, SendTaskSuccess). */
const isAccepted = async (answer: Promise<unknown>): Promise<boolean> => {
  try {
    await answer;
    return true;
  } catch (error) {
    if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')) return false;
    throw error;
  }
};
