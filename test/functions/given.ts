import type { Ledger } from '../../aws/ledger.js';
import type { ServiceStates } from '../../aws/service-states.js';
import type { Claim } from '../../core/claim.js';
import type { DeploymentRecord, RecordName, ReleaseRecord, ServiceState } from '../../core/records.js';

type AnyRecord = DeploymentRecord & ReleaseRecord;

/** The public faces of the ledger and of the services' states, over plain objects. */
export type LiteralLedger = {
  readonly records: Record<RecordName, AnyRecord>;
  readonly claims: Record<string, Claim>;
  /** What decides about each service, by its name; `*` is of all. */
  readonly states: Record<string, ServiceState>;
  readonly serviceStates: Pick<
    ServiceStates,
    'of' | 'renew' | 'takeLease' | 'takePlace' | 'adoptLease' | 'settle' | 'leavePlace' | 'requestCancel' | 'hold'
  >;
  /** What was written, in order: `update deployment {"touched":"…"}`. */
  readonly writes: string[];
} & Pick<
  Ledger,
  | 'open'
  | 'deployment'
  | 'release'
  | 'update'
  | 'close'
  | 'rest'
  | 'deploymentNamed'
  | 'noteRevision'
  | 'noteCall'
  | 'claim'
  | 'claimed'
  | 'renewClaim'
  | 'giveBack'
>;

export const literalLedger = (
  initial: Record<RecordName, DeploymentRecord | ReleaseRecord> = {},
  initialStates: Record<string, ServiceState> = {},
): LiteralLedger => {
  const records = { ...initial } as Record<RecordName, AnyRecord>;
  const claims: LiteralLedger['claims'] = {};
  const states = { ...initialStates };
  const writes: string[] = [];
  const read = async (name: RecordName): Promise<AnyRecord> => {
    const record = records[name];
    if (!record) throw Object.assign(new Error(`no record ${name}`), { name: 'NoSuchRecord' });
    return record;
  };
  const write = (what: string, name: string, changes: object): void => {
    writes.push(`${what} ${name} ${JSON.stringify(changes)}`);
  };
  /** A condition of a write: nobody has it, or one of these does. */
  const isOf = (it: { readonly execution: string } | undefined, ...executions: (string | undefined)[]): boolean =>
    it === undefined || executions.includes(it.execution);
  const serviceStates: LiteralLedger['serviceStates'] = {
    of: async (service) => states[service] ?? {},
    renew: async (service, deployed) => {
      const state = states[service];
      if (state?.deployed?.digest !== deployed.digest) return;
      states[service] = { ...state, deployed };
      write('renew', service, deployed);
    },
    takeLease: async (service, lease, { fence: seen, over, instead }) => {
      const { fence, next, cancel: _, ...state } = states[service] ?? {};
      if (fence !== seen || !isOf(state.lease, lease.execution, over) || !isOf(next, lease.execution, instead)) return undefined;
      write('takeLease', service, lease);
      const taken = { ...state, lease, fence: (fence ?? 0) + 1 };
      states[service] = taken;
      return taken;
    },
    takePlace: async (service, next, { fence, instead }) => {
      const { next: present, ...state } = states[service] ?? {};
      if (state.fence !== fence || !isOf(present, next.execution, instead)) return false;
      states[service] = { ...state, next };
      write('takePlace', service, next);
      return true;
    },
    adoptLease: async (service, lease, { fence: seen, from }) => {
      const { fence, ...state } = states[service] ?? {};
      if (fence !== seen || !isOf(state.lease, from)) return undefined;
      const adopted = { ...state, lease, fence: (fence ?? 0) + 1 };
      states[service] = adopted;
      write('adoptLease', service, lease);
      return adopted;
    },
    settle: async (service, execution, learned) => {
      const { lease, cancel: _, ...state } = states[service] ?? {};
      if (lease?.execution !== execution) return;
      states[service] = { ...state, ...learned };
      write('settle', service, learned);
    },
    leavePlace: async (service, execution) => {
      const { next, ...state } = states[service] ?? {};
      if (next?.execution !== execution) return;
      states[service] = state;
      write('leavePlace', service, next);
    },
    requestCancel: async (service, holder, cancel) => {
      const state = states[service] ?? {};
      if (state.lease?.execution !== holder) return false;
      states[service] = { ...state, cancel };
      write('requestCancel', service, cancel);
      return true;
    },
    hold: async (service, hold) => {
      const { hold: _, ...state } = states[service] ?? {};
      states[service] = { ...state, ...(hold && { hold }) };
      write('hold', service, hold ?? {});
    },
  };
  return {
    records,
    claims,
    states,
    serviceStates,
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
    noteRevision: async (name, base, changes) => {
      const record = await read(name);
      if (record.revision !== undefined && record.base === base) return;
      write('noteRevision', name, { base, ...changes });
      records[name] = { ...record, base, ...changes };
    },
    close: async (name, result, expiresAt) => {
      write('close', name, { ...result, expiresAt });
      const record = await read(name);
      if (record.endedAt === undefined) records[name] = { ...record, ...result } as AnyRecord;
    },
    rest: async (name, told = {}) => {
      const { open: _, ...record } = await read(name);
      if (record.endedAt === undefined) return;
      write('rest', name, told);
      records[name] = { ...record, ...told } as AnyRecord;
    },
    noteCall: async (name, sent, now, changes) => {
      const record = await read(name);
      if (record.endedAt !== undefined || record[sent] === now) return false;
      write('noteCall', name, { ...changes, [sent]: now });
      records[name] = { ...record, ...changes, [sent]: now };
      return true;
    },
    deploymentNamed: async (service, execution) => {
      const name = Object.keys(records).find((one) => one.startsWith(`service#${service} `) && one.endsWith(`#${execution}`));
      return name === undefined ? undefined : { ...(await read(name)), name };
    },
    claim: async (repository, digest, mine, instead) => {
      const holder = claims[`${repository} ${digest}`];
      if (holder === undefined || holder.execution === instead) claims[`${repository} ${digest}`] = mine;
      return claims[`${repository} ${digest}`]?.execution ?? '';
    },
    claimed: async (repository, digest) => claims[`${repository} ${digest}`],
    renewClaim: async (repository, digest, { execution, pushedAt }) => {
      const claim = claims[`${repository} ${digest}`];
      if (claim?.execution === execution) claims[`${repository} ${digest}`] = { ...claim, pushedAt };
    },
    giveBack: async (repository, digest, execution) => {
      if (claims[`${repository} ${digest}`]?.execution === execution) delete claims[`${repository} ${digest}`];
    },
  };
};

/** An error as the SDK throws it. */
export const sdkError = (name: string, message: string = name, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

export const noTrouble = { state: '', error: '', cause: '' };
export const unknown = { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' } as const;
