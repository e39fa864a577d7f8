import { readFileSync } from 'node:fs';
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
import { pathText, type ValidationIssue, validationIssues } from './validation-issues.js';
import { readYaml } from './yaml-file.js';

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
  const { value: written, issues: unreadable, lineOf, sourceOf } = readYaml(text);
  const value = withoutExtensions(written);
  const located = (issue: ValidationIssue) => ({ line: lineOf(issue), message: `${pathText(issue.path) || 'the file'} ${issue.says}` });
  const issues = unreadable.length > 0 ? unreadable : [...validationIssues(value, sourceOf), ...semanticIssues(value)].map(located);
  if (issues.length > 0)
    throw new InvalidConfiguration(
      issues.toSorted((one, other) => one.line - other.line).map(({ line, message }) => `${file}:${line}: ${printable(message)}`),
    );
  return normalised(configurationSchema.parse(value));
};

/** One line. Of a URL only the host is repeated: the path of a webhook is its secret. */
const printable = (message: string): string => message.replace(/(\b[a-z]+:\/\/[^\s/";,]+)\/[^\s";,)\]]*/gi, '$1/…').replaceAll('\n', ' ');

/** Keys that begin with x- are a place for anchors, as in Compose. */
const withoutExtensions = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));

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
    ...(notifications?.email && { email: notifications.email }),
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
  const { service, container, timeout, maxFailedTasks, placementTimeout, strategies } =
    typeof written === 'string' ? { service: written } : written;
  const [cluster = '', name = ''] = service.split('/');
  return {
    service,
    cluster,
    name,
    ...(container && { container }),
    timeoutSeconds: secondsOf(timeout ?? DEFAULT_TIMEOUT),
    ...(maxFailedTasks && { maxFailedTasks }),
    ...(placementTimeout && { placementTimeoutSeconds: secondsOf(placementTimeout) }),
    ...(strategies && { strategies }),
  };
};

const withoutUndefined = ({ secret, channel }: { secret: string; channel?: string | undefined }) => ({
  secret,
  ...(channel && { channel }),
});
