import type { LogEntry } from '../../../emulator/event-log.js';
import type { LogLine } from '../../api.js';
import { isOwnRead } from '../own-reads.js';

type Detail = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

const lastPart = (value: unknown): string => text(value).split(/[/:]/).at(-1) ?? '';

/** Of a detail's members, in the order in which they are read: what is known of each is shown. */
const members: readonly ((detail: Detail) => string)[] = [
  ({ cluster, service }) => (text(service) ? `${text(cluster)}/${text(service)}` : ''),
  ({ repository, tag }) => (text(repository) ? `${text(repository)}${text(tag) ? `:${text(tag)}` : ''}` : ''),
  ({ state }) => text(state),
  ({ rule }) => text(rule),
  ({ function: name }) => text(name),
  ({ on }) => text(on),
  ({ queue }) => text(queue),
  ({ alarm, to }) => (text(alarm) ? `${text(alarm)} ${text(to)}` : ''),
  ({ subject }) => text(subject),
  ({ taskDefinition }) => text(taskDefinition).split('/').at(-1) ?? '',
  ({ task }) => (text(task) ? `task ${lastPart(task).slice(0, 4)}` : ''),
  ({ status }) => text(status).toLowerCase(),
  ({ stoppedReason, reason }) => text(stoppedReason) || text(reason),
  ({ exitCode }) => (exitCode === undefined ? '' : `exit ${text(exitCode)}`),
  ({ error }) => text(error),
  ({ execution, state }) => (text(state) ? '' : lastPart(execution)),
  (detail) => text(detail['detail-type']),
];

/** At most so many characters of a line are sent. */
const longest = 200;

/** What every step and every event of its own causes is not listed: lines about deployments would be lost among them. */
const unlisted: Readonly<Record<string, readonly string[]>> = {
  lambda: ['invoked', 'answered'],
  events: ['event', 'unmatched', 'delivered'],
};

export const isListed = (entry: LogEntry): boolean => !isOwnRead(entry) && !unlisted[entry.source]?.includes(entry.type);

/** `number`: how many entries the log had with this one. */
export const lineOf = ({ time, source, type, detail }: LogEntry, number: number): LogLine => ({
  number,
  time: new Date(time).toISOString(),
  source,
  type: type.replaceAll('-', ' '),
  text: members
    .map((member) => member(detail))
    .filter(Boolean)
    .join(' ')
    .slice(0, longest),
});
