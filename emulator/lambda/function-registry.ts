import { existsSync } from 'node:fs';
import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import type { PolicyStatement } from '../iam/api.js';
import { packagedCode } from '../packaged-code.js';
import type { FunctionSpec } from './api.js';
import { checkEnvironment } from './environment.js';
import type { FunctionVersion } from './function-version.js';

type Entry = {
  latest: FunctionVersion;
  modifiedAt: number;
  /** Absent: those of the account. */
  reservedConcurrency: number | undefined;
  readonly versions: Map<string, FunctionVersion>;
  readonly statements: PolicyStatement[];
};

/** The hash of a zip file; undefined for code that was not packaged. */
const hashOf = (path: string | undefined, refuse: (message: string) => never): string | undefined => {
  if (path === undefined || !existsSync(path)) return undefined;
  const { isZip, sha256 } = packagedCode(path);
  if (!isZip) refuse('Could not unzip uploaded file. Please check your file, then try to upload again.');
  return sha256.toString('hex');
};

const fingerprint = ({ spec, codeHash }: FunctionVersion): string => JSON.stringify([{ ...spec, zipPath: undefined }, codeHash]);

/** `name`, `name:3`, `123456789012:function:name`, or an ARN with or without version. */
const nameForms = /^(?:(?:arn:[^:]+:lambda:([^:]+):)?(\d{12}):function:)?([\w-]+)(?::([\w$-]+))?$/;

/** The functions of the account, their versions and their resource policies. */
export class FunctionRegistry {
  #account: Account;
  #functions = new Map<string, Entry>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Creates the function, or updates its $LATEST. */
  put(spec: FunctionSpec): void {
    const refuse = (message: string): never => {
      throw new AwsError('InvalidParameterValueException', `${spec.name}: ${message}`);
    };
    if (spec.timeoutSeconds < 1 || spec.timeoutSeconds > 900) refuse(`Timeout is ${spec.timeoutSeconds}; expected 1 to 900 seconds`);
    if (spec.memoryMb < 128 || spec.memoryMb > 10_240) refuse(`MemorySize is ${spec.memoryMb}; expected 128 to 10240 MB`);
    checkEnvironment(spec.environment, refuse);

    const latest = { spec, version: '$LATEST', arn: spec.arn, codeHash: hashOf(spec.zipPath, refuse) };
    const entry = this.#functions.get(spec.name);
    const modifiedAt = this.#account.clock.now;
    if (!entry) this.#functions.set(spec.name, { latest, modifiedAt, reservedConcurrency: undefined, versions: new Map(), statements: [] });
    else if (fingerprint(entry.latest) !== fingerprint(latest) || entry.latest.spec.userCode !== spec.userCode)
      Object.assign(entry, { latest, modifiedAt });
  }

  /** As AWS does, returns the newest version when nothing changed since. */
  publish(functionArn: string): FunctionVersion {
    const { latest, versions } = this.#entry(functionArn);
    const newest = this.newest(functionArn);
    if (newest && fingerprint(newest) === fingerprint(latest)) return newest;
    const version = String(versions.size + 1);
    const published = { ...latest, version, arn: `${latest.spec.arn}:${version}` };
    versions.set(version, published);
    return published;
  }

  newest(functionArn: string): FunctionVersion | undefined {
    return [...this.#entry(functionArn).versions.values()].at(-1);
  }

  /** Names of all functions, in their order. */
  get names(): readonly string[] {
    return [...this.#functions.keys()].sort();
  }

  /** When the code or the configuration of $LATEST changed last. */
  modifiedAt(functionName: string): number {
    return this.#entry(functionName).modifiedAt;
  }

  reservedConcurrency(functionName: string): number | undefined {
    return this.#entry(functionName).reservedConcurrency;
  }

  reserveConcurrency(functionName: string, executions: number | undefined): void {
    this.#entry(functionName).reservedConcurrency = executions;
  }

  addPermission(functionArn: string, { principal, sourceArn }: { principal: string; sourceArn?: string }): void {
    const { statements, latest } = this.#entry(functionArn);
    const arn = this.arnOf(functionArn);
    statements.push({
      Effect: 'Allow',
      Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      Action: 'lambda:InvokeFunction',
      Resource: arn === latest.spec.arn ? [arn, `${arn}:$LATEST`] : arn,
      ...(sourceArn !== undefined && { Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }),
    });
  }

  /** The function's resource policy: all statements, for all versions. */
  statementsOf(functionName: string): readonly PolicyStatement[] {
    return this.#entry(functionName).statements;
  }

  #parse(functionName: string): { name: string; qualifier: string | undefined } {
    const [, region, account, name, qualifier] = nameForms.exec(functionName) ?? [];
    const isElsewhere =
      (region !== undefined && region !== this.#account.region) || (account !== undefined && account !== this.#account.accountId);
    if (name === undefined || isElsewhere) throw this.#notFound(functionName);
    return { name, qualifier };
  }

  /** The requested ARN: qualified when a version is named. */
  arnOf(functionName: string, qualifier?: string): string {
    const parsed = this.#parse(functionName);
    const version = qualifier ?? parsed.qualifier;
    return this.#account.arn('lambda', `function:${parsed.name}${version === undefined ? '' : `:${version}`}`);
  }

  find(functionName: string): FunctionVersion {
    const { qualifier } = this.#parse(functionName);
    const { latest, versions } = this.#entry(functionName);
    const found = qualifier === undefined || qualifier === '$LATEST' ? latest : versions.get(qualifier);
    if (!found) throw this.#notFound(functionName);
    return found;
  }

  #entry(functionName: string): Entry {
    const entry = this.#functions.get(this.#parse(functionName).name);
    if (!entry) throw this.#notFound(functionName);
    return entry;
  }

  #notFound(functionName: string): AwsError {
    const arn = functionName.startsWith('arn:') ? functionName : this.#account.arn('lambda', `function:${functionName}`);
    return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404, Type: 'User' });
  }
}
