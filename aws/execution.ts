import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ExecutionState } from '../core/housekeeping/sweep.js';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const stepFunctions = clientFor(SFNClient);

/** Executions of the two state machines. */
export class Executions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** The state of an execution. One that Step Functions no longer knows has ended: executions are kept for 90 days (quotas). */
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

  /** Starts an execution of this name, or finds it running; `isOver` if one of this name has ended before. */
  async start(stateMachineArn: string, name: string, input: object): Promise<{ readonly execution: string; readonly isOver: boolean }> {
    const execution = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      await stepFunctions(this.#settings).send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return { execution, isOver: false };
    } catch (error) {
      // StartExecution is idempotent for a running execution with the same name and input (Step Functions API).
      if (isNamed(error, 'ExecutionAlreadyExists')) return { execution, isOver: true };
      throw error;
    }
  }
}
