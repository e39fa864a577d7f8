import { type Operation, operation } from '../../operation.js';
import type { Store } from '../store.js';
import { checkErrorAndCause } from './check-length.js';

type Input = { readonly executionArn: string; readonly error?: string; readonly cause?: string };

type Output = { readonly stopDate: Date };

/** An execution that has ended does not change. */
export const stopExecution = (store: Store): Operation =>
  operation<Input, Output>({
    service: 'states',
    name: 'StopExecution',
    input: { executionArn: 'string', error: 'string', cause: 'string' },
    required: ['executionArn'],
    rateLimit: { name: 'states.StopExecution', burst: 1000, perSecond: 200 },
    permissions: ({ executionArn }) => [{ action: 'states:StopExecution', resource: executionArn }],
    run: ({ executionArn, error, cause }, { account }) => {
      checkErrorAndCause({ error, cause });
      const execution = store.execution(executionArn);
      execution.abort(error, cause);
      return { stopDate: execution.stopDate ?? account.clock.date() };
    },
  });
