import * as v from 'valibot';
import { type Command, commandNames, emulatorFaults, type InjectFault, imageBehaviours, type PushImage, type SetClock } from '../api.js';
import { PageError } from './page-error.js';
import type { HistoryQuery, InsightsQuery } from './source.js';

const text = (limit: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(limit));
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  v.picklist(values, (issue) => `expected one of ${values.join(', ')}, not ${issue.received}`);
const name = text(512);

const commandSchema = v.strictObject({
  command: oneOf(commandNames),
  service: v.optional(name),
  release: v.optional(name),
  repository: v.optional(name),
  stage: v.optional(name),
  image: v.optional(text(1024)),
  digest: v.optional(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'))),
  reason: v.optional(text(1000)),
  until: v.optional(text(64)),
  force: v.optional(v.boolean()),
  holdAfterwards: v.optional(v.boolean()),
  confirm: v.optional(v.pipe(v.string(), v.maxLength(512))),
});

const historySchema = v.strictObject({
  service: v.optional(name),
  repository: v.optional(name),
  outcome: v.optional(name),
  who: v.optional(name),
  since: v.optional(
    v.pipe(
      v.string(),
      v.check((given) => !Number.isNaN(Date.parse(given)), 'expected a time, as in 2026-11-26T14:00:00Z'),
    ),
  ),
  q: v.optional(text(200)),
  after: v.optional(name),
});

const wholeNumber = (low: number, high: number) =>
  v.pipe(
    v.string(),
    v.transform(Number),
    v.check((given) => Number.isInteger(given) && given >= low && given <= high, `expected a whole number from ${low} to ${high}`),
  );

const insightsSchema = v.strictObject({
  months: v.optional(wholeNumber(1, 12), '12'),
  stage: v.optional(name, 'last'),
  service: v.optional(name),
});

const pushSchema = v.strictObject({
  repository: name,
  // ECR API, ImageTag.
  tag: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9_][\w.-]{0,127}$/,
      'expected a tag: 1 to 128 letters, digits, and _ . - but at the beginning only letters, digits and _',
    ),
  ),
  behaviour: oneOf(imageBehaviours),
});

const clockSchema = v.union(
  [
    v.strictObject({ speed: v.union([v.pipe(v.number(), v.minValue(0), v.maxValue(10_000)), v.literal('max')]) }),
    v.strictObject({ step: v.literal(true) }),
  ],
  'expected {"speed": a number from 0 to 10000, or "max"} or {"step": true}',
);

const faultSchema = v.strictObject({
  kind: oneOf(emulatorFaults),
  times: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
});

/** @throws PageError INVALID_INPUT with the member, and what was expected */
const read = <Schema extends v.GenericSchema>(schema: Schema, given: unknown): v.InferOutput<Schema> => {
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const member = v.getDotPath(issue);
  throw new PageError(422, { reason: 'INVALID_INPUT', message: member ? `${member}: ${issue.message}` : issue.message });
};

export const readCommand = (body: unknown): Command => read(commandSchema, body) as Command;
export const readHistoryQuery = (query: unknown): HistoryQuery => read(historySchema, query) as HistoryQuery;
export const readInsightsQuery = (query: unknown): InsightsQuery => read(insightsSchema, query) as InsightsQuery;
export const readPush = (body: unknown): PushImage => read(pushSchema, body);
export const readClock = (body: unknown): SetClock => read(clockSchema, body);
export const readFault = (body: unknown): InjectFault => read(faultSchema, body);

/** Made by the page when a dialog opens. @throws PageError INVALID_INPUT */
export const readKey = (key: string | undefined): string => {
  if (key !== undefined && /^[\w-]{8,100}$/.test(key)) return key;
  throw new PageError(422, { reason: 'INVALID_INPUT', message: 'Idempotency-Key: expected 8 to 100 letters, digits, _ and -' });
};
