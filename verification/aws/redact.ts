/** Members whose texts are secrets or tokens. */
const secretMembers = new Set(['taskToken', 'TaskToken', 'nextToken', 'NextToken', 'Marker', 'uploadId', 'clientToken', 'valueFrom']);

/** Members with lists of names and values, such as a container's environment: the values may be secrets. */
const valuedMembers = new Set(['environment', 'secrets']);

const HIDDEN = '***';
const EXAMPLE_ACCOUNT = '123456789012';

const redactedText = (text: string, accountId: string): string =>
  text
    .replaceAll(accountId, EXAMPLE_ACCOUNT)
    .replace(/\b(arn:[\w-]+:iam::\d{12}:user)\/[\w+=,.@/-]+/g, '$1/developer')
    .replace(/\b(arn:[\w-]+:sts::\d{12}:(?:assumed-role|federated-user))\/[\w+=,.@/-]+/g, '$1/role/session')
    .replace(/\b(AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}(?::[\w+=,.@-]+)?/g, `$1${HIDDEN}`)
    // Task tokens and the like, also inside of JSON texts: Step Functions gives them no form.
    .replace(/(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{200,}={0,2}/g, HIDDEN);

const withoutValues = (list: unknown): unknown =>
  Array.isArray(list) ? list.map((entry) => ({ ...(entry as object), ...('value' in (entry as object) && { value: HIDDEN }) })) : list;

/** The value without account IDs, ARNs of users and their sessions, access keys, tokens, and values of environment variables. */
export const redacted = (value: unknown, accountId: string): unknown => {
  if (typeof value === 'string') return redactedText(value, accountId);
  if (Array.isArray(value)) return value.map((element) => redacted(element, accountId));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (secretMembers.has(name) && typeof member === 'string') return [name, HIDDEN];
      return [name, redacted(valuedMembers.has(name) ? withoutValues(member) : member, accountId)];
    }),
  );
};
