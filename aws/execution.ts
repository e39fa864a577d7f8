import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './trouble.js';

const stepFunctions = clientFor(SFNClient);

/** Executions of the two machines. */
export class Executions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** An execution that Step Functions has forgotten runs no more. */
  async isRunning(executionArn: string): Promise<boolean> {
    try {
      const { status } = await stepFunctions(this.#settings).send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist', 'InvalidArn')) return false;
      throw error;
    }
  }
}
