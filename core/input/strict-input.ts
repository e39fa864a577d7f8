import * as v from 'valibot';
import { cut } from '../notification/cut.js';
import { redact } from '../notification/redact.js';
import type { Trigger } from '../records/records.js';
import { RejectedInput } from '../result/rejected-input.js';
import { suggestionFor } from './suggestion.js';

export const text = v.pipe(v.string(), v.nonEmpty());

/** On one line and limited, as it becomes part of messages and of the service's item. */
const remark = v.pipe(
  text,
  v.check((given) => given.trim() !== '', 'text'),
  v.transform((given) => given.replace(/\s+/g, ' ').trim()),
  v.check((given) => [...given].length <= 500, '500 characters at most'),
);

/** Members of every input that an operator may type. */
export const byOperator = {
  by: v.optional(remark),
  reason: v.optional(remark),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: v.optional(text),
};

const shownText = (text: string): string => cut(redact(cut(text, 500)), 120);

/** A value as JSON, without what looks like a credential, cut to 120 characters. */
export const shown = (value: unknown): string => shownText(JSON.stringify(value) ?? String(value));

/** The same for a member, whose value may be secret by its key. */
const shownMember = (key: string, value: unknown): string => shownText(`"${key}": ${JSON.stringify(value)}`);

const kindOf = (input: unknown): string =>
  input === undefined
    ? 'missing'
    : Array.isArray(input)
      ? 'a list'
      : input === null
        ? 'null'
        : typeof input === 'object'
          ? 'an object'
          : `a ${typeof input}`;

/** What an issue's schema expects: in our words if the schema has some. */
const expectedBy = ({ type, message, expected }: v.BaseIssue<unknown>): string => {
  if (type === 'regex' || type === 'max_length' || type === 'check') return message;
  if (type === 'non_empty' || type === 'string') return 'text';
  return type === 'boolean' ? 'true or false' : (expected ?? type);
};

const knownKeys = (schema: v.GenericSchema): string[] => Object.keys('entries' in schema ? (schema.entries as object) : {});

const unknownKey = (schema: v.GenericSchema, key: string, value: unknown): string => {
  const meant = suggestionFor(key, knownKeys(schema));
  return `the input has the unknown key ${shownMember(key, value)}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`;
};

/** Parses an operator's input. @throws RejectedInput for the first error, with the value, what was expected and an example */
export const parseStrictly = <Schema extends v.GenericSchema>(schema: Schema, input: unknown, example: string): v.InferOutput<Schema> => {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new RejectedInput(`the input is ${kindOf(input)} (${shown(input)}); expected an object such as ${example}`);
  if (Object.keys(input).length === 0) throw new RejectedInput(`the input is empty; expected an object such as ${example}`);
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  // An unknown key first: a key that is missing may be the one that was meant.
  const issue = result.issues.find(({ type, expected }) => type === 'strict_object' && expected === 'never') ?? result.issues[0];
  const key = v.getDotPath(issue) ?? '';
  if (issue.expected === 'never')
    throw new RejectedInput(`${unknownKey(schema, key, (input as Record<string, unknown>)[key])}; expected an object such as ${example}`);
  if (issue.received === 'undefined') throw new RejectedInput(`the input has no "${key}"; expected an object such as ${example}`);
  throw new RejectedInput(`"${key}" of the input is ${shown(issue.input)}; expected ${expectedBy(issue)}, as in ${example}`);
};

/** The operator and the reason, as far as given. */
export const named = ({ by, reason }: { by?: string | undefined; reason?: string | undefined }): Pick<Trigger, 'by' | 'reason'> => ({
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

/** The trigger of an operator's input. */
export const triggerOf = (operator: { by?: string | undefined; reason?: string | undefined }): Trigger => ({
  kind: 'hand',
  ...named(operator),
});
