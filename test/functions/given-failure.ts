/** An error as the SDK throws it. */
export const sdkError = (name: string, message: string = name, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

/** What a state passes on where no error led to it. */
export const nothingCaught = { state: '', error: '', cause: '' };
