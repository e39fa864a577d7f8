import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Result } from '../../../core/result/result.js';
import type { Check } from '../target.js';

/**
 * Lambda has assumed an execution role whose trust policy has `aws:SourceAccount`, and loaded a bundle: `control` answers. Its input
 * is one that it rejects, so it changes nothing.
 */
export const executionRoleCheck: Check = {
  name: 'function under its role',
  run: async ({ clients: { lambda }, stack }) => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: `slipway-${stack.stage}-control`, Payload: Buffer.from('{}') }),
    );
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Partial<Result> & { errorMessage?: string };
    const { outcome, reason } = answer;
    return {
      problems: FunctionError === undefined ? [] : [`control failed (${FunctionError}): ${answer.errorMessage}`],
      facts: { outcome, reason },
    };
  },
};
