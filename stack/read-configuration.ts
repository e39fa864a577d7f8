import { readFileSync } from 'node:fs';
import type { Configuration } from '../core/configuration/configuration.js';
import { configurationSchema } from './configuration-schema.js';
import { normalised } from './normalised-configuration.js';
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
 * Reads, validates and normalises a slipway.yml. A freeze that was over at `now` is an issue.
 * @throws InvalidConfiguration
 */
export const readConfiguration = (file: string, now = new Date()): Configuration => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InvalidConfiguration([`${file} cannot be read; expected Slipway's configuration (SLIPWAY_CONFIG can name another file)`]);
  }
  return parseConfiguration(text, file, now);
};

/**
 * The same for a text; `file` is the prefix of each issue.
 * @throws InvalidConfiguration
 */
export const parseConfiguration = (text: string, file: string, now = new Date()): Configuration => {
  const { value: written, issues: unreadable, lineOf, sourceOf } = readYaml(text);
  const value = withoutExtensions(written);
  const located = (issue: ValidationIssue) => ({ line: lineOf(issue), message: `${pathText(issue.path) || 'the file'} ${issue.says}` });
  const issues = unreadable.length > 0 ? unreadable : [...validationIssues(value, sourceOf), ...semanticIssues(value, now)].map(located);
  if (issues.length > 0)
    throw new InvalidConfiguration(
      issues.toSorted((one, other) => one.line - other.line).map(({ line, message }) => `${file}:${line}: ${printable(message)}`),
    );
  return normalised(configurationSchema.parse(value));
};

/** One line. Of a URL only the host is repeated: the path of a webhook is its secret. */
const printable = (message: string): string => message.replace(/(\b[a-z]+:\/\/[^\s/";,]+)\/[^\s";,)\]}]*/gi, '$1/…').replaceAll('\n', ' ');

/** Keys that begin with x- are a place for anchors, as in Compose. */
const withoutExtensions = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));
