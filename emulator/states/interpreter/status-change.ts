import type { BusEvent } from '../../events/api.js';
import type { ExecutionStatus } from '../api.js';
import type { Machine } from '../machine.js';
import type { Document } from './document.js';

/** Input and output are left out of the event when it would be too large for EventBridge. */
const maximumBytes = 248 * 1024;

type ExecutionRecord = {
  readonly arn: string;
  readonly machine: Machine;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: Date;
  readonly stopDate: Date | undefined;
  readonly input: Document;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
};

/** `Step Functions Execution Status Change` (step-functions/latest/dg/eventbridge-integration). */
export const statusChangeEvent = (execution: ExecutionRecord): Pick<BusEvent, 'source' | 'detail-type' | 'resources' | 'detail'> => {
  const { arn, machine, name, status, startDate, stopDate, input, output, error, cause } = execution;
  const isIncluded = Buffer.byteLength(input.json) + Buffer.byteLength(output ?? '') <= maximumBytes;
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate: startDate.getTime(),
      stopDate: stopDate?.getTime() ?? null,
      input: isIncluded ? input.json : null,
      inputDetails: { included: isIncluded },
      output: isIncluded ? (output ?? null) : null,
      outputDetails: output === undefined ? null : { included: isIncluded },
      error: error ?? null,
      cause: cause ?? null,
    },
  };
};
