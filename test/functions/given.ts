import type { Ledger } from '../../aws/ledger.js';
import type { DeploymentRecord, RecordName, ReleaseRecord, ServiceState } from '../../core/records.js';

type AnyRecord = DeploymentRecord & ReleaseRecord;

/** The public face of the ledger, over two plain objects. */
export type LiteralLedger = {
  readonly records: Record<RecordName, AnyRecord>;
  readonly claims: Record<string, string>;
  readonly lastGood: Record<string, NonNullable<ServiceState['lastGood']>>;
  /** What was written, in order: `update deployment {"touched":"…"}`. */
  readonly writes: string[];
} & Pick<Ledger, 'open' | 'deployment' | 'release' | 'update' | 'close' | 'deploymentNamed' | 'keepLastGood' | 'claim' | 'giveBack'>;

export const literalLedger = (initial: Record<RecordName, DeploymentRecord | ReleaseRecord> = {}): LiteralLedger => {
  const records = { ...initial } as Record<RecordName, AnyRecord>;
  const claims: Record<string, string> = {};
  const lastGood: LiteralLedger['lastGood'] = {};
  const writes: string[] = [];
  const read = async (name: RecordName): Promise<AnyRecord> => {
    const record = records[name];
    if (!record) throw new Error(`no record ${name}`);
    return record;
  };
  const write = (what: string, name: string, changes: object): void => {
    writes.push(`${what} ${name} ${JSON.stringify(changes)}`);
  };
  return {
    records,
    claims,
    lastGood,
    writes,
    deployment: read,
    release: read,
    open: async (name, record) => {
      write('open', name, {});
      records[name] ??= record as AnyRecord;
    },
    update: async (name, changes) => {
      write('update', name, changes);
      records[name] = { ...(await read(name)), ...changes } as AnyRecord;
    },
    close: async (name, ending, expiresAt) => {
      write('close', name, { ...ending, expiresAt });
      const { open: _, ...record } = await read(name);
      if (record.endedAt === undefined) records[name] = { ...record, ...ending } as AnyRecord;
    },
    deploymentNamed: async (service, execution) => {
      const name = Object.keys(records).find((one) => one.startsWith(`service#${service} `) && one.endsWith(`#${execution}`));
      return name === undefined ? undefined : { ...(await read(name)), name };
    },
    keepLastGood: async (service, good) => {
      write('keepLastGood', service, good);
      lastGood[service] = good;
    },
    claim: async (repository, digest, execution, instead) => {
      const key = `${repository} ${digest}`;
      const holder = claims[key];
      if (holder === undefined || holder === execution || holder === instead) claims[key] = execution;
      return claims[key] ?? '';
    },
    giveBack: async (repository, digest, execution) => {
      if (claims[`${repository} ${digest}`] === execution) delete claims[`${repository} ${digest}`];
    },
  };
};

/** An error as the SDK throws it. */
export const sdkError = (name: string, message: string = name, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

export const noTrouble = { state: '', error: '', cause: '' };
export const unknown = { outcome: 'UNKNOWN', cause: 'AWS_ERROR', sentence: '' } as const;
