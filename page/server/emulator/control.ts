import { createHash } from 'node:crypto';
import { exampleTag, firstBuild, push } from '../../../cli/example.js';
import type { LocalStack } from '../../../cli/local-stack.js';
import type { Repository } from '../../../core/configuration/configuration.js';
import type { LogEntry } from '../../../emulator/event-log.js';
import type { Injected } from '../../../emulator/faults.js';
import { fastest, type RealTime } from '../../../emulator/real-time.js';
import type { EmulatorFault, EmulatorState, InjectFault, LogLine, PushImage, SetClock } from '../../api.js';
import { PageError } from '../page-error.js';
import type { EmulatorControl } from '../source.js';
import { isListed, lineOf } from './log-line.js';

const shownLines = 200;
const dayMs = 86_400_000;

/** Builds that a free tag is looked for in. */
const buildsAtMost = 10_000;

/** Milliseconds until a reset begins: its request is answered before the connections of the page are closed. */
const untilRestart = 100;

/** Milliseconds: lines that arrive within them are sent together. */
const together = 50;

type Listener = Parameters<EmulatorControl['listen']>[0];

type Fault = Injected & Pick<InjectFault, 'kind'> & { readonly of: number };

type Options = {
  readonly stack: LocalStack;
  /** Of the clock, at first. */
  readonly speed: number;
  /** Ends the stack and its page, and starts both anew. */
  readonly restart: () => void;
};

/** What the page does with the emulator beside it: images, the clock, faults, the event log, a new account. Time passes until `close`. */
export const createEmulatorControl = ({ stack, speed, restart }: Options): EmulatorControl & { readonly close: () => Promise<void> } => {
  const time = stack.realTime(speed);
  const begun = stack.emulator.account.clock.now;
  const listeners = new Set<Listener>();
  let faults: Fault[] = [];
  let fresh: LogLine[] = [];
  const publish = (change: Parameters<Listener>[0]) => {
    for (const listener of listeners) listener(change);
  };
  const state = () => stateOf({ stack, time }, faults, begun);
  const changed = () => publish({ state: { ...state(), log: [] } });
  let flushing: NodeJS.Timeout | undefined;
  const flush = () => {
    flushing = undefined;
    publish({ log: fresh });
    fresh = [];
    changed();
  };
  const endLog = stack.listen((entry) => {
    if (!isListed(entry)) return;
    fresh = [lineOf(entry, stack.emulator.account.log.entries.length), ...fresh].slice(0, shownLines);
    flushing ??= setTimeout(flush, together);
  });
  const removeFault = (kind: EmulatorFault) => {
    for (const fault of faults) if (fault.kind === kind) fault.end();
    faults = faults.filter((fault) => fault.kind !== kind);
    changed();
  };
  return {
    state,
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    push: (image) => pushTo(stack, image),
    setClock: async (change) => {
      await setClock({ stack, time }, change);
      changed();
    },
    inject: (fault) => {
      removeFault(fault.kind);
      faults = [...faults, inject(stack, fault)];
      changed();
    },
    removeFault,
    reset: async () => void setTimeout(restart, untilRestart),
    close: async () => {
      clearTimeout(flushing);
      endLog();
      await time.stop();
    },
  };
};

type Running = { readonly stack: LocalStack; readonly time: RealTime };

const stateOf = ({ stack, time }: Running, faults: readonly Fault[], begun: number): EmulatorState => {
  const { clock, log } = stack.emulator.account;
  return {
    url: stack.url,
    clock: { now: clock.date().toISOString(), speed: time.speed },
    day: Math.floor(clock.now / dayMs) - Math.floor(begun / dayMs) + 1,
    repositories: Object.values(stack.configuration.repositories).map((repository) => ({
      name: repository.name,
      nextTag: nextTag(stack, repository),
    })),
    faults: faults.flatMap(({ kind, left, of }) => (left() > 0 ? { kind, left: left(), of } : [])),
    events: log.entries.length,
    log: newestLines(log.entries),
  };
};

const newestLines = (entries: readonly LogEntry[]): LogLine[] => {
  const lines: LogLine[] = [];
  for (let index = entries.length - 1; index >= 0 && lines.length < shownLines; index--) {
    const entry = entries[index];
    if (entry && isListed(entry)) lines.push(lineOf(entry, index + 1));
  }
  return lines;
};

/** The first tag of the policy that was not pushed yet; of a policy of exact tags the same again. */
const nextTag = ({ emulator }: LocalStack, repository: Repository): string => {
  const pushed = new Set(
    emulator.account.log.of('ecr', 'image-pushed').flatMap(({ detail }) => (detail.repository === repository.name ? [detail.tag] : [])),
  );
  const first = exampleTag(repository, firstBuild + 1);
  for (let build = firstBuild + 1; build < buildsAtMost; build++) {
    const tag = exampleTag(repository, build);
    if (!pushed.has(tag)) return tag;
    if (build > firstBuild + 1 && tag === first) break;
  }
  return first;
};

/** Its revision looks like a commit, and differs from push to push: so does the digest. */
const pushTo = async ({ emulator, configuration }: LocalStack, { repository, tag, behaviour }: PushImage) => {
  const names = Object.values(configuration.repositories).map(({ name }) => name);
  if (!names.includes(repository)) {
    const message = `repository: expected one of ${names.join(', ')}, and not ${JSON.stringify(repository)}`;
    throw new PageError(422, { reason: 'INVALID_INPUT', message });
  }
  const { log } = emulator.account;
  const revision = createHash('sha1').update(`${repository}:${tag} ${log.entries.length}`).digest('hex');
  try {
    return { digest: await push(emulator, tag, behaviour, revision, repository) };
  } catch (error) {
    if (error instanceof Error && '$metadata' in error)
      throw new PageError(409, { reason: 'CONFLICT', message: `ECR refuses the image: ${error.message}` });
    throw error;
  }
};

const setClock = async ({ stack, time }: Running, change: SetClock): Promise<void> => {
  if ('speed' in change) {
    time.speed = change.speed === 'max' ? fastest : change.speed;
    return;
  }
  const { log } = stack.emulator.account;
  let seen = log.entries.length;
  await time.step(() => {
    const entries = log.entries.slice(seen);
    seen = log.entries.length;
    return entries.some((entry) => !isListed(entry));
  });
};

/** Faults of Slipway's roles: the page's own reads, and those of the AWS CLI, go on. */
const inject = ({ emulator }: LocalStack, { kind, times }: InjectFault): Fault => {
  const { faults } = emulator.account;
  const injected: Readonly<Record<EmulatorFault, () => Injected>> = {
    throttleEcs: () => faults.inject({ on: 'ecs.*', by: ':role/', kind: 'throttled', times }),
    loseNextEvent: () => faults.injectDelivery({ kind: 'lost', exceptDetailType: 'Scheduled Event', times }),
  };
  return { kind, of: times, ...injected[kind]() };
};
