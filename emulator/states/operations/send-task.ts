import { AwsError } from '../../errors.js';
import { type Operation, operation } from '../../operation.js';
import { Document, maximumBytes } from '../interpreter/document.js';
import type { Waiting } from '../interpreter/tokens.js';
import type { Store } from '../store.js';
import { checkErrorAndCause, checkLength } from './check-length.js';

type Empty = Record<string, never>;

/**
 * One limit for all three, in the largest Regions (step-functions/latest/dg/service-quotas). IAM's service authorization data names no
 * resource type for them, so `*` is required. Published denials name the state machine's ARN (NOAA-OWP/hydrovis#837), which `*` covers as
 * well.
 */
const rateLimit = { name: 'states.SendTask', burst: 3000, perSecond: 500 };

/** The API model's limit. */
const maximumTokenBytes = 2048;

/** @throws AwsError ValidationException, InvalidToken, or the error of a closed token */
const find = ({ tokens }: Store, taskToken: string): Waiting => {
  checkLength('taskToken', taskToken, maximumTokenBytes);
  return tokens.find(taskToken);
};

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
      find(store, taskToken).succeed(document);
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
      find(store, taskToken).fail(error, cause);
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
      find(store, taskToken).heartbeat();
      return {};
    },
  });
