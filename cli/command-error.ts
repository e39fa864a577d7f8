/** A failure that its message explains to the reader of a terminal: it is printed without a stack, and the exit status is 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
