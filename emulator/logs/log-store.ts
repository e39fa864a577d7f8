import type { Account } from '../account.js';
import { AwsError } from '../errors.js';
import { checkName } from './checks.js';

export type LogEvent = { readonly eventId: string; readonly timestamp: number; readonly ingestionTime: number; readonly message: string };
export type LogStream = { readonly name: string; readonly createdAt: number; readonly events: LogEvent[] };
export type LogGroup = {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly retentionInDays: number | undefined;
  readonly streams: Map<string, LogStream>;
};

const notFound = (what: string): AwsError => new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);

/** The account's log groups. */
export class LogStore {
  readonly #account: Account;
  readonly #groups = new Map<string, LogGroup>();
  #events = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get all(): readonly LogGroup[] {
    return [...this.#groups.values()];
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  create(name: string, retentionInDays?: number): LogGroup {
    checkName('logGroupName', name);
    const group: LogGroup = {
      name,
      arn: this.#account.arn('logs', `log-group:${name}`),
      createdAt: this.#account.clock.now,
      retentionInDays,
      streams: new Map(),
    };
    this.#groups.set(name, group);
    return group;
  }

  group(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (!group) throw notFound('group');
    return group;
  }

  stream(groupName: string, streamName: string): LogStream {
    const stream = this.group(groupName).streams.get(streamName);
    if (!stream) throw notFound('stream');
    return stream;
  }

  write(groupName: string, streamName: string, message: string): void {
    const { now } = this.#account.clock;
    const { streams } = this.#groups.get(groupName) ?? this.create(groupName);
    const stream = streams.get(streamName) ?? { name: streamName, createdAt: now, events: [] };
    streams.set(streamName, stream);
    // Ascending, so that events of one millisecond keep their order in every listing.
    const eventId = String(this.#events++).padStart(56, '0');
    stream.events.push({ eventId, timestamp: now, ingestionTime: now, message });
  }

  /** The events within the group's retention. */
  events({ retentionInDays }: LogGroup, { events }: LogStream): readonly LogEvent[] {
    if (retentionInDays === undefined) return events;
    const oldest = this.#account.clock.now - retentionInDays * 86_400_000;
    return events.filter(({ timestamp }) => timestamp >= oldest);
  }
}
