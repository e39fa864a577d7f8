import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type ClientSettings, clientFor } from './client-settings.js';
import { isNamed } from './sdk-errors.js';

const stepFunctions = clientFor(SFNClient);

/** How executions of the two state machines were started. */
export class ExecutionStarts {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** When (ISO 8601), and with what; undefined for an execution that Step Functions does not know, or no longer. */
  async of(executionArn: string): Promise<{ readonly startedAt: string; readonly input: string } | undefined> {
    try {
      const { startDate, input = '' } = await stepFunctions(this.#settings).send(new DescribeExecutionCommand({ executionArn }));
      return startDate && { startedAt: startDate.toISOString(), input };
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist', 'InvalidArn')) return undefined;
      throw error;
    }
  }
}
