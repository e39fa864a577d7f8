import { slipwayCommand } from '../command-line/slipway-command.js';
import type { BeforeTask, Stage, Window } from '../configuration/configuration.js';
import { imageName } from '../image/image-name.js';
import { stackOf } from '../records/execution-name.js';
import type { ReleaseRecord } from '../records/records.js';
import type { Opening } from '../release/window.js';
import { executionUrl, locationOf, serviceUrl } from './console-link.js';
import { cut } from './cut.js';
import type { Message } from './message.js';

/** A member of the task definition that differs beside the image; absent values are missing on that side, secret ones are masked. */
export type Difference = { readonly path: string; readonly before?: string | undefined; readonly after?: string | undefined };

/** What a stage changes of a service. Images as in every message: `team/app:main-7 (a1b2c3d4a1b2)`. */
export type ServiceChange = {
  readonly service: string;
  /** The image that runs; empty if unknown. */
  readonly from: string;
  readonly to: string;
  /** Does it run the image already? */
  readonly isRunning?: boolean;
  readonly differences: readonly Difference[];
  /** How many more differences there are. */
  readonly more: number;
};

/** What the checks before a stage found. `block`: it would be refused. */
export type Finding = {
  readonly code: string;
  readonly severity: 'block' | 'warn';
  readonly service?: string | undefined;
  readonly message: string;
};

/**
 * The stage is closed while a release asks for approval: until `opensAt`, ISO 8601, undefined if it does not open within 400 days;
 * `reason` is a clause after `because`. `isSkipped`: approved before, the release does not wait until it opens.
 */
export type ClosedStage = { readonly reason: string; readonly opensAt?: string | undefined; readonly isSkipped: boolean };

/**
 * Why a release waits: it asks for approval, reminds of that, or waits until a window opens or a freeze ends. `until`, ISO 8601, is when
 * the request ends, or when the stage may begin; `reason` is the window or the freeze, as a clause after `because`. With `opensAt` the
 * stage opens only then, and the release ends before, at `until`: it waits no longer.
 */
export type Waiting =
  | { readonly kind: 'request' | 'reminder'; readonly until: string; readonly closed?: ClosedStage | undefined }
  | {
      readonly kind: 'window';
      readonly until: string;
      readonly because: 'window' | 'freeze';
      readonly reason?: string | undefined;
      readonly opensAt?: string | undefined;
    };

/** A before task that will run; `service` is the one that it is like, and `command` such as `npm run migrate`. */
export type PlannedTask = { readonly of: 'stage' | 'service'; readonly service: string; readonly command: string };

/** What an operator may ask of a function of the stack: its name, the input, and the line of a shell that does it. */
export type Ask = {
  readonly function: string;
  readonly input: { readonly command: 'approve' | 'reject' | 'cancel' } & Readonly<Record<string, string>>;
  readonly line: string;
};

/** The notification of a release that waits before a stage, as data. Unlike a `Message`, it has no result, and `waiting`. */
export type WaitingMessage = Pick<
  Message,
  | 'account'
  | 'region'
  | 'stage'
  | 'repository'
  | 'to'
  | 'trigger'
  | 'commit'
  | 'sourceUrl'
  | 'consoleUrl'
  | 'force'
  | 'ignoreWindow'
  | 'ignoreScan'
> & {
  /** The same if it is published twice. */
  readonly id: string;
  readonly waiting: Waiting;
  /** When it was published. ISO 8601. */
  readonly at: string;
  readonly digest: string;
  /** What runs before the services, in order: of the stage first, then of single services; `more` counts those that are not shown. */
  readonly plannedTasks?: { readonly shown: readonly PlannedTask[]; readonly more: number };
  /** The stages that it has passed. */
  readonly passed: readonly string[];
  readonly services: readonly (ServiceChange & { readonly consoleUrl: string })[];
  /** Services left out, so that SNS accepts it. */
  readonly unlisted?: number;
  readonly findings: readonly Finding[];
  readonly asks: readonly Ask[];
};

export const isWaiting = (message: Message | WaitingMessage): message is WaitingMessage => 'waiting' in message;

/** Times are ISO 8601. */
export type WaitingInput = Waiting & {
  /** ARN of the release's execution. */
  readonly execution: string;
  readonly now: string;
  readonly release: ReleaseRecord;
  readonly stage: string;
  readonly changes: readonly ServiceChange[];
  readonly findings: readonly Finding[];
  readonly opening: Opening;
  /** What the stage's window says of a release that comes while it is closed. */
  readonly outside?: Window['outside'] | undefined;
  /** The stage as the deployed configuration has it now. */
  readonly settings?: Pick<Stage, 'before' | 'services'> | undefined;
};

const mostTasks = 10;

/** A task is not needed if the service that it is like runs the image already. */
const plannedTasksOf = ({ settings, changes }: WaitingInput): WaitingMessage['plannedTasks'] => {
  const planned = (of: PlannedTask['of'], task: BeforeTask | undefined): PlannedTask[] =>
    task && !changes.some(({ service, isRunning }) => service === task.like && isRunning)
      ? [{ of, service: task.like, command: cut(task.command.join(' '), 200) }]
      : [];
  const tasks = [...planned('stage', settings?.before), ...(settings?.services ?? []).flatMap(({ before }) => planned('service', before))];
  return tasks.length === 0 ? undefined : { shown: tasks.slice(0, mostTasks), more: Math.max(0, tasks.length - mostTasks) };
};

const closedStage = ({ opening, outside, release: { ignoreWindow } }: WaitingInput): ClosedStage | undefined => {
  if (opening.isOpen || ignoreWindow) return undefined;
  const { says: reason, opensAt } = opening;
  return { reason, ...(opensAt !== undefined && { opensAt }), isSkipped: outside === 'skip' || opensAt === undefined };
};

const waitingOf = (input: WaitingInput): Waiting => {
  const { kind, until } = input;
  if (kind !== 'window') {
    const closed = closedStage(input);
    return { kind, until, ...(closed && { closed }) };
  }
  const { because, reason, opensAt } = input;
  return { kind, until, because, ...(reason !== undefined && { reason }), ...(opensAt !== undefined && { opensAt }) };
};

const asksOf = ({ kind, execution, release: { repository, image }, stage }: WaitingInput): Ask[] => {
  const stack = stackOf(execution);
  const place = { repository, stage };
  if (kind === 'window') {
    const line = slipwayCommand(['cancel', repository, stage], execution);
    return [{ function: `${stack}-control`, input: { command: 'cancel', ...place }, line }];
  }
  const digest = image?.digest ?? '';
  const decide = (command: 'approve' | 'reject'): Ask => ({
    function: `${stack}-decide`,
    input: { command, ...place, digest },
    line: slipwayCommand([command, repository, stage, '--digest', digest], execution),
  });
  return [decide('approve'), decide('reject')];
};

/** The notification of a release that waits before `stage`. */
export const waitingMessageOf = (input: WaitingInput): WaitingMessage => {
  const { kind, until, execution, now, release, stage, changes, findings } = input;
  const { repository, image, tag, stages = [], force, ignoreWindow, ignoreScan } = release;
  const plannedTasks = plannedTasksOf(input);
  const location = locationOf(execution);
  const place = stages.findIndex(({ name }) => name === stage);
  return {
    // A stage may get another window while the release waits.
    id: [execution, stage, kind, ...(kind === 'window' ? [until] : [])].join(' '),
    waiting: waitingOf(input),
    at: now,
    account: location.account,
    region: location.region,
    stage,
    repository,
    to: imageName(repository, stages[place]?.tag ?? image?.tag ?? tag, image?.digest),
    digest: image?.digest ?? '',
    trigger: release.trigger,
    ...(image?.commit !== undefined && { commit: image.commit }),
    ...(image?.sourceUrl !== undefined && { sourceUrl: image.sourceUrl }),
    ...(force && { force }),
    ...(ignoreWindow && { ignoreWindow }),
    ...(ignoreScan && { ignoreScan }),
    ...(plannedTasks && { plannedTasks }),
    passed: stages.slice(0, Math.max(0, place)).map(({ name }) => name),
    services: changes.map((change) => ({ ...change, consoleUrl: serviceUrl(location, change.service) })),
    findings,
    asks: asksOf(input),
    consoleUrl: executionUrl(execution),
  };
};
