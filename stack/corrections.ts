import { stringify } from 'yaml';
import { calendarCandidates } from './calendar.js';

/** A value as it is written in slipway.yml, in quotes where YAML needs them; YAML 1.1 needs them around times of day and dates. */
export const asYaml = (value: unknown): string => {
  if (typeof value === 'string' && /^\d+[:-][\d-]+$/.test(value)) return JSON.stringify(value);
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false }).trim();
};

/**
 * What may have been meant by the value of a field, the most likely first. Which one fits is for the schema to say. `source` is its
 * text in the file: 1.0 is the number 1.
 */
export const candidatesFor = (value: unknown, field: string, source = String(value)): unknown[] => {
  if (typeof value === 'string') return [...calendarCandidates(field, value), ...candidatesForText(value, field)];
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof Date)
    return [source, ...calendarCandidates(field, source), ...timesIn(source, field), [source]];
  return [];
};

const candidatesForText = (text: string, field: string): unknown[] => [
  ...textCandidates(text),
  ...timesIn(text, field),
  ...booleansIn(text),
  ...numbersIn(text),
  [text],
];

const textCandidates = (text: string): string[] => [
  text.trim(),
  text.toLowerCase(),
  text.replace(/^.*<(.+)>$|^mailto:(.+)$/, '$1$2'),
  // arn:aws:ecs:eu-west-1:123456789012:service/production/web
  text.replace(/^arn:[^:]*:ecs:.*:service\//, ''),
  // arn:aws:secretsmanager:eu-west-1:123456789012:secret:slipway/slack-AbCdEf
  text.replace(/^arn:[^:]*:secretsmanager:.*:secret:(.+)-\w{6}$/, '$1'),
  text.replace(/^([\w-]+)[ :.\\]+([\w-]+)$/, '$1/$2'),
];

const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

/** People are waited for: `timeout: 24` of an approval is a day, and 3600 an hour. */
const WAITS: readonly string[] = ['maxWait', 'approval.timeout', 'approval.remindAfter'];

/** The units of a number without one, the most likely first. */
const unitsOf = (field: string, count: number): string[] => {
  if (!WAITS.includes(field)) return ['m', 's'];
  if (count <= 96) return ['h'];
  return count < 3600 ? ['m'] : ['s'];
};

/** Durations as Slipway writes them. */
const timesIn = (text: string, field: string): string[] => {
  const time = text
    .toLowerCase()
    .replaceAll(' ', '')
    .replace(/^pt?(?=\d)/, '');
  if (/^(?:false|no|never|none|0)$/.test(time)) return ['off'];
  if (!/^(?:\d+(?:\.\d+)?[smhd][a-z]*)*(?:\d+(?:\.\d+)?)?$/.test(time)) return [];
  const parts = [...time.matchAll(/(\d+(?:\.\d+)?)([smhd]?)/g)];
  const inUnit = (unit: string): string => {
    const minutes = Math.ceil(parts.reduce((sum, [, count, own]) => sum + Number(count) * (MINUTES[own || unit] ?? 0), 0));
    if (minutes > 1440 && minutes % 1440 === 0) return `${minutes / 1440}d`;
    return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
  };
  return unitsOf(field, Number(time)).map(inUnit);
};

const booleansIn = (text: string): boolean[] =>
  /^(?:yes|on|true)$/i.test(text) ? [true] : /^(?:no|off|false)$/i.test(text) ? [false] : [];

const numbersIn = (text: string): number[] => (/^\d+$/.test(text) ? [Number(text)] : []);

/** Hosts of ECR and of other registries. ECR would allow some of them in a repository's name. */
const REGISTRY_HOST =
  /^(?:\d{12}\.dkr[.-]ecr[\w.-]*|(?:[\w-]+\.)*docker\.(?:io|com)|ghcr\.io|lscr\.io|quay\.io|nvcr\.io|mcr\.microsoft\.com|public\.ecr\.aws|registry\.[\w.-]+|(?:[\w-]+\.)?gcr\.io|[\w-]+\.pkg\.dev|[\w-]+\.azurecr\.io|[\w.-]+:\d+)\//;

/** Whether a name begins with the host of a registry. */
export const namesRegistry = (name: string): boolean => REGISTRY_HOST.test(name);

/** The repository in an image's URI: `…amazonaws.com/acme/payments:v1` → `acme/payments`. None for a pattern. */
export const repositoryNamesIn = (uri: string): string[] => (/[*?]/.test(uri) ? [] : [repositoryIn(uri)]);

const repositoryIn = (uri: string): string =>
  uri
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(REGISTRY_HOST, '')
    .replace(/^arn:[^:]*:ecr:.*:repository\//, '')
    .replace(/(?:@sha256)?:[^/]*$/, '')
    .replace(/[^a-z0-9._/-]+/g, '-')
    .replace(/^[/._-]+|[/._-]+$/g, '');
