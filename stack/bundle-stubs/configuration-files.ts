// Replaces the SDK's loader of settings in the bundles: in Lambda they are in the environment, and there is no
// ~/.aws/config to search for at the first call of every client.

type Environment = NodeJS.ProcessEnv;

type Setting<Value> = {
  readonly environmentVariableSelector: (
    environment: Environment,
    options: { readonly signingName?: string | undefined },
  ) => Value | undefined;
  readonly default: Value | (() => Value | Promise<Value>);
};

export const loadConfig =
  <Value>(setting: Setting<Value>, { signingName }: { readonly signingName?: string } = {}) =>
  async (): Promise<Value> => {
    const value = setting.environmentVariableSelector(process.env, { signingName });
    if (value !== undefined) return value;
    return setting.default instanceof Function ? setting.default() : setting.default;
  };
