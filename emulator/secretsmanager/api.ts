export type Secrets = {
  createSecret(secret: { readonly name: string; readonly arn: string; readonly value: string }): void;
};
