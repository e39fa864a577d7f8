import type { ClientSettings } from '../../aws/client-settings.js';
import type { Configuration } from '../../core/configuration/configuration.js';
import type { Network } from './network.js';

/** Defined by the bundler: slipway.yml, validated and normalised, as plain JSON. */
declare const SLIPWAY_CONFIGURATION: Configuration;

/** What a function gets from its environment. */
export type Environment = {
  readonly configuration: Configuration;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clients: ClientSettings;
  /** In place of that of Node.js, for a step that runs from source. */
  readonly network?: Network | undefined;
  /** For functions that an operator invokes. A step of a machine, or of an event, gets the time in its input. */
  readonly now: () => Date;
};

/**
 * Milliseconds. A request that hangs is abandoned while there is time left to continue without it; a step has at most three
 * such requests. Without `throwOnRequestTimeout` the SDK only logs a warning.
 */
export const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export const lambdaEnvironment = (): Environment => ({
  configuration: SLIPWAY_CONFIGURATION,
  variables: process.env,
  clients: { region: process.env.AWS_REGION ?? '', maxAttempts: 1, requestHandler },
  now: () => new Date(),
});

/** A variable that serverless.yml sets. */
export const variable = ({ variables }: Environment, name: string): string => {
  const value = variables[name];
  if (!value) throw new Error(`the environment variable ${name} is not set; serverless.yml sets it`);
  return value;
};
