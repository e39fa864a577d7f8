import * as v from 'valibot';
import { executionArn } from '../records/execution-name.js';
import { type ServiceState, schema } from '../records/records.js';

/** What decides about a service cannot be read, so nothing is decided: somebody has to mend the item. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
}

const text = v.pipe(v.string(), v.nonEmpty());
const time = v.pipe(
  v.string(),
  v.check((value) => !Number.isNaN(Date.parse(value)), 'a time'),
);
/** Step Functions is asked about it, and a role may ask only about executions. */
const arn = v.pipe(
  v.string(),
  v.check((value) => executionArn.test(value), 'the ARN of an execution'),
);
const words = { by: v.optional(v.string()), reason: v.optional(v.string()) };
const Priority = v.looseObject({ isByHand: v.boolean(), pushedAt: time, digest: v.string(), execution: arn });
const KnownGood = v.looseObject({
  revision: text,
  digest: v.string(),
  tag: v.optional(v.string()),
  pushedAt: time,
  at: v.string(),
  previousRevision: v.optional(text),
});

/** Members that this version does not know are another's affair, and stay. */
const State = v.looseObject({
  schema: v.optional(v.literal(schema)),
  fencingToken: v.optional(v.pipe(v.number(), v.integer())),
  lease: v.optional(v.looseObject({ execution: arn, record: text, since: time, priority: Priority })),
  queued: v.optional(v.looseObject({ execution: arn, priority: Priority, record: v.optional(text) })),
  cancel: v.optional(v.looseObject({ record: text, ...words })),
  hold: v.optional(v.looseObject({ at: v.string(), ...words })),
  lastDeployed: v.optional(v.looseObject({ digest: v.string(), tag: v.optional(v.string()), pushedAt: time })),
  expectedRevisions: v.optional(v.array(text)),
  lastGood: v.optional(KnownGood),
  previousGood: v.optional(KnownGood),
  quarantine: v.optional(v.array(v.looseObject({ digest: v.string(), reason: v.string(), at: v.string() }))),
});

const shown = (value: unknown): string => (value === undefined ? 'absent' : (JSON.stringify(value) ?? String(value)).slice(0, 120));

/**
 * What an item of the table says of a service; one that is not there says nothing. Strict in what decides, for a guess
 * could deploy over somebody, or over what is newer. @throws UnreadableState
 */
export const readState = (service: string, item: unknown): ServiceState => {
  if (item === undefined) return {};
  const result = v.safeParse(State, item);
  if (result.success) return result.output as ServiceState;
  const [issue] = result.issues;
  const key = v.getDotPath(issue) ?? 'everything';
  const place = `item service#${service} state of the table: ${key} is ${shown(issue.input)}`;
  if (key === 'schema')
    throw new UnreadableState(`${place}; this version of Slipway reads ${schema}: deploy the version that wrote it, or mend the item`);
  const [attribute] = key.split('.');
  const expected = issue.type === 'check' ? issue.message : issue.type === 'non_empty' ? 'text' : (issue.expected ?? issue.type);
  const what = issue.input === undefined ? place : `${place}; expected ${expected}`;
  throw new UnreadableState(`${what}: mend or remove the attribute ${attribute}, and start the deployment again`);
};
