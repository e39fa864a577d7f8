import { isNamed, isRefused, isTransient } from '../../aws/sdk-errors.js';

const error = (name: string, { message = name, ...more }: { message?: string; $metadata?: object; $retryable?: object } = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

test.each([
  error('ThrottlingException', answered(400)),
  error('Throttling', answered(400)),
  error('TooManyRequestsException', answered(429)),
  error('RequestLimitExceeded', answered(400)),
  error('ProvisionedThroughputExceededException', answered(400)),
  error('RequestThrottled', answered(403)),
  error('ServerException', answered(500)),
  error('ServiceUnavailableException', answered(503)),
  error('ServiceUnavailable', answered(503)),
  error('InternalServerError', answered(500)),
  error('InternalFailure', answered(500)),
  error('InternalErrorException', answered(500)),
  error('SomethingNew', answered(500)),
  error('SomethingNew', answered(599)),
  error('SomethingNew', { ...answered(400), $retryable: {} }),
  error('TimeoutError', { message: 'socket hang up' }),
  error('RequestTimeout', answered(400)),
  error('Error', { message: 'connect ECONNREFUSED 10.0.0.1:443' }),
  error('Error', { message: 'read ECONNRESET' }),
  error('Error', { message: 'getaddrinfo ENOTFOUND ecs.eu-west-1.amazonaws.com' }),
  error('Error', { message: 'getaddrinfo EAI_AGAIN ecs.eu-west-1.amazonaws.com' }),
  error('Error', { message: 'write EPIPE' }),
])('%s is transient: %#', (one) => {
  expect(isTransient(one)).toBe(true);
});

test.each([
  error('AccessDeniedException', answered(400)),
  error('ClientException', answered(400)),
  error('InvalidParameterException', answered(400)),
  error('ClusterNotFoundException', answered(400)),
  error('ServiceNotActiveException', answered(400)),
  error('ConflictException', answered(409)),
  error('ConditionalCheckFailedException', answered(400)),
  error('LimitExceededException', answered(400)),
  error('ExpiredTokenException', answered(403)),
  error('UnrecognizedClientException', answered(400)),
  error('ResourceNotFoundException', answered(404)),
  error('RejectedInput', { message: 'the environment variable X is not set' }),
  error('TypeError', { message: 'x is not a function' }),
  'ThrottlingException',
  undefined,
  null,
  { name: 'ThrottlingException' },
])('%s is not transient: %#', (one) => {
  expect(isTransient(one)).toBe(false);
});

test.each([
  [error('ThrottlingException', answered(400)), true],
  [error('AccessDeniedException', answered(403)), true],
  [error('TooManyRequestsException', answered(429)), true],
  [error('ServerException', answered(500)), false],
  [error('ServiceUnavailable', answered(503)), false],
  [error('TimeoutError'), false],
  [error('TypeError'), false],
  [undefined, false],
])('%s is refused, so that nothing changed: %s', (one, isCertain) => {
  expect(isRefused(one)).toBe(isCertain);
});

test('an error is identified by its name alone', () => {
  expect(isNamed(error('ConflictException'), 'InvalidArn', 'ConflictException')).toBe(true);
  expect(isNamed(error('ConflictException'), 'InvalidArn')).toBe(false);
  expect(isNamed({ name: 'ConflictException' }, 'ConflictException')).toBe(false);
});
