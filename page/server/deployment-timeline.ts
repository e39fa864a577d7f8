import type { DeploymentView } from '../../core/query/answers.js';
import type { MachineView, StoppedTask, TimelineEntry } from '../api.js';

const newestFirst = (one: TimelineEntry, other: TimelineEntry): number => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0);

/** How long the states of the machine took; absent for what was not entered. */
const took = (machine: MachineView | undefined, name: string): Pick<TimelineEntry, 'seconds'> => {
  const seconds = machine?.nodes.find((node) => node.name === name)?.seconds;
  return seconds === undefined ? {} : { seconds };
};

const failureOf = ({ id, stoppedAt, exitCode, container, reason, ranSeconds, zone }: StoppedTask): TimelineEntry => ({
  at: stoppedAt,
  kind: 'taskFailed',
  title: `Task ${id.slice(0, 8)}`,
  detail: exitCode === undefined ? (reason ?? 'failed') : `exit ${exitCode}${container === undefined ? '' : ` in ${container}`}`,
  ...(zone !== undefined && { from: zone }),
  ...(ranSeconds !== undefined && { seconds: ranSeconds }),
});

const endOf = ({ endedAt, result }: DeploymentView, machine: MachineView | undefined): TimelineEntry[] =>
  endedAt === undefined || !result
    ? []
    : [
        {
          at: endedAt,
          kind: result.outcome === 'SUCCEEDED' ? 'succeeded' : 'failed',
          title: 'CloseDeployment',
          detail: `${result.outcome}, ${result.reason}`,
          ...took(machine, 'CloseDeployment'),
        },
      ];

/** What happened to a deployment, the newest first: its steps, its failed tasks, its rollback and its end. */
export const deploymentTimeline = (
  deployment: DeploymentView,
  machine: MachineView | undefined,
  stopped: readonly StoppedTask[],
): TimelineEntry[] => {
  const { startedAt, updateRequestedAt, rollback, verification, revision, trigger } = deployment;
  const entries: TimelineEntry[] = [
    { at: startedAt, kind: 'started', title: 'OpenDeployment', detail: trigger.by ?? trigger.kind, ...took(machine, 'OpenDeployment') },
    ...(updateRequestedAt === undefined
      ? []
      : [
          {
            at: updateRequestedAt,
            kind: 'update' as const,
            title: 'UpdateService',
            ...(revision !== undefined && { detail: revision }),
            ...took(machine, 'UpdateService'),
          },
        ]),
    ...stopped.map(failureOf),
    ...(verification ? [{ at: verification.since, kind: 'step' as const, title: 'Verify', ...took(machine, 'Verify') }] : []),
    ...(rollback
      ? [{ at: rollback.since, kind: 'rollback' as const, title: 'RollBack', detail: rollback.message, ...took(machine, 'RollBack') }]
      : []),
    ...endOf(deployment, machine),
  ];
  // Entries of one moment stay in the order in which they happened, the last one first.
  return entries.reverse().sort(newestFirst);
};
