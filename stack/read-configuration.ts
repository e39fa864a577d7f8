import { readFileSync } from 'node:fs';
import { type Document, isNode, isPair, LineCounter, parseDocument, visit } from 'yaml';
import type { Configuration, Service, StackSettings } from '../core/configuration/configuration.js';
import {
  configurationSchema,
  DEFAULT_RECONCILE,
  DEFAULT_TIMEOUT,
  secondsOf,
  type WrittenConfiguration,
  type WrittenService,
} from './configuration-schema.js';
import { semanticIssues } from './semantic-checks.js';
import { type Path, type ValidationIssue, validationIssues, written } from './validation-issues.js';

/** The configuration file is invalid; the message has one line for each issue, with its file and line. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';

  constructor(lines: string[]) {
    super(lines.join('\n'));
  }
}

/**
 * Reads, validates and normalises a slipway.yml.
 * @throws InvalidConfiguration
 */
export const readConfiguration = (file: string): Configuration => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InvalidConfiguration([`${file} cannot be read; expected Slipway's configuration (SLIPWAY_CONFIG can name another file)`]);
  }
  return parseConfiguration(text, file);
};

/**
 * The same for a text; `file` is the prefix of each issue.
 * @throws InvalidConfiguration
 */
export const parseConfiguration = (text: string, file: string): Configuration => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const unreadable = [...document.errors, ...document.warnings];
  if (unreadable.length > 0) {
    throw new InvalidConfiguration(unreadable.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${lowerFirst(message)}`));
  }

  const value: unknown = document.toJS();
  const issues = [...validationIssues(value), ...semanticIssues(value)];
  if (issues.length > 0) {
    const located = issues.map((issue) => ({ issue, line: lines.linePos(offsetOf(document, issue)).line || 1 }));
    located.sort((one, other) => one.line - other.line);
    throw new InvalidConfiguration(located.map(({ issue, line }) => `${file}:${line}: ${message(issue)}`));
  }
  return normalised(configurationSchema.parse(value));
};

const message = ({ path, says }: ValidationIssue): string => `${written(path) || 'the file'} ${says}`;

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

/** The offset of an issue. For a missing value, or one behind an alias: of the nearest enclosing node in the text. */
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
  let offset: number | undefined;
  if (!isNode(parent)) return undefined;
  visit(parent, {
    Pair: (_, pair) => {
      if (isPair(pair) && isNode(pair.key) && String(pair.key) === path.at(-1)) offset ??= pair.key.range?.[0];
      return visit.SKIP;
    },
  });
  return offset;
};

const normalised = ({
  notifications,
  repositories,
  reconcile = DEFAULT_RECONCILE,
  passRoles,
  logGroups,
  stack,
}: WrittenConfiguration): Configuration => ({
  notifications: {
    sns: notifications?.sns ?? true,
    ...(notifications?.slack && { slack: withoutUndefined(notifications.slack) }),
  },
  repositories: Object.fromEntries(
    Object.entries(repositories).map(([name, { tags, stages }]) => [
      name,
      { name, tags, stages: stages.map((stage) => ({ name: stage.name, services: stage.services.map(normalisedService) })) },
    ]),
  ),
  ...(reconcile !== 'off' && { reconcileSeconds: secondsOf(reconcile) }),
  ...(passRoles && { passRoles }),
  ...(logGroups && { logGroups }),
  // Zod leaves out what is absent.
  ...(stack && { stack: stack as StackSettings }),
});

const normalisedService = (written: WrittenService): Service => {
  const { service, container, timeout, maxFailedTasks, placementTimeout } = typeof written === 'string' ? { service: written } : written;
  const [cluster = '', name = ''] = service.split('/');
  return {
    service,
    cluster,
    name,
    ...(container && { container }),
    timeoutSeconds: secondsOf(timeout ?? DEFAULT_TIMEOUT),
    ...(maxFailedTasks && { maxFailedTasks }),
    ...(placementTimeout && { placementTimeoutSeconds: secondsOf(placementTimeout) }),
  };
};

const withoutUndefined = ({ secret, channel }: { secret: string; channel?: string | undefined }) => ({
  secret,
  ...(channel && { channel }),
});
