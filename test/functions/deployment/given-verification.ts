import type { AlarmDescription } from '../../../aws/alarms.js';
import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration, Verification } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ServiceState, VerificationRun } from '../../../core/records/records.js';
import type { Rollout } from '../../../core/rollout/observation.js';
import type { StoppedTask } from '../../../core/rollout/stopped-task.js';
import type { WatchItem } from '../../../core/rollout/watch-item.js';
import type { VerifyInput } from '../../../core/step/contracts.js';
import { verify } from '../../../functions/deployment/verify.js';
import { deploymentRecord, execution, later, startedAt } from '../../core/given.js';
import { ours, previous as previousRevision, rollout } from '../../core/rollout/observations.js';
import { givenTable } from '../../support/given-table.js';
import { serviceOn } from '../given-service.js';
import { waiting } from '../given-waiting.js';
import { item, name, withSettings } from './given-rollout.js';

export const since = startedAt;
export const url = { url: 'https://example.com/health', status: 200, everySeconds: 10, withinSeconds: 120 };
/** One minute before the end of a bake of five. */
export const inBake = '2026-11-23T12:04:00.000Z';
export const baked = later;

/** slipway.yml with a verification of production/web. */
export const verifying = (verify: Verification | undefined): Configuration => withSettings(verify ? { verify } : {});

type Given = {
  readonly settings?: Verification;
  readonly record?: Partial<DeploymentRecord>;
  readonly run?: Partial<VerificationRun>;
  readonly seen?: Rollout | undefined;
  readonly service?: Partial<ServiceDescription>;
  readonly state?: ServiceState;
  readonly watched?: Partial<WatchItem>;
  readonly alarms?: readonly AlarmDescription[];
  readonly stopped?: readonly StoppedTask[];
  /** ARNs of executions that do not run. */
  readonly ended?: readonly string[];
};

/** A deployment of production/web whose rollout ECS has completed, in a bake of five minutes. */
export const given = ({
  settings = { bakeSeconds: 300 },
  record = {},
  run = {},
  seen = rollout({ status: 'SUCCESSFUL' }),
  service = {},
  state = {},
  watched = {},
  alarms = [{ name: 'web-5xx', isInAlarm: false }],
  stopped = [],
  ended = [],
}: Given = {}) => {
  const table = givenTable({
    records: {
      [name]: deploymentRecord({
        previousRevision,
        revision: ours,
        containers: ['app'],
        updateRequestedAt: startedAt,
        serviceDeployment: rollout().arn,
        verification: { since, ...run },
        ...record,
      }),
    },
    states: { 'production/web': state },
    watched: { 'production/web': { ...item, verifying: 'holds', ...watched } },
  });
  const asked: (readonly string[])[] = [];
  const step = verify({
    configuration: verifying(settings),
    services: { describe: async () => serviceOn(ours, service) },
    rollouts: { describe: async () => seen, find: async () => seen, newestServiceRevision: async () => 'revision of ours' },
    stoppedTasks: { of: async () => ({ tasks: [...stopped], readCount: stopped.length, isComplete: true }), describe: async () => [] },
    logs: { tail: async () => [] },
    alarms: {
      describe: async (names) => {
        asked.push(names);
        return new Map(alarms.map((alarm) => [alarm.name, alarm]));
      },
    },
    executions: { isRunning: async (one) => !ended.includes(one) },
    ...table,
  });
  const input: VerifyInput = {
    ...waiting({ execution, deadline: baked, seconds: 300 }),
    probe: { outcome: '', seen: '' },
    invocation: { status: '', answer: '' },
  };
  return {
    table,
    /** The names of the alarms that were read. */
    asked,
    saved: async () => (await table.record(name))?.verification,
    look: (now = inBake, changes: Partial<VerifyInput> = {}) => step({ ...input, now, ...changes }),
  };
};
