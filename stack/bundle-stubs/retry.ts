// Replaces @smithy/core/retry in the bundles: every client has one attempt (aws/client-settings.ts), and Step Functions
// retries. These are the exports that the clients import.

type Stack = { add: (middleware: unknown, options: object) => void };

export const DEFAULT_MAX_ATTEMPTS = 1;
export const DEFAULT_RETRY_MODE = 'standard';
export const RETRY_MODES = { STANDARD: 'standard', ADAPTIVE: 'adaptive' };
export const Retry = { v2026: false };

const notSet = (): undefined => undefined;

export const NODE_MAX_ATTEMPT_CONFIG_OPTIONS = { environmentVariableSelector: notSet, configFileSelector: notSet, default: 1 };
export const NODE_RETRY_MODE_CONFIG_OPTIONS = { environmentVariableSelector: notSet, configFileSelector: notSet, default: 'standard' };

export const resolveRetryConfig = <Config extends { maxAttempts?: unknown }>(config: Config): Config => {
  if (config.maxAttempts !== 1) throw new Error('retries are left out of the bundles; remove the alias from stack/bundles.ts');
  return config;
};

/** The signing middleware is placed relative to this middleware's name. */
export const getRetryPlugin = () => ({
  applyToStack: (stack: Stack) =>
    stack.add((next: unknown) => next, {
      name: 'retryMiddleware',
      tags: ['RETRY'],
      step: 'finalizeRequest',
      priority: 'high',
      override: true,
    }),
});
