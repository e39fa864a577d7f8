import * as v from 'valibot';
import { cut } from '../notification/cut.js';
import { executionArn } from '../records/execution-name.js';
import { type QueueEntry, type ServiceState, type Source, schema } from '../records/records.js';

/** The item of a service cannot be read, so no decision is made: an operator has to fix the item. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
}

const text = v.pipe(v.string(), v.nonEmpty());
const time = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'a time'),
);
/** It is passed to DescribeExecution, which the functions' roles allow for executions only. */
const arn = v.pipe(
  v.string(),
  v.check((value) => executionArn.test(value), 'the ARN of an execution'),
);
const operator = { by: v.optional(v.string()), reason: v.optional(v.string()) };
const Hold = v.looseObject({ at: time, until: v.optional(time), ...operator });
const Priority = v.looseObject({
  isByHand: v.boolean(),
  source: v.string(),
  pushedAt: time,
  digest: v.string(),
  version: v.optional(v.string()),
  execution: arn,
});
const pushed = { digest: v.string(), tag: v.optional(v.string()), pushedAt: time };
const OtherSource = v.looseObject({ repository: v.string(), digest: v.string() });
const KnownGood = v.looseObject({ ...pushed, revision: text, repository: v.string(), at: v.string(), previousRevision: v.optional(text) });

/** Loose: members that this version does not know stay in the item. */
const State = v.looseObject({
  schema: v.optional(v.literal(schema)),
  fencingToken: v.optional(v.pipe(v.number(), v.integer())),
  lease: v.optional(v.looseObject({ execution: arn, record: text, since: time, priority: Priority })),
  cancel: v.optional(v.looseObject({ record: text, failedService: v.optional(text), stopTask: v.optional(v.boolean()), ...operator })),
  hold: v.optional(Hold),
  expectedRevisions: v.optional(v.array(text)),
  settledAt: v.optional(time),
  knownGood: v.optional(v.array(KnownGood)),
});

/**
 * Members of the maps of a state. Each is an attribute of its own, such as `withheld#acme/app`: one conditional write changes it,
 * whether or not the item has others of its kind. DynamoDB refuses a path into a map that does not exist.
 */
const mapMembers = {
  queued: v.looseObject({ execution: arn, priority: Priority, record: text, since: time, token: v.optional(text) }),
  lastDeployed: v.looseObject(pushed),
  quarantine: v.array(v.looseObject({ digest: v.string(), reason: v.string(), at: v.string(), others: v.optional(v.array(OtherSource)) })),
  withheld: v.looseObject({ ...pushed, release: v.string(), hold: Hold }),
};

type MapMember = keyof typeof mapMembers;

/** The attribute of a place in the queue, or of a source's member. */
export const attributeOf = (member: MapMember, key: string): string => `${member}#${key}`;

const isMapMember = (member: string): member is MapMember => Object.hasOwn(mapMembers, member);

/** The key is a repository's name, which may be that of a member of every object, such as `constructor`. */
const memberOf = <Value>(map: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  map && Object.hasOwn(map, key) ? map[key] : undefined;

/** What the service knows of a source; empty for one that it has never deployed. */
export const sourceOf = ({ sources }: ServiceState, repository: string): Source => memberOf(sources, repository) ?? {};

/** The deployment that has a place in the queue. */
export const queuedAt = ({ queued }: Pick<ServiceState, 'queued'>, place: string): QueueEntry | undefined => memberOf(queued, place);

/** What changes in a service's state. A source's member that is null is removed. */
export type StateChange = Pick<ServiceState, 'expectedRevisions' | 'settledAt' | 'knownGood'> & {
  readonly sources?: Readonly<Record<string, { readonly [Member in keyof Source]: Source[Member] | null }>>;
};

/** The attributes that a change sets and removes. */
export const attributesOf = ({ sources = {}, ...rest }: StateChange): { set: object; remove: string[] } => {
  const members = Object.entries(sources).flatMap(([repository, source]) =>
    Object.entries(source).map(([member, value]) => [attributeOf(member as MapMember, repository), value] as const),
  );
  return {
    set: { ...rest, ...Object.fromEntries(members.filter(([, value]) => value !== null)) },
    remove: members.flatMap(([attribute, value]) => (value === null ? [attribute] : [])),
  };
};

const shown = (value: unknown): string => (value === undefined ? 'absent' : cut(JSON.stringify(value) ?? String(value), 120));

/**
 * The state of a service from its item; an absent item is an empty state. Strict in every member that decides: a guess could
 * deploy over a running deployment, or over a newer image.
 * @throws UnreadableState with the attribute, its value and what was expected
 */
export const readState = (service: string, item: object | undefined): ServiceState => {
  const fixed: Record<string, unknown> = {};
  const queued: Record<string, unknown> = {};
  const sources: Record<string, object> = {};
  for (const [attribute, value] of Object.entries(item ?? {})) {
    const [member = '', ...rest] = attribute.split('#');
    const key = rest.join('#');
    if (!isMapMember(member) || key === '') fixed[attribute] = value;
    else if (member === 'queued') queued[key] = parsed(service, mapMembers.queued, value, attribute);
    else sources[key] = { ...memberOf(sources, key), [member]: parsed(service, mapMembers[member], value, attribute) };
  }
  const state = parsed(service, State, fixed) as ServiceState;
  return {
    ...state,
    ...(Object.keys(queued).length > 0 && { queued: queued as NonNullable<ServiceState['queued']> }),
    ...(Object.keys(sources).length > 0 && { sources }),
  };
};

const parsed = (service: string, parser: v.GenericSchema, value: unknown, attribute = ''): unknown => {
  const result = v.safeParse(parser, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = [attribute, v.getDotPath(issue)].filter(Boolean).join('.');
  const place = `item service#${service} state of the table: ${key} is ${shown(issue.input)}`;
  if (key === 'schema')
    throw new UnreadableState(`${place}; this version of Slipway reads ${schema}: deploy the version that wrote it, or fix the item`);
  const expected = issue.type === 'check' ? issue.message : issue.type === 'non_empty' ? 'text' : (issue.expected ?? issue.type);
  const what = issue.input === undefined ? place : `${place}; expected ${expected}`;
  const wrong = attribute || key.split('.')[0];
  throw new UnreadableState(`${what}: fix or remove the attribute ${wrong}, and start the deployment again`);
};
