import type { Finding } from '../../core/doctor/finding.js';
import type { PushedImage } from '../../core/housekeeping/reconcile.js';
import type { Sample } from '../api.js';
import { historyHref } from '../client/routes.js';
import { commandError } from './command-errors.js';
import { newestImages } from './images.js';
import { notFound } from './not-found.js';
import type { Source } from './source.js';

/**
 * What is known of the stack and kept up to date; `refresh` reads at once, and once for calls close together. `samples` are those of a
 * deployment, by the name of its execution, while a page watched: the oldest first.
 */
export type Live = Pick<Source, 'overview' | 'listen' | 'connect' | 'close'> & {
  readonly refresh: () => void;
  readonly samples: (execution: string) => readonly Sample[];
};

/** What a view of one thing, or of the past, reads when it is opened. */
export type Details = Pick<Source, 'service' | 'release' | 'deployment' | 'history' | 'insights'>;

/** A source that can be asked to read at once, such as after an event of the emulator. */
export type LiveSource = Source & Pick<Live, 'refresh'>;

export type Parts = {
  readonly live: Live;
  readonly details: Details;
  readonly commands: Pick<Source, 'preview' | 'run'>;
  /** The names of configured repositories. */
  readonly repositories: () => Promise<readonly string[]>;
  /** Every tagged image of a repository, in no order. */
  readonly imagesOf: (repository: string) => Promise<readonly PushedImage[]>;
  readonly diagnose: () => Promise<readonly Finding[]>;
};

/** How long findings are good for: a diagnosis makes hundreds of requests. Milliseconds. */
const diagnosisLifetime = 300_000;

/**
 * One source of its parts. Errors of the stack's client are answered by their code; a command is followed by a read; pages that ask for
 * a diagnosis share one. `now` is in milliseconds.
 */
export const joinSource = ({ live, details, commands, repositories, imagesOf, diagnose }: Parts, now: () => number): LiveSource => ({
  overview: explainedWith(live.overview),
  listen: live.listen,
  connect: live.connect,
  close: live.close,
  refresh: live.refresh,
  service: explainedWith(details.service),
  release: explainedWith(details.release),
  deployment: explainedWith(details.deployment),
  history: explainedWith(details.history),
  insights: explainedWith(details.insights),
  images: explainedWith(async (repository) => {
    const configured = await repositories();
    if (!configured.includes(repository)) throw notFound('repository', repository, configured, (name) => historyHref({ repository: name }));
    return { images: newestImages(await imagesOf(repository)) };
  }),
  doctor: explainedWith(shared(async () => (await diagnose()).map(shownFinding), now)),
  preview: explainedWith(commands.preview),
  run: explainedWith(async (command, key) => {
    try {
      return await commands.run(command, key);
    } finally {
      // What was refused may have changed meanwhile, too.
      live.refresh();
    }
  }),
});

const explainedWith =
  <Args extends readonly unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
  async (...args: Args): Promise<Answer> => {
    try {
      return await ask(...args);
    } catch (error) {
      throw commandError(error);
    }
  };

/** Calls that come while one is under way, or soon after it, get its answer. A failure is not kept. */
const shared = <Answer>(ask: () => Promise<Answer>, now: () => number): (() => Promise<Answer>) => {
  let known: { readonly answer: Promise<Answer>; readonly until: number } | undefined;
  return () => {
    if (known && now() < known.until) return known.answer;
    const answer = ask();
    known = { answer, until: now() + diagnosisLifetime };
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
};

const shownFinding = ({ severity, message, toDo, command }: Finding) => ({
  severity,
  message,
  toDo,
  ...(command !== undefined && { command }),
});
