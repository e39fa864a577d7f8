import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';
import type { ApiError, Overview } from '../api.js';
import type { Asset } from '../build.js';
import { routeOf } from '../client/routes.js';
import type { EventHub, NumberedEvent } from './events.js';
import { documentOf } from './html.js';
import { PageError } from './page-error.js';
import { readClock, readCommand, readFault, readHistoryQuery, readInsightsQuery, readKey, readPush } from './requests.js';
import { ofThisOrigin, secureHeaders } from './security.js';
import type { Sessions } from './session.js';
import type { EmulatorControl, Source, Watched } from './source.js';

export type AppOptions = {
  readonly source: Source;
  readonly hub: EventHub;
  readonly sessions: Sessions;
  readonly assets: readonly Asset[];
  /** Present on the emulator, where a session needs no token: the account is made up, and its endpoint beside the page is open, too. */
  readonly emulator?: EmulatorControl;
  /** `http://127.0.0.1:4567`; known once the server listens. */
  readonly origin: () => string;
  /** How to open the page again, a command line. */
  readonly command: string;
  /** Gets errors of which the client is answered nothing but that they happened. */
  readonly report: (error: unknown) => void;
};

const types: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

/** Bytes of a request's body. */
const maxBody = 64 * 1024;

/** Milliseconds between two comments that keep an event stream open. */
const keepAlive = 15_000;

/** Events that a slow client may be behind: then its stream ends, and it connects again. */
const maxBehind = 2000;

/** The page's HTTP interface. */
export const createApp = (options: AppOptions): Hono => {
  const { source, emulator, assets, origin, report } = options;
  const app = new Hono();
  const cookieName = (): string => `slipway-${new URL(origin()).port}`;
  const hasSession = (context: Context): boolean => options.sessions.has(getCookie(context, cookieName()));

  app.use(secureHeaders);
  app.use(ofThisOrigin(origin));
  app.use(
    bodyLimit({
      maxSize: maxBody,
      onError: (context) => context.json(refusal('INVALID_INPUT', `the body is larger than ${maxBody} bytes`), 413),
    }),
  );
  app.onError((error, context) => {
    if (error instanceof PageError) return context.json(error.error, error.status);
    report(error);
    return context.json(refusal('INTERNAL', 'The page’s server failed. Its process printed why.'), 500);
  });

  app.post('/session', async (context) => {
    const token = memberOf(await bodyOf(context), 'token');
    const session = emulator ? options.sessions.open() : options.sessions.exchange(typeof token === 'string' ? token : '');
    if (session === undefined)
      return context.json(refusal('TOKEN_REFUSED', `This address was used, or is older than a minute. Run ${options.command} again.`), 401);
    setCookie(context, cookieName(), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.json({}, 200);
  });

  app.use('/api/*', async (context, next) => {
    if (!hasSession(context))
      throw new PageError(401, {
        reason: 'NO_SESSION',
        message: `The page has no session with this server. Run ${options.command} again.`,
      });
    await next();
  });
  addReads(app, source);
  addEvents(app, options);
  app.post('/api/commands', async (context) => {
    const key = readKey(context.req.header('Idempotency-Key'));
    return context.json(await source.run(readCommand(await bodyOf(context)), key), 202);
  });
  if (emulator) addEmulator(app, emulator);
  app.all('/api/*', ({ req }) => {
    throw new PageError(404, { reason: 'NOT_FOUND', message: `There is no ${req.method} ${req.path}.` });
  });

  for (const { name, contents } of assets)
    app.get(`/${name}`, (context) =>
      context.body(contents as Uint8Array<ArrayBuffer>, 200, { 'Content-Type': types[name.split('.').at(-1) ?? ''] ?? 'text/plain' }),
    );
  app.get('*', async (context) => {
    const isKnown = context.req.path === '/' || routeOf(context.req.path).view !== 'unknown';
    return context.html(
      documentOf({ first: hasSession(context) ? await firstData(source) : undefined, isEmulator: emulator !== undefined }),
      isKnown ? 200 : 404,
    );
  });
  return app;
};

const refusal = (reason: ApiError['reason'], message: string): ApiError => ({ reason, message });

/** What the stack does not answer within half a second is not waited for: the page then shows what it waits for. */
const firstData = async (source: Source): Promise<Overview | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, 500, undefined);
  });
  const overview = source.overview().catch(() => undefined);
  return Promise.race([overview, late]).finally(() => clearTimeout(timer));
};

/** @throws PageError INVALID_INPUT */
const bodyOf = async ({ req }: Context): Promise<unknown> => {
  try {
    return await req.json();
  } catch {
    throw new PageError(422, refusal('INVALID_INPUT', 'the body is not JSON'));
  }
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const addReads = (app: Hono, source: Source): void => {
  app.get('/api/overview', async (context) => context.json(await source.overview()));
  app.get('/api/services/:cluster/:name', async (context) => {
    const { cluster, name } = context.req.param();
    return context.json(await source.service(`${cluster}/${name}`));
  });
  app.get('/api/releases/:repository{.+}/:execution', async (context) => {
    const { repository, execution } = context.req.param();
    return context.json(await source.release(repository, execution));
  });
  app.get('/api/deployments/:cluster/:name/:execution', async (context) => {
    const { cluster, name, execution } = context.req.param();
    return context.json(await source.deployment(`${cluster}/${name}`, execution));
  });
  app.get('/api/history', async (context) => context.json(await source.history(readHistoryQuery(context.req.query()))));
  app.get('/api/insights', async (context) => context.json(await source.insights(readInsightsQuery(context.req.query()))));
  app.get('/api/doctor', async (context) => context.json({ findings: await source.doctor() }));
  app.get('/api/images', async (context) => {
    const { repository = '' } = context.req.query();
    if (repository === '') throw new PageError(422, refusal('INVALID_INPUT', 'repository: expected the name of a repository'));
    return context.json(await source.images(repository));
  });
  app.get('/api/preview', async (context) => {
    const { force, holdAfterwards, ...texts } = context.req.query();
    const flags = { ...(force === 'true' && { force: true }), ...(holdAfterwards === 'true' && { holdAfterwards: true }) };
    return context.json(await source.preview(readCommand({ ...texts, ...flags })));
  });
};

const addEmulator = (app: Hono, emulator: EmulatorControl): void => {
  app.get('/api/emulator', (context) => context.json(emulator.state()));
  app.post('/api/emulator/images', async (context) => context.json(await emulator.push(readPush(await bodyOf(context))), 202));
  app.post('/api/emulator/clock', async (context) => {
    await emulator.setClock(readClock(await bodyOf(context)));
    return context.json(emulator.state(), 202);
  });
  app.post('/api/emulator/faults', async (context) => {
    const fault = readFault(await bodyOf(context));
    if (fault.times === 0) emulator.removeFault(fault.kind);
    else emulator.inject(fault);
    return context.json(emulator.state(), 202);
  });
  app.post('/api/emulator/reset', async (context) => {
    await emulator.reset();
    return context.json(emulator.state(), 202);
  });
};

/** What the view of a connected page is kept up to date with; undefined for one that needs only the overview. */
const watchedIn = (view: string | undefined): Watched | undefined => {
  const route = view === undefined ? undefined : routeOf(view);
  switch (route?.view) {
    case 'service':
      return { view: 'service', id: `${route.cluster}/${route.name}` };
    case 'release':
      return { view: 'release', repository: route.repository, id: route.execution };
    case 'deployment':
      return { view: 'deployment', service: `${route.cluster}/${route.name}`, id: route.execution };
    default:
      return undefined;
  }
};

const addEvents = (app: Hono, { source, hub, report }: AppOptions): void => {
  app.get('/api/events', (context) =>
    streamSSE(
      context,
      async (stream) => {
        const disconnect = source.connect(watchedIn(context.req.query('view')));
        let queue: NumberedEvent[] = [];
        let wake = (): void => undefined;
        const silence = hub.listen((event) => {
          queue.push(event);
          wake();
        });
        stream.onAbort(() => wake());
        try {
          const missed = hub.since(context.req.header('Last-Event-ID') ?? context.req.query('after') ?? '');
          if (missed) queue = [...missed];
          else {
            const { lastId } = hub;
            queue.unshift({ id: lastId, type: 'snapshot', data: await source.overview() });
          }
          while (!stream.aborted && !stream.closed && queue.length <= maxBehind) {
            for (const { id, type, data } of queue.splice(0)) await stream.writeSSE({ id, event: type, data: JSON.stringify(data) });
            const isQuiet = await quiet((resolve) => {
              wake = resolve;
            }, queue);
            if (isQuiet) await stream.write(': \n\n');
          }
        } finally {
          silence();
          disconnect();
        }
      },
      async (error) => report(error),
    ),
  );
};

/** Waits for an event. Answers whether there was none for so long that a comment is due. */
const quiet = async (wakeWith: (wake: () => void) => void, queue: readonly unknown[]): Promise<boolean> => {
  if (queue.length > 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const isQuiet = await new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, keepAlive, true).unref();
    wakeWith(() => resolve(false));
  });
  clearTimeout(timer);
  return isQuiet;
};
