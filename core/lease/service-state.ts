import * as v from 'valibot';
import { executionArn } from '../records/execution-name.js';
import { type ServiceState, schema } from '../records/records.js';

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
const Priority = v.looseObject({ isByHand: v.boolean(), pushedAt: time, digest: v.string(), execution: arn });
const KnownGood = v.looseObject({
  revision: text,
  digest: v.string(),
  tag: v.optional(v.string()),
  pushedAt: time,
  at: v.string(),
  previousRevision: v.optional(text),
});

/** Loose: members that this version does not know stay in the item. */
const State = v.looseObject({
  schema: v.optional(v.literal(schema)),
  fencingToken: v.optional(v.pipe(v.number(), v.integer())),
  lease: v.optional(v.looseObject({ execution: arn, record: text, since: time, priority: Priority })),
  queued: v.optional(v.looseObject({ execution: arn, priority: Priority, record: v.optional(text) })),
  cancel: v.optional(v.looseObject({ record: text, ...operator })),
  hold: v.optional(v.looseObject({ at: v.string(), ...operator })),
  lastDeployed: v.optional(v.looseObject({ digest: v.string(), tag: v.optional(v.string()), pushedAt: time })),
  expectedRevisions: v.optional(v.array(text)),
  lastGood: v.optional(KnownGood),
  previousGood: v.optional(KnownGood),
  quarantine: v.optional(v.array(v.looseObject({ digest: v.string(), reason: v.string(), at: v.string() }))),
});

const shown = (value: unknown): string => (value === undefined ? 'absent' : (JSON.stringify(value) ?? String(value)).slice(0, 120));

/**
 * The state of a service from its item; an absent item is an empty state. Strict in every member that decides: a guess could
 * deploy over a running deployment, or over a newer image.
 * @throws UnreadableState with the attribute, its value and what was expected
 */
export const readState = (service: string, item: unknown): ServiceState => {
  if (item === undefined) return {};
  const result = v.safeParse(State, item);
  if (result.success) return result.output as ServiceState;
  const [issue] = result.issues;
  const key = v.getDotPath(issue) ?? 'everything';
  const place = `item service#${service} state of the table: ${key} is ${shown(issue.input)}`;
  if (key === 'schema')
    throw new UnreadableState(`${place}; this version of Slipway reads ${schema}: deploy the version that wrote it, or fix the item`);
  const [attribute] = key.split('.');
  const expected = issue.type === 'check' ? issue.message : issue.type === 'non_empty' ? 'text' : (issue.expected ?? issue.type);
  const what = issue.input === undefined ? place : `${place}; expected ${expected}`;
  throw new UnreadableState(`${what}: fix or remove the attribute ${attribute}, and start the deployment again`);
};
