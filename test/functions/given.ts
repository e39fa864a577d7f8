import type { RecordRepository } from '../../aws/record-repository.js';
import type { ServiceStateRepository } from '../../aws/service-state-repository.js';
import type { RecordName } from '../../core/records/record-name.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../core/records/records.js';
import type { Claim } from '../../core/release/claim-digest.js';

type AnyRecord = DeploymentRecord & ReleaseRecord;

/** The public faces of the ledger and of the services' states, over plain objects. */
export type LiteralLedger = {
  readonly records: Record<RecordName, AnyRecord>;
  readonly claims: Record<string, Claim>;
  /** What decides about each service, by its name; `*` is of all. */
  readonly states: Record<string, ServiceState>;
  readonly serviceStates: Pick<
    ServiceStateRepository,
    'of' | 'recordLaterPush' | 'takeLease' | 'enqueue' | 'takeOverLease' | 'releaseLease' | 'dequeue' | 'requestCancel' | 'hold'
  >;
  /** What was written, in order: `update deployment {"touched":"…"}`. */
  readonly writes: string[];
} & Pick<
  RecordRepository,
  | 'open'
  | 'deployment'
  | 'release'
  | 'update'
  | 'close'
  | 'markDone'
  | 'deploymentNamed'
  | 'saveRevision'
  | 'markAttempt'
  | 'claim'
  | 'claimed'
  | 'recordLaterClaimPush'
  | 'releaseClaim'
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
    recordLaterPush: async (service, lastDeployed) => {
      const state = states[service];
      if (state?.lastDeployed?.digest !== lastDeployed.digest) return;
      states[service] = { ...state, lastDeployed };
      write('renew', service, lastDeployed);
    },
    takeLease: async (service, lease, { fencingToken: seen, over, instead }) => {
      const { fencingToken, queued, cancel: _, ...state } = states[service] ?? {};
      if (fencingToken !== seen || !isOf(state.lease, lease.execution, over) || !isOf(queued, lease.execution, instead)) return undefined;
      write('takeLease', service, lease);
      const taken = { ...state, lease, fencingToken: (fencingToken ?? 0) + 1 };
      states[service] = taken;
      return taken;
    },
    enqueue: async (service, queued, { fencingToken, instead }) => {
      const { queued: present, ...state } = states[service] ?? {};
      if (state.fencingToken !== fencingToken || !isOf(present, queued.execution, instead)) return false;
      states[service] = { ...state, queued };
      write('takePlace', service, queued);
      return true;
    },
    takeOverLease: async (service, lease, { fencingToken: seen, from }) => {
      const { fencingToken, ...state } = states[service] ?? {};
      if (fencingToken !== seen || !isOf(state.lease, from)) return undefined;
      const resumed = { ...state, lease, fencingToken: (fencingToken ?? 0) + 1 };
      states[service] = resumed;
      write('adoptLease', service, lease);
      return resumed;
    },
    releaseLease: async (service, execution, learned) => {
      const { lease, cancel: _, ...state } = states[service] ?? {};
      if (lease?.execution !== execution) return;
      states[service] = { ...state, ...learned };
      write('settle', service, learned);
    },
    dequeue: async (service, execution) => {
      const { queued, ...state } = states[service] ?? {};
      if (queued?.execution !== execution) return;
      states[service] = state;
      write('leavePlace', service, queued);
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
    saveRevision: async (name, previousRevision, changes) => {
      const record = await read(name);
      if (record.revision !== undefined && record.previousRevision === previousRevision) return;
      write('noteRevision', name, { previousRevision, ...changes });
      records[name] = { ...record, previousRevision, ...changes };
    },
    close: async (name, result, expiresAt) => {
      write('close', name, { ...result, expiresAt });
      const record = await read(name);
      if (record.endedAt === undefined) records[name] = { ...record, ...result } as AnyRecord;
    },
    markDone: async (name, notifiedAt = {}) => {
      const { pending: _, ...record } = await read(name);
      if (record.endedAt === undefined) return;
      write('rest', name, notifiedAt);
      records[name] = { ...record, ...notifiedAt } as AnyRecord;
    },
    markAttempt: async (name, sent, now, changes) => {
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
    recordLaterClaimPush: async (repository, digest, { execution, pushedAt }) => {
      const claim = claims[`${repository} ${digest}`];
      if (claim?.execution === execution) claims[`${repository} ${digest}`] = { ...claim, pushedAt };
    },
    releaseClaim: async (repository, digest, execution) => {
      if (claims[`${repository} ${digest}`]?.execution === execution) delete claims[`${repository} ${digest}`];
    },
  };
};

/** An error as the SDK throws it. */
export const sdkError = (name: string, message: string = name, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });

export const noTrouble = { state: '', error: '', cause: '' };
export const unknown = { outcome: 'UNKNOWN', reason: 'AWS_ERROR', message: '' } as const;
