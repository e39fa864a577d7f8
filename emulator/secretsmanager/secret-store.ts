import type { Account } from '../account.js';
import { AwsError } from '../errors.js';

type Value = { readonly string: string | undefined; readonly binary: Uint8Array | string | undefined };

export type Secret = {
  readonly name: string;
  readonly arn: string;
  readonly versionId: string;
  readonly createdAt: number;
  readonly value: Value;
  /** When it is deleted, if that is scheduled. */
  deletedAt: number | undefined;
};

const suffixLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The account's secrets, one version each. */
export class SecretStore {
  readonly #account: Account;
  readonly #secrets = new Map<string, Secret>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Without an ARN, AWS makes one that ends in a hyphen and six random characters. */
  create(name: string, value: Value, { arn = this.#newArn(name), versionId = this.#account.random.uuid() } = {}): Secret {
    if (!/^[\w/+=.@-]{1,512}$/.test(name))
      throw new AwsError(
        'ValidationException',
        `Invalid name ${name}. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!`,
      );
    if (this.#secrets.has(name))
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const secret: Secret = { name, arn, versionId, createdAt: this.#account.clock.now, value, deletedAt: undefined };
    this.#secrets.set(name, secret);
    return secret;
  }

  #newArn(name: string): string {
    const { random } = this.#account;
    const suffix = Array.from({ length: 6 }, () => suffixLetters[random.between(0, suffixLetters.length - 1)]).join('');
    return this.#account.arn('secretsmanager', `secret:${name}-${suffix}`);
  }

  remove({ name }: Secret): void {
    this.#secrets.delete(name);
  }

  /** By name, by ARN, or by ARN without its suffix. */
  find(secretId: string): Secret | undefined {
    return (
      this.#secrets.get(secretId) ??
      [...this.#secrets.values()].find(({ arn }) => arn === secretId || arn.replace(/-[A-Za-z0-9]{6}$/, '') === secretId)
    );
  }
}
