/**
 * Versions of the API of the function `query` and of the command line. A stack answers the version before its own, too, so that the stack
 * is deployed first and each machine with a command line follows when it can.
 */
export const api = { current: 1, oldest: 1 } as const;
