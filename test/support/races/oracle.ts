import type { Race } from './race.js';

/** A push as its event tells it, and when that arrives; one that is lost never does. */
export type PushEvent = { readonly digest: string; readonly at: number; readonly heardAt: number; readonly works: boolean };

/** One UpdateService: ours, forward or back, or a person's in the console. A digest is empty where the image is named by tag: the first one. */
export type Update = {
  readonly at: number;
  readonly by: 'forward' | 'back' | 'person';
  readonly revision: string;
  readonly digest: string;
  /** The execution that registered the revision. */
  readonly execution: string;
};

export type Execution = {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly startTime: number;
  readonly stopTime: number | undefined;
  readonly input: unknown;
};

/** A record of the table, as far as it is looked at. */
export type Record = {
  readonly pk: string;
  readonly sk: string;
  readonly execution: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly open?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** Of a deployment that a release has started: that one's name. */
  readonly release?: string;
  readonly revision?: string;
  readonly pushedAt?: string;
  readonly trigger: { readonly kind: string };
  readonly operation?: { readonly kind: string };
  readonly image?: { readonly digest: string };
};

/** What there is to see of a race when it is over. */
export type Story = {
  readonly race: Race;
  /** What ran before it. */
  readonly first: string;
  readonly pushes: readonly PushEvent[];
  readonly updates: readonly Update[];
  readonly executions: readonly Execution[];
  readonly messages: readonly { readonly id: string; readonly outcome: string; readonly reason: string }[];
  readonly records: readonly Record[];
  /** The item that decides about the service. */
  readonly state: { readonly [name: string]: unknown };
  readonly claims: readonly string[];
  readonly running: readonly string[];
  /** Functions that failed, dead letters, bugs of the emulator. */
  readonly amiss: readonly string[];
};

/**
 * Everything that is wrong with how a race ended; nothing if nothing is. It knows of pushes, of what ECS was asked for, and of
 * what people were told, and shares no code with what it judges.
 */
export const grievances = (story: Story): string[] =>
  [atRest, toldOnce, toldTruly, oneRolloutEach, neverOlder, neverPassedOver, theNewest].flatMap((rule) => rule(story));

const short = (digest: string): string => digest.slice(7, 15);
const shortArn = (arn: string): string => arn.split(':').slice(-2).join(':');
const deploymentsIn = ({ records }: Story) => records.filter(({ sk }) => sk.startsWith('deployment#'));
const digestOf = ({ first }: Story, { digest }: Pick<Update, 'digest'>): string => digest || first;
const isGood = ({ first, pushes }: Story, digest: string): boolean =>
  digest === first || pushes.some((push) => push.digest === digest && push.works);

/** Nothing runs any more, and nobody has or waits for anything. */
const atRest = ({ executions, records, state, claims, amiss }: Story): string[] => [
  ...executions.filter(({ status }) => status === 'RUNNING').map(({ arn }) => `${shortArn(arn)} still runs`),
  ...records.filter(({ open, outcome }) => open !== undefined || outcome === undefined).map(({ sk }) => `${sk} is still open`),
  ...['lease', 'next', 'cancel', 'hold'].filter((name) => state[name] !== undefined).map((name) => `the service has a ${name} still`),
  ...claims.map((claim) => `${claim} was not given back`),
  ...amiss,
];

/** One message of every execution, of a deployment in its release's; the execution that went on with a dead one tells for it. */
const toldOnce = ({ executions, records, messages }: Story): string[] => {
  const count = (id: string): number => messages.filter((message) => message.id === id).length;
  const twice = executions.filter(({ arn }) => count(arn) > 1).map(({ arn }) => `${shortArn(arn)} was told ${count(arn)} times`);
  const silent = executions.filter(({ arn, name, status, input }) => {
    const { release, adopt } = (input ?? {}) as { release?: string; adopt?: string };
    if (release !== undefined || adopt !== undefined || count(arn) > 0) return false;
    const record = records.find(({ sk }) => sk.endsWith(`#${name}`));
    // What was aborted before it had begun leaves nothing to be told.
    if (!record) return status !== 'ABORTED';
    return count(record.execution) === 0;
  });
  const loud = records.filter(({ release, execution, endedAt = '' }) => {
    const its = records.find(({ pk, sk }) => `${pk} ${sk}` === release);
    // One that has ended before its deployment did, because that one's execution died, could not tell for it.
    return its && count(execution) > 0 && (its.endedAt ?? '') >= endedAt;
  });
  return [
    ...twice,
    ...silent.map(({ arn }) => `nobody was told of ${shortArn(arn)}`),
    ...loud.map(({ sk }) => `${sk} was told by itself and by its release`),
  ];
};

/** What the history says is what happened; and what was told is what the history says. */
const toldTruly = (story: Story): string[] => {
  const { records, messages, updates, race } = story;
  const wrong = records.flatMap(({ execution, sk, outcome, reason }) =>
    messages
      .filter(({ id }) => id === execution)
      .filter((message) => message.outcome !== outcome || message.reason !== reason)
      .map((message) => `${sk} is ${outcome} ${reason} and was told as ${message.outcome} ${message.reason}`),
  );
  const judged = deploymentsIn(story).flatMap(({ sk, revision, outcome = '', reason = '' }) => {
    const update = updates.find((one) => one.by === 'forward' && one.revision === revision);
    if (!update) return outcome === 'SUCCEEDED' || outcome === 'ROLLED_BACK' ? [`${sk} is ${outcome}, and updated nothing`] : [];
    const isOk = isGood(story, digestOf(story, update));
    if (!['SUCCEEDED', 'ROLLED_BACK', 'SUPERSEDED'].includes(outcome)) return [`${sk} updated its service and is ${outcome} ${reason}`];
    if (outcome === 'SUCCEEDED' && !isOk) return [`${sk} is SUCCEEDED with an image that never works`];
    if (outcome === 'ROLLED_BACK' && isOk && reason !== 'CANCELLED') return [`${sk} is ROLLED_BACK ${reason} with an image that works`];
    if (outcome === 'SUPERSEDED' && !updates.some(({ by, at }) => by === 'person' && at >= update.at))
      return [`${sk} is SUPERSEDED, and nobody has replaced it`];
    return [];
  });
  // A release whose deployment is aborted under its hands does not know how that ends; nothing else is to fail here.
  const isKnown = (outcome = ''): boolean => outcome === 'UNKNOWN' && race.aborts.length > 0;
  const alarming = records
    .filter(({ outcome, reason }) => outcome === 'ROLLBACK_FAILED' || outcome === 'UNKNOWN' || reason === 'AWS_ERROR')
    .filter(({ sk, outcome }) => !(sk.startsWith('release#') && isKnown(outcome)))
    .map(({ sk, outcome, reason }) => `${sk} is ${outcome} ${reason}`);
  return [...wrong, ...judged, ...alarming];
};

/** Of a record, one rollout forward. */
const oneRolloutEach = ({ updates }: Story): string[] => {
  const forward = updates.filter(({ by }) => by === 'forward').map(({ execution }) => execution);
  return [...new Set(forward.filter((one, index) => forward.indexOf(one) !== index))].map(
    (one) => `${shortArn(one)} updated its service twice`,
  );
};

/** The deployment behind an update, where a push or the reconciler started it. */
const automatic = (story: Story, { revision, by }: Update): Record | undefined =>
  by === 'forward' ? deploymentsIn(story).find((record) => record.revision === revision && record.trigger.kind !== 'hand') : undefined;

/** A person aborted the release of it: what he did not want makes nothing younger. */
const wasAborted = ({ records }: Story, { digest, at }: PushEvent): boolean =>
  records.some(
    ({ sk, image, pushedAt = '', outcome }) =>
      sk.startsWith('release#') && image?.digest === digest && Date.parse(pushedAt) === at && outcome === 'FAILED',
  );

/** When an image was pushed last, as far as that can have been known at a time. */
const pushedBy = (story: Story, digest: string, time: number, known: 'at' | 'heardAt' = 'at'): number =>
  Math.max(
    0,
    ...story.pushes.filter((push) => push.digest === digest && push[known] <= time && !wasAborted(story, push)).map(({ at }) => at),
  );

/** Whoever has the lease by then is not stopped by what he hears afterwards; its turn comes next. */
const underWayMs = 60_000;

/** Nothing older goes over what is newer and works, nor over what a person went back to. */
const neverOlder = (story: Story): string[] =>
  story.updates.flatMap((update) => {
    if (!automatic(story, update)) return [];
    const [last] = deploymentsIn(story)
      .filter(({ outcome, endedAt = '' }) => outcome === 'SUCCEEDED' && Date.parse(endedAt) < update.at)
      .toSorted((one, other) => Date.parse(other.endedAt ?? '') - Date.parse(one.endedAt ?? ''));
    if (!last) return [];
    const isBack = last.trigger.kind === 'hand' && last.operation?.kind === 'rollback';
    const its = isBack ? Date.parse(last.startedAt) : pushedBy(story, last.image?.digest ?? '', update.at - underWayMs, 'heardAt');
    const isOlder = pushedBy(story, update.digest, update.at) < Math.floor(its / 1000) * 1000;
    return isOlder ? [`${short(update.digest)} was deployed after ${last.sk}, which is newer`] : [];
  });

const passedOver: readonly string[] = ['REPLACED_IN_QUEUE', 'OLDER_PUSH', 'EXTERNAL_CHANGE'];

/** What gave way to something newer, failed, or was gone back from is not started again, unless it is pushed again. */
const neverPassedOver = (story: Story): string[] =>
  deploymentsIn(story).flatMap((record) => {
    const { sk, outcome = '', reason = '', image, trigger, endedAt = '' } = record;
    const isPassedOver = trigger.kind !== 'hand' && outcome === 'SKIPPED' && passedOver.includes(reason);
    const isBad = outcome === 'ROLLED_BACK' && !['TIMED_OUT', 'PLACEMENT', 'AWS_ERROR'].includes(reason);
    if (!isPassedOver && !isBad) return [];
    const since = Date.parse(endedAt);
    const again = story.updates.filter((update) => update.at > since && update.digest === image?.digest && automatic(story, update));
    return again
      .filter(({ at, digest }) => isBad || pushedBy(story, digest, at) <= Date.parse(record.pushedAt ?? ''))
      .map(({ digest }) => `${short(digest)} was deployed once more, after ${sk}: ${outcome} ${reason}`);
  });

/** Where the service has to be: at the newest push if it works, else at what was good before it. */
const theNewest = (story: Story): string[] => {
  const { first, pushes, updates, running, race } = story;
  const newest = pushes.toSorted((a, b) => a.at - b.at || (a.digest < b.digest ? -1 : 1)).at(-1);
  const isStuck = updates.some(({ by, digest }) => by === 'person' && !isGood(story, digest || first));
  // Where a person has forced a rollout of what does not work, ECS goes on trying beside what runs.
  const found = running.filter((digest) => !isStuck || isGood(story, digest));
  const isAt = (digest: string): boolean => found.length === 1 && found[0] === digest;
  const shouldBe = (digest: string, why: string): string[] =>
    isAt(digest) ? [] : [`the service runs ${running.map(short)}, and should run ${short(digest)}: ${why}`];
  if (!newest) return ['nothing was pushed'];

  const tried = (digest: string): boolean => updates.some((update) => update.by === 'forward' && update.digest === digest);
  const grief = shouldBe(asTold(story), 'that is what was told');
  const wasWorkedOn = race.person.some(({ deed }) => deed !== 'holds');
  if (!isExcused(story, newest)) {
    if (!tried(newest.digest) && newest.digest !== first) grief.push(`the newest push, ${short(newest.digest)}, was never tried`);
    if (newest.works) grief.push(...shouldBe(newest.digest, 'it is the newest push'));
  }
  if (!wasWorkedOn && !newest.works) {
    const good = pushes.filter((push) => push.works && tried(push.digest)).toSorted((a, b) => a.at - b.at);
    grief.push(...shouldBe(good.at(-1)?.digest ?? first, 'that was good before the newest push'));
  }
  return grief;
};

/** What the service runs if all that was told is true: every success, and every person's own update, in their order. */
const asTold = (story: Story): string =>
  story.updates.reduce((before, update) => {
    const record = deploymentsIn(story).find(({ revision }) => revision === update.revision);
    const stays =
      update.by === 'person' ? isGood(story, digestOf(story, update)) : record?.outcome === 'SUCCEEDED' && update.by === 'forward';
    return stays ? digestOf(story, update) : before;
  }, story.first);

/** May the newest push not have come to run? A person came after it, its execution was aborted, or it was found bad before. */
const isExcused = (story: Story, { digest, at }: PushEvent): boolean => {
  const { records, executions, updates } = story;
  const isByHand = ({ input }: Execution): boolean =>
    ['rollback', 'redeploy', 'cancel'].some((order) => Object.hasOwn((input ?? {}) as object, order));
  const isAfter = (time: number): boolean => time >= at;
  const isAborted = records.some(
    ({ image, outcome, reason }) => image?.digest === digest && reason === 'ABORTED' && (outcome === 'FAILED' || outcome === 'UNKNOWN'),
  );
  const isBad = deploymentsIn(story).some(
    ({ image, outcome, endedAt = '' }) => image?.digest === digest && outcome === 'ROLLED_BACK' && Date.parse(endedAt) < at,
  );
  const wasLeft =
    executions.some(({ input }) => Object.hasOwn((input ?? {}) as object, 'rollback')) &&
    updates.some((one) => one.digest === digest && one.at < at);
  const isStuck = updates.some(({ by, digest: theirs }) => by === 'person' && !isGood(story, theirs || story.first));
  return (
    isBad ||
    wasLeft ||
    isAborted ||
    isStuck ||
    executions.some((one) => isByHand(one) && isAfter(one.startTime)) ||
    updates.some(({ by, at: time }) => by === 'person' && isAfter(time))
  );
};
