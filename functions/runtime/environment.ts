import type { ClientSettings } from '../../aws/client-settings.js';
import type { Configuration } from '../../core/configuration/configuration.js';

/** Put in by the bundler: slipway.yml, checked and normalised, as plain JSON. */
declare const SLIPWAY_CONFIGURATION: Configuration;

/** What a function gets from the place where it runs. */
export type Environment = {
  readonly configuration: Configuration;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clients: ClientSettings;
};

/**
 * Milliseconds: a request that hangs is given up while there is time left to do without it, or to say so: a step has three of
 * them at most that it can do without. Without the word to throw, the SDK would only log a warning.
 */
export const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export const lambdaEnvironment = (): Environment => ({
  configuration: SLIPWAY_CONFIGURATION,
  variables: process.env,
  clients: { region: process.env.AWS_REGION ?? '', maxAttempts: 1, requestHandler },
});

/** A variable that serverless.yml sets. */
export const variable = ({ variables }: Environment, name: string): string => {
  const value = variables[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; serverless.yml sets it`);
  return value;
};
