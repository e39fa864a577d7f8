import { AwsError } from '../../errors.js';

/** Checks a member that the API model limits, in bytes. @throws AwsError ValidationException */
export const checkLength = (name: string, text: string | undefined, maximum: number): void => {
  if (text === undefined || Buffer.byteLength(text) <= maximum) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${maximum}`,
  );
};

/** Error and cause, as SendTaskFailure and StopExecution take them. */
export const checkErrorAndCause = ({
  error,
  cause,
}: {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}): void => {
  checkLength('error', error, 256);
  checkLength('cause', cause, 32_768);
};
