import { isCommandError } from '../../cli/command-error.js';
import type { AnswerTo, StackClient } from '../../cli/stack-client.js';
import { deploymentHref, releaseHref, serviceHref } from '../client/routes.js';
import type { Time } from './budget.js';
import { changesOf } from './changes.js';
import { deploymentAnswer } from './deployment-answer.js';
import { type DetailReads, detailReads } from './detail-reads.js';
import type { HistoryIndex } from './history-index.js';
import { HistoryRecords } from './history-records.js';
import { rowsOf } from './history-row.js';
import { insightsOf } from './insights.js';
import type { Details, Live } from './join-source.js';
import { notFound } from './not-found.js';
import { Panels } from './panels.js';
import { Recent } from './recent.js';
import { comparedService, releaseDetail } from './release-detail.js';
import { serviceDetail } from './service-detail.js';
import type { HistoryQuery, InsightsQuery } from './source.js';

export type DetailsParts = {
  readonly client: StackClient;
  readonly live: Pick<Live, 'overview' | 'listen' | 'samples'>;
  /** Replaced in tests. */
  readonly reads?: DetailReads;
  readonly time?: Time;
};

/** Timers that do not keep a process alive which has nothing else to do. */
const machineTime: Time = {
  now: Date.now,
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** The configuration changes with a deployment of the stack. Milliseconds. */
const installationLifetime = 60_000;

/** Records that the view of one thing shows or looks through. */
const fewRecords = 20;

/** The views of one service, release or deployment, of the history and of the insights. */
export const createDetails = ({
  client,
  live,
  time = machineTime,
  reads = detailReads(client.settings, time.now),
}: DetailsParts): Details => {
  const installations = new Recent<AnswerTo<'installation'>>(installationLifetime, time.now);
  const installation = () => installations.of('', () => client.query('installation', {}));
  const records = new HistoryRecords(
    (part, limit, next) => client.query('history', { ...part, limit, ...(next !== undefined && { next }) }),
    time,
  );
  live.listen((event) => {
    if (event.type === 'record' && event.data.kind === 'release') records.releaseChanged();
  });
  const index = async (): Promise<HistoryIndex> => records.current(await installation(), await live.overview());
  const recent = async (service: string) => client.query('history', { service, limit: fewRecords });

  return {
    service: async (id) => {
      const overview = await live.overview();
      const row = overview.services.find((one) => one.id === id);
      if (!row)
        throw notFound(
          'service',
          id,
          overview.services.map((one) => one.id),
          serviceHref,
        );
      const panels = new Panels(overview.at);
      const [status, configuration, history] = await Promise.all([
        panels.read({ of: 'stack', permission: 'lambda:InvokeFunction' }, () => client.query('status', { services: [id], last: false })),
        panels.read({ of: 'stack', permission: 'lambda:InvokeFunction' }, installation),
        panels.read({ of: 'history', permission: 'lambda:InvokeFunction' }, () => recent(id)),
      ]);
      const own = status?.services.find(({ service }) => service === id);
      return serviceDetail({
        at: status?.at ?? overview.at,
        row,
        ...(own && { status: own }),
        ...(configuration && { installation: configuration }),
        history: history ? rowsOf(history).map((one) => one.row) : [],
        problems: panels.problems,
      });
    },

    release: async (repository, execution) => {
      const { services: rows, releases } = await live.overview();
      const found = await orNothing(client.query('release', { release: execution }));
      const { release, at } = found ?? {};
      if (!release || at === undefined || release.repository !== repository) {
        const others = release ? [release] : [...releases, ...(records.known?.rows ?? [])].filter((one) => one.repository === repository);
        throw notFound(
          'release',
          execution,
          others.map(({ id }) => id),
          (id) => releaseHref(release?.repository ?? repository, id),
        );
      }
      const panels = new Panels(at);
      const compared = comparedService(release);
      const [configuration, history] = await Promise.all([
        panels.read({ of: 'stack', permission: 'lambda:InvokeFunction' }, installation),
        panels.read({ of: 'history', permission: 'lambda:InvokeFunction' }, async () => compared !== undefined && recent(compared)),
      ]);
      return releaseDetail({
        at,
        release,
        ...(configuration && { installation: configuration }),
        rows,
        deployments: history && 'deployments' in history ? history.deployments : [],
        problems: panels.problems,
      });
    },

    deployment: async (service, execution) => {
      const { services } = await live.overview();
      const answer = await orNothing(client.query('deployment', { deployment: execution }));
      const row = services.find(({ id }) => id === service);
      if (answer?.deployment.service !== service) {
        const of = answer?.deployment.service ?? service;
        const known = (records.known?.rows ?? []).filter((one) => one.service === service).map(({ id }) => id);
        const others = answer ? [answer.deployment.id] : [row?.current, row?.last, ...known].filter((id) => id !== undefined);
        throw notFound('deployment', execution, others, (id) => deploymentHref(of, id));
      }
      return deploymentAnswer(answer, { reads, installation, samples: live.samples(answer.deployment.id), ...(row && { row }) });
    },

    history: async (query: HistoryQuery) => {
      const { at } = await live.overview();
      const known = await index();
      const page = () => known.page(query, at);
      await records.deepen(known, () => page().next !== undefined || known.isComplete);
      return page();
    },

    insights: async ({ months, stage, service }: InsightsQuery) => {
      const { at } = await live.overview();
      const { repositories } = await installation();
      const known = await index();
      const stageOf = (repository: string): string | undefined => {
        const stages = repositories.find((one) => one.repository === repository)?.stages ?? [];
        return (stage === 'last' ? stages.at(-1) : stages.find(({ name }) => name === stage))?.name;
      };
      const changes = changesOf(known.rows, stageOf).filter((one) => service === undefined || one.service === service);
      const names = repositories.flatMap(({ stages }) => stages.map(({ name }) => name));
      return { ...insightsOf({ at, changes, months, isComplete: known.isComplete }), stages: [...new Set(names)] };
    },
  };
};

/** Undefined for what the stack does not know. @throws what else went wrong */
const orNothing = async <Answer>(asked: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (isCommandError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
};
