type Next = (args: never) => Promise<unknown>;

/** A client of the SDK, as far as its middleware goes. */
export type MiddlewareClient = {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: { readonly commandName?: string }) => Next,
      options: { step: 'finalizeRequest'; name: string },
    ): void;
  };
};

/** Commands that change nothing, by the names that AWS gives them. */
const read = /^(?:Describe|List|Get|BatchGet|Query)/;

const isReset = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes((error as { code?: string } | undefined)?.code ?? '');

/**
 * Sends a read once more, at once, if its connection was reset: a function that was frozen between two invocations keeps sockets
 * that AWS has closed in the meantime. Any other call may have reached AWS, so it is left to the step.
 */
export const repeatResetRead = ({ middlewareStack }: MiddlewareClient): void => {
  middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) =>
        next(args).catch((error: unknown) => {
          if (read.test(commandName) && isReset(error)) return next(args);
          throw error;
        }),
    { step: 'finalizeRequest', name: 'repeatResetRead' },
  );
};
