import type { AnswerTo } from '../../cli/stack-client.js';
import type { Insights } from '../api.js';
import { Budget, machineTime } from './budget.js';
import { changesOf } from './changes.js';
import { deploymentAnswer } from './deployment-answer.js';
import { detailReads } from './detail-reads.js';
import type { Stack } from './detail-stack.js';
import { HistoryRecords } from './history-records.js';
import { insightsOf } from './insights.js';
import type { Details } from './join-source.js';
import { problemOf, queryRead } from './problems.js';
import { Recent } from './recent.js';
import { releaseAnswer } from './release-answer.js';
import { serviceAnswer } from './service-answer.js';
import type { HistoryQuery, InsightsQuery } from './source.js';

type DetailsParts = Pick<Stack, 'client' | 'live'> & Partial<Pick<Stack, 'time' | 'reads'>> & { readonly budget?: Budget };

/** The configuration changes with a deployment of the stack. Milliseconds. */
const installationLifetime = 60_000;

/** The views of one service, release or deployment, of the history and of the insights. */
export const createDetails = ({
  client,
  live,
  time = machineTime,
  budget = new Budget(time),
  reads = detailReads(client.settings, time.now, budget),
}: DetailsParts): Details => {
  const installations = new Recent<AnswerTo<'installation'>>(installationLifetime, time.now);
  const records = new HistoryRecords(
    (part, limit, next) => client.query('history', { ...part, limit, ...(next !== undefined && { next }) }),
    time,
  );
  live.listen((event) => {
    if (event.type === 'record' && event.data.kind === 'release') records.releaseChanged();
  });
  const stack: Stack = {
    client,
    live,
    time,
    reads,
    records,
    installation: () => installations.of('', () => client.query('installation', {})),
  };
  return {
    service: (id) => serviceAnswer(stack, id),
    release: (repository, execution) => releaseAnswer(stack, repository, execution),
    deployment: (service, execution) => deploymentAnswer(stack, service, execution),
    history: (query) => historyAnswer(stack, query),
    insights: (query) => insightsAnswer(stack, query),
  };
};

/** With the newest records; what could not be read is a problem, and the answer is of the others. */
const currentRecords = async ({ records, installation, live }: Stack) => {
  const [overview, { repositories }] = await Promise.all([live.overview(), installation()]);
  const { index, error } = await records.current(repositories, overview);
  const problems = error === undefined ? [] : [problemOf(error, queryRead('history'), { since: overview.at })];
  return { at: overview.at, repositories, index, problems };
};

const historyAnswer = async (stack: Stack, query: HistoryQuery) => {
  const { at, index, problems } = await currentRecords(stack);
  const page = () => index.page(query, at);
  if (problems.length === 0) await stack.records.deepen(index, () => index.isComplete || page().next !== undefined);
  return { ...page(), problems };
};

const insightsAnswer = async (stack: Stack, { months, stage, service }: InsightsQuery): Promise<Insights> => {
  const { at, index, repositories, problems } = await currentRecords(stack);
  const stageOf = (repository: string): string | undefined => {
    const stages = repositories.find((one) => one.repository === repository)?.stages ?? [];
    return (stage === 'last' ? stages.at(-1) : stages.find(({ name }) => name === stage))?.name;
  };
  const changes = changesOf(index.rows, stageOf).filter((one) => service === undefined || one.service === service);
  const names = repositories.flatMap(({ stages }) => stages.map(({ name }) => name));
  return { ...insightsOf({ at, changes, months, isComplete: index.isComplete }), stages: [...new Set(names)], problems };
};
