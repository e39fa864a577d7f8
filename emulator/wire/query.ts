import type { Operation } from '../operation.js';
import type { Shape } from '../shape.js';
import { queryCodeOf } from './error-codes.js';
import { flattenedNameOf } from './flattened-names.js';
import type { HttpAnswer, HttpRequest, Protocol, Target } from './protocol.js';
import { escapeXml, xmlOf } from './xml.js';

const namespaces: Readonly<Record<string, string>> = {
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  sqs: 'http://queue.amazonaws.com/doc/2012-11-05/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  cloudwatch: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** A form's fields, by the dots in their names: `Tags.member.1.Key=a` is `{ Tags: { member: { 1: { Key: 'a' } } } }`. */
type Tree = Map<string, Tree | string>;

export const formOf = (request: HttpRequest): URLSearchParams =>
  request.body.length > 0 ? new URLSearchParams(Buffer.from(request.body).toString()) : new URLSearchParams({ ...request.query });

const treeOf = (form: URLSearchParams): Tree => {
  const root: Tree = new Map();
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version' || name.startsWith('X-Amz-')) continue;
    const parts = name.split('.');
    let branch = root;
    for (const part of parts.slice(0, -1)) {
      const next = branch.get(part);
      if (next instanceof Map) branch = next;
      else {
        const grown: Tree = new Map();
        branch.set(part, grown);
        branch = grown;
      }
    }
    branch.set(parts.at(-1) as string, value);
  }
  return root;
};

const scalar = (text: string, shape: Shape): unknown => {
  // A value of another type is kept, so that the operation refuses it.
  if (shape === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (shape === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  if (shape === 'timestamp') return new Date(text);
  if (shape === 'blob') return new Uint8Array(Buffer.from(text, 'base64'));
  if (typeof shape === 'object' && text === '') return 'list' in shape ? [] : {};
  return text;
};

/** `1`, `2` … in their order. */
const numbered = (tree: Tree): (Tree | string)[] =>
  [...tree]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, value]) => value);

const wrapped = (tree: Tree, name: string): Tree => {
  const inner = tree.get(name);
  return inner instanceof Map ? inner : tree;
};

const read = (node: Tree | string, shape: Shape, target: Target): unknown => {
  if (typeof node === 'string') return scalar(node, shape);
  if (typeof shape === 'string' || 'oneOf' in shape) {
    const names = [...node.keys()];
    if (names.every((name) => name === 'member' || /^\d+$/.test(name))) return read(node, { list: 'any' }, target);
    return Object.fromEntries([...node].map(([name, child]) => [name, read(child, 'any', target)]));
  }
  if ('list' in shape) return numbered(wrapped(node, 'member')).map((element) => read(element, shape.list, target));
  if ('map' in shape) {
    const entries = numbered(wrapped(node, 'entry')).filter((entry): entry is Tree => entry instanceof Map);
    return Object.fromEntries(
      entries.map((entry) => [
        entry.get('key') ?? entry.get('Name') ?? entry.get('Key'),
        read(entry.get('value') ?? entry.get('Value') ?? '', shape.map, target),
      ]),
    );
  }
  return structureOf(node, shape.members, target);
};

const structureOf = (tree: Tree, members: Readonly<Record<string, Shape>>, target: Target): Record<string, unknown> => {
  const byWireName = new Map(Object.keys(members).map((member) => [flattenedNameOf(target, member) ?? member, member]));
  return Object.fromEntries(
    [...tree].map(([name, child]) => {
      const member = byWireName.get(name) ?? name;
      return [member, read(child, members[member] ?? 'any', target)];
    }),
  );
};

const answer = (status: number, xml: string, requestId: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: Buffer.from(xml),
});

/** The query protocol: a form in, XML out. */
export const query: Protocol = {
  input: (request, definition: Operation | undefined) =>
    structureOf(treeOf(formOf(request)), definition?.input ?? {}, {
      service: definition?.service ?? '',
      operation: definition?.name ?? '',
    }),
  output: (target, output, requestId) => {
    const { operation } = target;
    const result = xmlOf((output ?? {}) as Record<string, unknown>, target);
    return answer(
      200,
      `<${operation}Response xmlns="${namespaces[target.service] ?? ''}"><${operation}Result>${result}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      requestId,
    );
  },
  error: (target, error, requestId) =>
    answer(
      error.status,
      `<ErrorResponse xmlns="${namespaces[target.service] ?? ''}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${escapeXml(queryCodeOf(target.service, error.code))}</Code><Message>${escapeXml(error.message)}</Message>` +
        `${xmlOf(error.members, target)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      requestId,
    ),
};
