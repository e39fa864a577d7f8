import { type Document, isAlias, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Path, pathText, type ValidationIssue } from './validation-issues.js';

/** A YAML file as plain data, or what keeps it from being read. */
export type YamlFile = {
  readonly value: unknown;
  /** Issues of the text itself. If there are any, `value` is undefined. */
  readonly issues: readonly YamlIssue[];
  /** The text of a number, a word or a string, as it is written: 1.0 is the number 1. Undefined for other values. */
  readonly sourceOf: (path: Path) => string | undefined;
  /** The line of an issue. For a missing value, or one behind an alias: of the nearest enclosing node in the text. */
  readonly lineOf: (issue: ValidationIssue) => number;
};

/** An issue of the text, with its line. */
export type YamlIssue = { readonly line: number; readonly message: string };

/** YAML reports these for unquoted patterns; they are reported for the value instead. */
const REPORTED_WITH_VALUE = ['BAD_ALIAS', 'TAG_RESOLVE_FAILED'];

/** More uses of anchors than these are taken for an attempt to exhaust memory. */
const MAX_ALIASES = 1000;

/** Reads a YAML text with anchors and merge keys (`<<`). */
export const readYaml = (text: string): YamlFile => {
  const lines = new LineCounter();
  // Duplicate keys are reported here, with both lines.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, uniqueKeys: false });
  const lineAt = (offset = 0): number => lines.linePos(offset).line || 1;
  const lineOf = (issue: ValidationIssue): number => lineAt(offsetOf(document, issue));
  const sourceOf = (path: Path): string | undefined => {
    const node = document.getIn(path, true);
    return isScalar(node) ? node.source : undefined;
  };

  const syntax = [...document.errors, ...document.warnings]
    .filter(({ code }) => !REPORTED_WITH_VALUE.includes(code))
    .map(({ code, pos, message }) => ({ line: lineAt(pos[0]), message: syntaxText(code, message) }));
  const issues = [...syntax, ...issuesOfNodes(document, lineAt)];
  if (issues.length > 0) return { value: undefined, issues, lineOf, sourceOf };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), issues, lineOf, sourceOf };
  } catch (error) {
    return { value: undefined, issues: [{ line: 1, message: unreadable(error as Error) }], lineOf, sourceOf };
  }
};

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

/** The text of the parser, without what only its callers can do. */
const syntaxText = (code: string, message: string): string => {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins; expected one';
  return `${lowerFirst(message)}${code === 'BAD_SCALAR_START' ? '; put it in quotes' : ''}`;
};

const unreadable = (error: Error): string =>
  error instanceof ReferenceError
    ? `the file has aliases that expand to too much; expected at most ${MAX_ALIASES} uses of its anchors`
    : lowerFirst(error.message);

/** Aliases without an anchor, unknown YAML tags, and keys that are given twice. */
const issuesOfNodes = (document: Document.Parsed, lineAt: (offset?: number) => number): YamlIssue[] => {
  const issues: YamlIssue[] = [];
  visit(document, (key, node, ancestors) => {
    if (!isNode(node)) return;
    const line = lineAt(node.range?.[0]);
    const path = pathOf([...(ancestors as Node[]), node], key);
    const add = (text: string, kind: string) => issues.push({ line, message: unquoted(path, text, kind) });
    if (isAlias(node) && !node.resolve(document)) add(`*${node.source}`, 'an alias without an anchor');
    const { tag } = node;
    if (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:')) add(tag, 'a YAML tag');
    if (isMap(node)) issues.push(...repeatedKeys(node.items.map((pair) => pair.key).filter(isKey), path, lineAt));
  });
  return issues;
};

const unquoted = (path: Path, text: string, kind: string): string =>
  `${pathText(path)} is ${text}, which is ${kind}; expected quotes around a pattern: ${JSON.stringify(text)}`;

type Key = { readonly source: string; readonly range?: readonly [number, number, number] | null };

const repeatedKeys = (keys: readonly Key[], path: Path, lineAt: (offset?: number) => number): YamlIssue[] =>
  keys.flatMap((key, index) => {
    const first = keys.slice(0, index).find(({ source }) => source === key.source);
    if (!first) return [];
    const line = lineAt(key.range?.[0]);
    const before = lineAt(first.range?.[0]);
    const place = before === line ? `line ${line}` : `lines ${before} and ${line}`;
    return [{ line, message: `${pathText([...path, key.source])} is given twice, on ${place}; expected each key once` }];
  });

// The source of a merge key, whose value is a symbol, is <<.
const isKey = (key: unknown): key is Key => isScalar(key) && key.source !== undefined;

/** The path of a node below its ancestors: the keys of the maps, the places in the lists. */
const pathOf = (nodes: readonly Node[], key: unknown): Path =>
  nodes.flatMap((node, index): PropertyKey[] => {
    if (isPair(node)) return key === 'key' && index >= nodes.length - 2 ? [] : [String(node.key)];
    const below = nodes[index + 1];
    return 'items' in node && !isMap(node) && isNode(below) ? [(node.items as Node[]).indexOf(below)] : [];
  });

const offsetOf = (document: Document.Parsed, { path, atKey }: ValidationIssue): number => {
  const own = atKey ? keyOffset(document, path) : valueOffset(document, path);
  if (own !== undefined) return own;
  for (let length = path.length - 1; length > 0; length--) {
    const around = path.slice(0, length);
    const offset = keyOffset(document, around) ?? valueOffset(document, around);
    if (offset !== undefined) return offset;
  }
  return 0;
};

const valueOffset = (document: Document.Parsed, path: Path): number | undefined => {
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
};

const keyOffset = (document: Document.Parsed, path: Path): number | undefined => {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = parent.items.map((pair) => pair.key).find((candidate) => isNode(candidate) && String(candidate) === path.at(-1));
  return isNode(key) ? key.range?.[0] : undefined;
};
