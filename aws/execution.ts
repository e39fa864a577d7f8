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

  /** Whether it runs, and when it ended; one that Step Functions has forgotten ended long ago. */
  async lifeOf(executionArn: string): Promise<{ readonly isRunning: boolean; readonly endedAt: Date | undefined }> {
    try {
      const { status, stopDate } = await stepFunctions(this.#settings).send(new DescribeExecutionCommand({ executionArn }));
      return { isRunning: status === 'RUNNING' || status === 'PENDING_REDRIVE', endedAt: stopDate };
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist', 'InvalidArn')) return { isRunning: false, endedAt: undefined };
      throw error;
    }
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
