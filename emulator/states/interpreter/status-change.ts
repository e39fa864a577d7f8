import type { Execution } from './execution.js';

/** Input and output are left out of the event when it would be too large for EventBridge. */
const maximumBytes = 248 * 1024;

/** `Step Functions Execution Status Change` (step-functions/latest/dg/eventbridge-integration). */
export const emitStatusChange = (execution: Execution): void => {
  const { arn, machine, name, status, startDate, stopDate, input, output, error, cause } = execution;
  const isIncluded = Buffer.byteLength(input.json) + Buffer.byteLength(output ?? '') <= maximumBytes;
  execution.account.services.events.emit({
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
  });
};
