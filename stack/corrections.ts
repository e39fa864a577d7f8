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
  ...hookCandidates(text, field),
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
  // arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx
  text.replace(/^arn:[^:]*:cloudwatch:[^:]*:\d*:alarm:/, ''),
  text.replace(/^([\w-]+)[ :.\\]+([\w-]+)$/, '$1/$2'),
];

/** The short form of a hook, and what is written in other letters or with another scheme. */
const hookCandidates = (text: string, field: string): unknown[] => {
  switch (field) {
    case 'before':
      return commandsIn(text).map((command) => ({ command }));
    case 'before.command':
      return commandsIn(text);
    case 'verify':
      return [{ url: text }];
    case 'scan':
      return [{ block: text.toUpperCase() }];
    case 'url':
      return [text.trim().replace(/^(?:https?:\/\/)?/i, 'https://')];
    case 'scan.ignore':
      return [text.trim().toUpperCase()];
    default:
      return [];
  }
};

/** The words of a command; what only a shell understands is for a shell. */
const commandsIn = (text: string): string[][] => (/["'\\$`|&;<>()*?~]/.test(text) ? [['sh', '-c', text]] : [text.trim().split(/\s+/)]);

const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

/** People are waited for: `timeout: 24` of an approval is a day, and 3600 an hour. */
const WAITS: readonly string[] = ['maxWait', 'approval.timeout', 'approval.remindAfter'];

/** A task or a bake of hours is rare: `timeout: 600` of a before task is ten minutes. */
const MINUTES_LONG: readonly string[] = ['before.timeout', 'bake', 'scan.wait'];

/** Probes are seconds apart. */
const PROBES: readonly string[] = ['every', 'within'];

/** The units of a number without one, the most likely first. */
const unitsOf = (field: string, count: number): string[] => {
  if (MINUTES_LONG.includes(field) && count >= 120) return ['s', 'm'];
  if (PROBES.includes(field)) return ['s', 'm'];
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
    const exact = parts.reduce((sum, [, count, own]) => sum + Number(count) * (MINUTES[own || unit] ?? 0), 0);
    const seconds = Math.ceil(exact * 60);
    if (PROBES.includes(field) && seconds % 60 > 0) return `${seconds}s`;
    const minutes = Math.ceil(exact);
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
