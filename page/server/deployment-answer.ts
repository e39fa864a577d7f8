import { isNamed } from '../../aws/sdk-errors.js';
import type { AnswerTo } from '../../cli/stack-client.js';
import { locationOf } from '../../core/notification/console-link.js';
import { secondsBetween } from '../../core/notification/seconds-between.js';
import type { DeploymentView, InstallationAnswer } from '../../core/query/answers.js';
import type { DeploymentDetail, MachineView, Sample, ServiceRow } from '../api.js';
import { deploymentDetail } from './deployment-detail.js';
import type { DetailReads } from './detail-reads.js';
import { logUrlOf } from './log-link.js';
import { machineView, type Step, stepsOf } from './machine-view.js';
import { Panels } from './panels.js';

export type DeploymentReads = {
  readonly reads: DetailReads;
  readonly installation: () => Promise<InstallationAnswer>;
  readonly samples: readonly Sample[];
  readonly row?: ServiceRow;
};

/** ECS forgets a stopped task after an hour (ECS API, DescribeTasks). */
const forgottenSeconds = 3600;

/** The detail of a deployment that the stack knows. What cannot be read is a problem, and costs its panel alone. */
export const deploymentAnswer = async (
  { deployment, stack, at }: AnswerTo<'deployment'>,
  { reads, installation, samples, row }: DeploymentReads,
): Promise<DeploymentDetail> => {
  const panels = new Panels(at);
  const execution = `${stack.machines.deployment.replace(':stateMachine:', ':execution:')}:${deployment.id}`;
  const definition = (name: string | undefined) =>
    panels.read({ of: 'diff', permission: 'ecs:DescribeTaskDefinition' }, async () => name && reads.definition(name));
  const [configuration, machine, before, after] = await Promise.all([
    panels.read({ of: 'stack', permission: 'lambda:InvokeFunction' }, installation),
    machineOf(reads, execution, at, panels),
    definition(deployment.previousRevision),
    definition(deployment.revision),
  ]);
  const revision = after ? after.taskDefinitionArn : undefined;
  const stopped =
    revision !== undefined && mayBeKnown(deployment, at)
      ? await panels.read({ of: 'tasks', permission: 'ecs:ListTasks, ecs:DescribeTasks' }, () =>
          reads.stopped(deployment.service, revision),
        )
      : undefined;
  const events = mayBeKnown(deployment, at)
    ? await panels.read({ of: 'tasks', permission: 'ecs:DescribeServices' }, () => reads.events(deployment.service))
    : undefined;
  const logUrl = after ? logUrlOf(locationOf(execution), after, deployment.log?.container) : undefined;
  return deploymentDetail({
    at,
    deployment,
    ...(configuration && { installation: configuration }),
    ...(row && { row }),
    ...machine,
    events: events ?? [],
    samples,
    stopped: stopped ?? [],
    ...(before && { before }),
    ...(after && { after }),
    ...(logUrl !== undefined && { logUrl }),
    problems: panels.problems,
  });
};

type Way = { readonly machine: MachineView; readonly steps: readonly Step[] };

const machineOf = (reads: DetailReads, execution: string, at: string, panels: Panels): Promise<Way | undefined> =>
  panels.read({ of: 'machine', permission: 'states:GetExecutionHistory, states:DescribeStateMachineForExecution' }, async () => {
    try {
      const path = await reads.path(execution);
      return { machine: machineView(path, at), steps: stepsOf(path, at) };
    } catch (error) {
      if (!(error instanceof Error && isNamed(error, 'ExecutionDoesNotExist'))) throw error;
      const message = 'Step Functions keeps an execution for 90 days after its end; this one is gone';
      panels.add({ of: 'machine', reason: 'UNREADABLE', message });
      return undefined;
    }
  });

/** Has it changed the service, and ended so recently that ECS has its stopped tasks? */
const mayBeKnown = ({ updateRequestedAt, endedAt }: DeploymentView, at: string): boolean =>
  updateRequestedAt !== undefined && (endedAt === undefined || secondsBetween(endedAt, at) < forgottenSeconds);
