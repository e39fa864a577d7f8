import { AwsError } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import { Document, maximumBytes } from '../interpreter/document.js';
import type { Store } from '../store.js';
import { checkErrorAndCause, checkLength } from './check-length.js';

type Empty = Record<string, never>;

/** One limit for all three (step-functions/latest/dg/service-quotas). */
const rateLimit = { name: 'states.SendTask', burst: 3000, perSecond: 500 };

const parse = (output: string): Document => {
  checkLength('output', output, maximumBytes);
  try {
    return new Document(JSON.parse(output));
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`);
  }
};

export const sendTaskSuccess = (store: Store): Operation =>
  operation<{ readonly taskToken: string; readonly output: string }, Empty>({
    service: 'states',
    name: 'SendTaskSuccess',
    input: { taskToken: 'string', output: 'string' },
    required: ['taskToken', 'output'],
    rateLimit,
    run: ({ taskToken, output }) => {
      const document = parse(output);
      store.tokens.find(taskToken).succeed(document);
      return {};
    },
  });

export const sendTaskFailure = (store: Store): Operation =>
  operation<{ readonly taskToken: string; readonly error?: string; readonly cause?: string }, Empty>({
    service: 'states',
    name: 'SendTaskFailure',
    input: { taskToken: 'string', error: 'string', cause: 'string' },
    required: ['taskToken'],
    rateLimit,
    run: ({ taskToken, error, cause }) => {
      checkErrorAndCause({ error, cause });
      store.tokens.find(taskToken).fail(error, cause);
      return {};
    },
  });

/** Restarts HeartbeatSeconds, not TimeoutSeconds. */
export const sendTaskHeartbeat = (store: Store): Operation =>
  operation<{ readonly taskToken: string }, Empty>({
    service: 'states',
    name: 'SendTaskHeartbeat',
    input: { taskToken: 'string' },
    required: ['taskToken'],
    rateLimit,
    run: ({ taskToken }) => {
      store.tokens.find(taskToken).heartbeat();
      return {};
    },
  });
