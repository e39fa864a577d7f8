import * as v from 'valibot';
import { isTag, tagLimit } from '../image/ecr-names.js';
import { parseStrictly, shown, text } from '../input/strict-input.js';
import { suggestionFor } from '../input/suggestion.js';
import { RejectedInput } from '../result/rejected-input.js';
import { api, checkApi } from './api.js';
import { unknownQuery } from './messages.js';
import { RefusedQuery } from './refused-query.js';
import type { QueryName, QueryRequest } from './request.js';

const between = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return v.pipe(
    v.unknown(),
    v.check((given) => Number.isInteger(given) && Number(given) >= least && Number(given) <= most, expected),
    v.transform(Number),
  );
};

const image = {
  repository: text,
  tag: v.exactOptional(v.pipe(text, v.check(isTag, `a tag of ECR: at most ${tagLimit} letters, digits, ".", "_" and "-"`))),
  digest: v.exactOptional(v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits'))),
};
const time = v.pipe(
  v.string(),
  v.check((given) => /^\d{4}-\d\d-\d\dT/.test(given) && !Number.isNaN(Date.parse(given)), 'a time such as "2026-11-23T09:00:00Z"'),
  v.transform((given) => new Date(given).toISOString()),
);
const ofImage = { ...image, byHand: v.exactOptional(v.boolean()) };

const mostServices = 500;
const someServices = v.pipe(
  v.array(text),
  v.check((given) => given.length > 0 && given.length <= mostServices, `1 to ${mostServices} services`),
);

const head = {
  api: v.exactOptional(
    v.pipe(
      v.number(),
      v.check((given) => Number.isInteger(given), 'a whole number'),
    ),
  ),
  query: v.string(),
};

const schemas: Readonly<Record<QueryName, v.StrictObjectSchema<v.ObjectEntries, undefined>>> = {
  installation: v.strictObject(head),
  status: v.strictObject({
    ...head,
    repository: v.exactOptional(text),
    service: v.exactOptional(text),
    services: v.exactOptional(someServices),
    last: v.exactOptional(v.boolean()),
  }),
  progress: v.strictObject(head),
  history: v.strictObject({
    ...head,
    repository: v.exactOptional(text),
    service: v.exactOptional(text),
    limit: v.exactOptional(between(1, 100)),
    next: v.exactOptional(text),
  }),
  release: v.strictObject({
    ...head,
    ...image,
    repository: v.exactOptional(text),
    release: v.exactOptional(text),
    since: v.exactOptional(time),
  }),
  deployment: v.strictObject({ ...head, deployment: text }),
  explain: v.strictObject({ ...head, ...ofImage }),
  plan: v.strictObject({ ...head, ...ofImage }),
  log: v.strictObject({ ...head, service: text, lines: v.exactOptional(between(1, 200)) }),
};

const examples: Readonly<Record<QueryName, string>> = {
  installation: '{"query": "installation"}',
  status: '{"query": "status", "service": "production/web"}',
  progress: '{"query": "progress"}',
  history: '{"query": "history", "repository": "my-learn-app", "limit": 20}',
  release: '{"query": "release", "repository": "my-learn-app", "tag": "v1.4.2"}',
  deployment: '{"query": "deployment", "deployment": "push-1"}',
  explain: '{"query": "explain", "repository": "my-learn-app", "tag": "v1.4.2"}',
  plan: '{"query": "plan", "repository": "my-learn-app", "tag": "v1.4.2"}',
  log: '{"query": "log", "service": "production/web"}',
};

const names = Object.keys(schemas) as QueryName[];

type Members = { readonly [member: string]: unknown };

/** Members of which a request has exactly one, or at least one. */
const rejectWrongChoice = (query: QueryName, given: Members): void => {
  const has = (member: string): boolean => given[member] !== undefined;
  const expected = `as in ${examples[query]}`;
  const both = (one: string, other: string): void => {
    if (has(one) && has(other)) throw new RejectedInput(`the input has both "${one}" and "${other}"; expected one of them, ${expected}`);
  };
  const neither = (one: string, other: string): void => {
    if (!has(one) && !has(other)) throw new RejectedInput(`the input has neither "${one}" nor "${other}"; expected one, ${expected}`);
  };
  if (query === 'status' || query === 'history') both('repository', 'service');
  if (query === 'status') for (const member of ['repository', 'service']) both(member, 'services');
  if (query === 'history') neither('repository', 'service');
  if (query === 'release') {
    for (const member of ['repository', 'tag', 'digest', 'since']) both('release', member);
    neither('release', 'repository');
  }
  if (query === 'explain' || query === 'plan' || (query === 'release' && has('repository'))) neither('tag', 'digest');
};

/**
 * Parses what the function `query` is invoked with. An operator may leave `api` out.
 * @throws RefusedQuery for another version of the API, and a query that does not exist
 * @throws RejectedInput for anything but the documented input
 */
export const parseQueryRequest = (input: unknown): QueryRequest => {
  const { api: asked = api.current, query } = (typeof input === 'object' && input !== null ? input : {}) as Members;
  // First: a later version may have other members.
  if (Number.isInteger(asked)) checkApi(Number(asked));
  const name = names.find((one) => one === query);
  if (name === undefined) {
    // An input that is no object, or is empty, says so.
    const given = parseStrictly(v.looseObject({ query: text }), input, examples.status);
    const suggestion = suggestionFor(given.query, names);
    throw new RefusedQuery('INVALID_INPUT', unknownQuery(shown(given.query), names, suggestion), suggestion);
  }
  const parsed = parseStrictly(schemas[name], input, examples[name]);
  rejectWrongChoice(name, parsed);
  return { api: asked, ...parsed } as unknown as QueryRequest;
};
