import { isNamed } from '../../aws/sdk-errors.js';
import { locationOf } from '../../core/notification/console-link.js';
import { secondsBetween } from '../../core/notification/seconds-between.js';
import type { DeploymentView } from '../../core/query/answers.js';
import type { DeploymentDetail, MachineView, ServiceRow } from '../api.js';
import { deploymentHref } from '../client/routes.js';
import { deploymentDetail } from './deployment-detail.js';
import type { DetailReads } from './detail-reads.js';
import type { Stack } from './detail-stack.js';
import { logUrlOf } from './log-link.js';
import { machineView, type Step, stepsOf } from './machine-view.js';
import { notFound, orNothing } from './not-found.js';
import { Panels } from './panels.js';
import { queryRead } from './problems.js';

/** ECS forgets a stopped task after an hour (ECS API, DescribeTasks). */
const forgottenSeconds = 3600;

/** What cannot be read is a problem, and costs its panel alone. @throws PageError NOT_FOUND */
export const deploymentAnswer = async (stack: Stack, service: string, execution: string): Promise<DeploymentDetail> => {
  const { services } = await stack.live.overview();
  const row = services.find(({ id }) => id === service);
  const answer = await orNothing(stack.client.query('deployment', { deployment: execution }));
  if (answer?.deployment.service !== service) throw missing(stack, { service, execution, row, other: answer?.deployment });
  const { deployment, at } = answer;
  const panels = new Panels(at);
  const arn = `${answer.stack.machines.deployment.replace(':stateMachine:', ':execution:')}:${deployment.id}`;
  const [installation, way, ...revisions] = await Promise.all([
    panels.read(queryRead('stack'), stack.installation),
    wayOf(stack.reads, arn, at, panels),
    ...revisionsOf(deployment, stack.reads, panels),
  ]);
  const [before, after] = revisions;
  const logUrl = after && logUrlOf(locationOf(arn), after, deployment.log?.container);
  return deploymentDetail({
    at,
    deployment,
    ...(installation && { installation }),
    ...(row && { row }),
    ...way,
    ...(await tasksOf(deployment, { at, revision: after?.taskDefinitionArn, reads: stack.reads, panels })),
    samples: stack.live.samples(deployment.id),
    ...(before && { before }),
    ...(after && { after }),
    ...(logUrl !== undefined && { logUrl }),
    problems: panels.problems,
  });
};

type Sought = {
  readonly service: string;
  readonly execution: string;
  readonly row: ServiceRow | undefined;
  /** It has the name, but is of another service. */
  readonly other: DeploymentView | undefined;
};

const missing = ({ records }: Stack, { service, execution, row, other }: Sought) => {
  const known = (records.known?.rows ?? []).filter((one) => one.service === service).map(({ id }) => id);
  const ids = other ? [other.id] : [row?.current, row?.last, ...known].filter((id) => id !== undefined);
  return notFound('deployment', execution, ids, (id) => deploymentHref(other?.service ?? service, id));
};

/** What ran before it, and what it deploys. */
const revisionsOf = ({ previousRevision, revision }: DeploymentView, reads: DetailReads, panels: Panels) =>
  [previousRevision, revision].map(async (name) =>
    name === undefined ? undefined : panels.read({ of: 'diff', permission: 'ecs:DescribeTaskDefinition' }, () => reads.definition(name)),
  );

type Beside = { readonly at: string; readonly revision: string | undefined; readonly reads: DetailReads; readonly panels: Panels };

/** What ECS still knows of its tasks and its service. */
const tasksOf = async (deployment: DeploymentView, { at, revision, reads, panels }: Beside) => {
  if (!mayBeKnown(deployment, at)) return { stopped: [], events: [] };
  const { service } = deployment;
  const [stopped = [], events = []] = await Promise.all([
    panels.read({ of: 'tasks', permission: 'ecs:ListTasks, ecs:DescribeTasks' }, async () => revision && reads.stopped(service, revision)),
    panels.read({ of: 'tasks', permission: 'ecs:DescribeServices' }, () => reads.events(service)),
  ]);
  return { stopped: stopped || [], events };
};

type Way = { readonly machine: MachineView; readonly steps: readonly Step[] };

const wayOf = (reads: DetailReads, execution: string, at: string, panels: Panels): Promise<Way | undefined> =>
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
