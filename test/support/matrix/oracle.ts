import type { Outcome } from '../../../core/result/result.js';
import { web } from '../failing.js';
import type { Pipeline } from '../pipeline.js';
import { isMachine } from './calls.js';
import type { Situation } from './situation.js';
import { type Item, itemsOf, type Story, storiesOf, type Told } from './story.js';
import type { Trial } from './trial.js';

/** What an end may be, beside the right one, while what goes wrong goes on. Whoever comes after the verdict changes nothing of it. */
const mayEnd: Readonly<Record<string, readonly Outcome[]>> = {
  planRelease: ['FAILED'],
  // UNKNOWN where nobody could be made to go on with what another one began.
  openDeployment: ['FAILED', 'UNKNOWN'],
  acquireLease: ['FAILED'],
  registerRevision: ['FAILED'],
  updateService: ['FAILED', 'ROLLED_BACK'],
  checkRollout: ['UNKNOWN'],
  rollBack: ['UNKNOWN', 'ROLLBACK_FAILED'],
  judgeStage: ['UNKNOWN'],
  releaseMachine: ['FAILED', 'UNKNOWN'],
  deploymentMachine: ['FAILED', 'UNKNOWN', 'ROLLED_BACK', 'ROLLBACK_FAILED'],
};

/** The end of a deployment that cannot be recorded is not known to its release. */
const ofReleases: typeof mayEnd = { ...mayEnd, closeDeployment: ['UNKNOWN'] };

/** Calls that only add words to a message, unless a situation says otherwise: that they fail changes no end. */
const words: readonly string[] = [
  'planRelease ecr.GetDownloadUrlForLayer',
  'openDeployment ecr.GetDownloadUrlForLayer',
  'registerRevision ecr.BatchGetImage',
  'checkRollout ecs.ListTasks',
  'checkRollout ecs.DescribeTasks',
  'checkRollout logs.GetLogEvents',
];

const allowed = ({ isInAnyOrder, ends, decisive = [] }: Situation, right: Outcome, { release }: Story, trial: Trial | undefined) => {
  const well = isInAnyOrder ? ends : [right];
  if (trial === undefined || trial.lasting === 'once') return well;
  const call = `${trial.function} ${trial.call}`;
  if (words.includes(call) && !decisive.includes(call)) return well;
  return [...well, ...((release ? ofReleases : mayEnd)[trial.function] ?? [])];
};

const updates = ({ account }: Pipeline, by: string) =>
  account.log.of('ecs', 'service-updated').filter(({ detail }) => String(detail.by).includes(by));

/** Is what was said of the service true of what it ran when it was said? Undefined: nothing was claimed. */
const lie = (pipeline: Pipeline, { deployment }: Story, { time, outcome, running, revision }: Omit<Told, 'id'>): string | undefined => {
  const digest = deployment?.image?.digest ?? 'none';
  const ran = `it ran ${running.join(' and ')} of ${revision}`;
  const isTouched = updates(pipeline, '').some(({ detail }) => detail.taskDefinition === deployment?.revision);
  // What was proved may be told late, when somebody newer has the service already.
  const newest = updates(pipeline, '').findLast((one) => one.time <= time);
  const isPassedOver = String(newest?.detail.by).includes('UpdateServiceRole') && newest?.detail.taskDefinition !== deployment?.revision;
  if (outcome === 'SUCCEEDED' && isPassedOver && deployment?.result?.outcome === 'SUCCEEDED') return undefined;
  if (outcome === 'SUCCEEDED' && !(running.length === 1 && running[0] === digest)) return `SUCCEEDED of ${digest}, but ${ran}`;
  if (outcome === 'ROLLED_BACK' && (running.includes(digest) || revision !== deployment?.base)) return `ROLLED_BACK, but ${ran}`;
  if ((outcome === 'FAILED' || outcome === 'SKIPPED') && deployment?.revision && isTouched)
    return `${outcome}, but the service was updated`;
  if ((outcome === 'UNKNOWN' || outcome === 'ROLLBACK_FAILED') && !isTouched) return `${outcome}, but the service was never updated`;
  return undefined;
};

type Counted = { readonly taskDefinition: unknown; readonly by: string };

/** An update forward of each deployment, and one back: no more, whatever was repeated, and none to anything else. */
const wrongUpdates = (pipeline: Pipeline, items: readonly Item[]): string[] => {
  const made = updates(pipeline, '').map(({ detail }): Counted => ({ taskDefinition: detail.taskDefinition, by: String(detail.by) }));
  const records = items.filter(({ sk }) => sk.startsWith('deployment#'));
  const forward = made.filter(({ by }) => by.includes('UpdateServiceRole')).map(({ taskDefinition }) => taskDefinition);
  const back = made.filter(({ by }) => by.includes('RollBackRole')).map(({ taskDefinition }) => taskDefinition);
  return [
    ...forward.filter((one, index) => forward.indexOf(one) !== index).map((one) => `${one} was rolled out twice`),
    ...forward.filter((one) => !records.some(({ revision }) => revision === one)).map((one) => `${one} was rolled out, which is nobody's`),
    ...back.filter((one, index) => back.indexOf(one) !== index).map((one) => `it was taken back to ${one} twice`),
    ...back.filter((one) => !records.some(({ base }) => base === one)).map((one) => `it was taken back to ${one}, where nobody came from`),
  ];
};

/** What one story is wrong in. */
const wrongIn = (
  pipeline: Pipeline,
  situation: Situation,
  trial: Trial | undefined,
  { story, index, told }: { readonly story: Story; readonly index: number; readonly told: readonly Told[] },
): string[] => {
  const { before, ends } = situation;
  const { execution, ids, deployment, release } = story;
  const own = told.filter(({ id }) => ids.includes(id));
  const [first, ...others] = own;
  const record = release ?? deployment;
  if (!first) return [`was never told; its record says ${record?.result?.outcome}`];
  const all = own.map(({ outcome }) => outcome);

  // A release that could not wait for its deployment says so; then that tells how it ended by itself.
  const isLeftOpen = release !== undefined && first.id === execution.arn && first.outcome === 'UNKNOWN' && others.length === 1;
  const isRepeated = others.some(({ id }) => id === first.id);
  const isTwofold = others.some(({ id }) => id !== first.id) && !isLeftOpen;
  const mayRepeat = trial?.losesAnswers && (trial.lasting !== 'once' || own.length === 2);
  const right = [...before, ...ends][index];
  const may = right === undefined ? undefined : index < before.length ? [right] : allowed(situation, right, story, trial);
  // An execution that can invoke nothing does not know what the sweep finds out.
  const isBlind = execution.status === 'ABORTED' || isMachine(trial?.function ?? '');
  const said = execution.error ?? (execution.output as { readonly outcome?: string } | undefined)?.outcome;
  return [
    ...own.flatMap((one) => lie(pipeline, story, one) ?? []).map((found) => `was told ${found}`),
    ...(isRepeated && !mayRepeat ? [`was told ${own.length} times: ${all}`] : []),
    ...(isTwofold ? [`was told under ${new Set(own.map(({ id }) => id)).size} ids: ${all}`] : []),
    ...(may && !may.includes(first.outcome) ? [`was told ${first.outcome}; expected ${may.join(' or ')}`] : []),
    ...(may || story.isByReconciler ? [] : ['was started, nobody knows why']),
    ...(record?.result !== undefined && record.result.outcome !== first.outcome
      ? [`was told ${first.outcome}, and recorded ${record.result.outcome}`]
      : []),
    ...(!isBlind && said !== first.outcome ? [`was told ${first.outcome}, and its execution ended ${said}`] : []),
  ];
};

/** What is wrong after it all: nothing, if Slipway keeps its word. */
export const wrongs = async (
  pipeline: Pipeline,
  situation: Situation,
  trial: Trial | undefined,
  told: readonly Told[],
): Promise<string[]> => {
  const { before, ends } = situation;
  const items = await itemsOf(pipeline);
  const stories = storiesOf(pipeline, items);
  const number = before.length + ends.length;
  const running = pipeline.running(web);
  const still = pipeline.account.services.states.executions().filter(({ status }) => status === 'RUNNING');

  // Nothing has moved the service since the last of those that touched it was told.
  const last = stories.findLast(({ deployment }) => deployment?.touched !== undefined);
  const end = told.findLast(({ id }) => last?.ids.includes(id));
  const now = { running, time: pipeline.account.clock.now, revision: pipeline.service(web)?.taskDefinition ?? '' };
  const since = last && end && lie(pipeline, last, { ...now, outcome: end.outcome });

  return [
    ...stories.flatMap((story, index) =>
      wrongIn(pipeline, situation, trial, { story, index, told }).map(
        (wrong) => `${index + 1}. (${story.execution.arn.split(':').at(-2)}) ${wrong}`,
      ),
    ),
    ...(stories.length < number ? [`${stories.length} were started; expected ${number}`] : []),
    ...(since ? [`in the end ${since}`] : []),
    ...wrongUpdates(pipeline, items),
    ...(running.length === 1 ? [] : [`it runs ${running.join(' and ')}`]),
    ...still.map(({ arn }) => `${arn} is still running`),
    ...items.flatMap(({ pk, sk, open, lease, next, cancel }) => [
      ...(open === undefined ? [] : [`${pk} ${sk} is open`]),
      ...(sk.startsWith('claim#') ? [`${pk} ${sk} is claimed`] : []),
      ...(lease || next || cancel ? [`${pk} ${sk} has ${JSON.stringify({ lease, next, cancel })}`] : []),
    ]),
  ];
};
