import * as v from 'valibot';
import { outcomes, reasons } from '../result/result.js';
import { executionArn } from './execution-name.js';
import { type DeploymentRecord, type ReleaseRecord, schema } from './records.js';

/** `unreadable`: written by another version, or not by Slipway. */
export type Parsed<Kind extends string, Record> =
  | { readonly kind: Kind; readonly record: Record }
  | { readonly kind: 'unreadable'; readonly why: string };

const text = v.pipe(v.string(), v.nonEmpty());
const time = v.pipe(v.string(), v.isoTimestamp());
const common = {
  schema: v.literal(schema),
  execution: v.pipe(v.string(), v.regex(executionArn)),
  startedAt: time,
  trigger: v.looseObject({ kind: text }),
  endedAt: v.optional(time),
  result: v.optional(v.looseObject({ outcome: v.picklist(outcomes), reason: v.picklist(reasons), message: v.string() })),
};
const Deployment = v.looseObject({
  ...common,
  // That of a revision which an operator rolls back to may be named by its tag alone.
  image: v.optional(v.looseObject({ repository: text, digest: v.string() })),
  service: text,
  stage: v.string(),
  release: v.optional(text),
  updateRequestedAt: v.optional(v.string()),
});
const StageDeployment = v.looseObject({ service: text, name: text });
const Stages = v.array(v.looseObject({ name: text, deployments: v.array(StageDeployment), before: v.optional(StageDeployment) }));
const Release = v.looseObject({
  ...common,
  image: v.optional(v.looseObject({ repository: text, digest: text })),
  repository: text,
  stage: v.optional(v.string()),
  stages: v.optional(Stages),
});

const parsed = <Kind extends string, Record>(kind: Kind, parser: v.GenericSchema, item: unknown): Parsed<Kind, Record> => {
  const result = v.safeParse(parser, item);
  if (result.success) return { kind, record: result.output as Record };
  const [issue] = result.issues;
  return { kind: 'unreadable', why: `${v.getDotPath(issue) ?? 'the item'} is ${issue.received}; expected ${issue.expected ?? issue.type}` };
};

/** The record of a deployment from its item, with the attributes of its key. */
export const parseDeployment = (item: unknown): Parsed<'deployment', DeploymentRecord> => parsed('deployment', Deployment, item);

/** The same of a release. */
export const parseRelease = (item: unknown): Parsed<'release', ReleaseRecord> => parsed('release', Release, item);
