export type Secrets = {
  createSecret(secret: { readonly name: string; readonly arn: string; readonly value: string }): void;
  /** By name, by ARN, or by ARN without its suffix. */
  exists(secretId: string): boolean;
};
