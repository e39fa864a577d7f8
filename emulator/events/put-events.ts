import type { Account } from '../account.js';
import { AwsError, NotEmulated } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import type { BusEvent } from './api.js';
import type { Bus } from './bus.js';

type Entry = {
  Time?: Date | number | string;
  Source?: string;
  Resources?: string[];
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
};

const maximumEntryBytes = 262_144;

const sizeOf = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number =>
  (Time === undefined ? 0 : 14) + [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

const refusal = (code: string, message: string) => ({ ErrorCode: code, ErrorMessage: message });

/** @throws AwsError SerializationException for a text that is no time */
const timeOf = (time: Entry['Time'], account: Account): Date => {
  if (time === undefined) return account.clock.date();
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  if (Number.isNaN(date.getTime()))
    throw new AwsError('SerializationException', `the Time of an entry is ${JSON.stringify(time)}; expected a timestamp`);
  return date;
};

const putEntry = (bus: Bus, account: Account, entry: Entry) => {
  const { Source, DetailType, Detail, Resources = [], Time } = entry;
  if (!Source) return refusal('InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.');
  if (!DetailType) return refusal('InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  if (!Detail) return refusal('InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.');
  if (Source.startsWith('aws.')) return refusal('NotAuthorizedForSourceException', 'Not authorized for the source.');
  let detail: unknown;
  try {
    detail = JSON.parse(Detail);
  } catch {
    detail = undefined;
  }
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return refusal('MalformedDetail', 'Detail is malformed.');
  const event = { source: Source, 'detail-type': DetailType, resources: Resources, detail: detail as BusEvent['detail'] };
  return { EventId: bus.emit(event, timeOf(Time, account)) };
};

export const putEvents = (bus: Bus): Operation =>
  operation<{ Entries: Entry[] }, unknown>({
    service: 'events',
    name: 'PutEvents',
    input: {
      Entries: {
        list: {
          members: {
            Time: 'timestamp',
            Source: 'string',
            Resources: { list: 'string' },
            DetailType: 'string',
            Detail: 'string',
            EventBusName: 'string',
          },
        },
      },
    },
    required: ['Entries'],
    permissions: ({ Entries }, account) =>
      Entries.map(({ Source = '', DetailType = '' }) => ({
        action: 'events:PutEvents',
        resource: account.arn('events', 'event-bus/default'),
        context: { 'events:source': Source, 'events:detail-type': DetailType },
      })),
    run: ({ Entries }, { account }) => {
      if (Entries.length < 1 || Entries.length > 10)
        throw new AwsError('ValidationException', `PutEvents has ${Entries.length} entries; expected 1 to 10`);
      const size = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (size > maximumEntryBytes)
        throw new AwsError(
          'ValidationException',
          `Total size of the entries in the request is over the limit: ${size} bytes of ${maximumEntryBytes}`,
        );
      for (const { EventBusName = 'default' } of Entries)
        if (EventBusName !== 'default' && EventBusName !== account.arn('events', 'event-bus/default'))
          throw new NotEmulated(`event bus ${EventBusName}`);
      // Before any entry is put.
      for (const { Time } of Entries) timeOf(Time, account);
      const answers = Entries.map((entry) => putEntry(bus, account, entry));
      return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
    },
  });
