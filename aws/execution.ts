import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionState } from '../core/housekeeping/sweep.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const stepFunctions = clientFor(SFNClient);

/** Executions of the two machines. */
export class Executions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** Whether it runs, when it ended, and what it said at its end; one that Step Functions has forgotten ended long ago. */
  async describe(executionArn: string): Promise<ExecutionState> {
    try {
      const {
        status = '',
        stopDate,
        error,
        cause,
        output,
      } = await stepFunctions(this.#settings).send(new DescribeExecutionCommand({ executionArn }));
      return { isRunning: status === 'RUNNING' || status === 'PENDING_REDRIVE', endedAt: stopDate, status, error, cause, output };
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist', 'InvalidArn')) return { isRunning: false, endedAt: undefined, status: '' };
      throw error;
    }
  }

  async livenessOf(executionArn: string): Promise<Pick<ExecutionState, 'isRunning' | 'endedAt'>> {
    return this.describe(executionArn);
  }

  async isRunning(executionArn: string): Promise<boolean> {
    return (await this.describe(executionArn)).isRunning;
  }

  /** Starts an execution of this name, or finds it running; `isOver` when one of this name has ended before. */
  async start(stateMachineArn: string, name: string, input: object): Promise<{ readonly execution: string; readonly isOver: boolean }> {
    const execution = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      await stepFunctions(this.#settings).send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return { execution, isOver: false };
    } catch (error) {
      // With the same input a running one is answered as if it had just been started.
      if (isNamed(error, 'ExecutionAlreadyExists')) return { execution, isOver: true };
      throw error;
    }
  }
}
