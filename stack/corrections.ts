import { closest, distance } from 'fastest-levenshtein';
import { stringify } from 'yaml';

/** A value as it is written in slipway.yml, in quotes where YAML needs them. */
export const asYaml = (value: unknown): string => stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false }).trim();

/** The word that was probably meant; undefined if none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const found = known.length > 0 ? closest(word, [...known]) : '';
  return found !== '' && distance(word, found) <= Math.max(1, Math.floor(found.length / 3)) ? found : undefined;
};

/**
 * What may have been meant by a value, the most likely first. Which one fits is for the schema to say. `source` is its text in
 * the file: 1.0 is the number 1.
 */
export const candidatesFor = (value: unknown, source = String(value)): unknown[] => {
  if (typeof value === 'string') return [...textCandidates(value), ...timesIn(value), ...booleansIn(value), ...numbersIn(value), [value]];
  if (typeof value === 'number' || typeof value === 'boolean') return [source, ...timesIn(source), [source]];
  return [];
};

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

/** Times as Slipway writes them: a number without a unit is minutes, or else seconds. */
const timesIn = (text: string): string[] => {
  const time = text
    .toLowerCase()
    .replaceAll(' ', '')
    .replace(/^pt?(?=\d)/, '');
  if (/^(?:false|no|never|none|0)$/.test(time)) return ['off'];
  if (!/^(?:\d+(?:\.\d+)?[smhd][a-z]*)*(?:\d+(?:\.\d+)?)?$/.test(time)) return [];
  const parts = [...time.matchAll(/(\d+(?:\.\d+)?)([smhd]?)/g)];
  const inUnit = (unit: string): string => {
    const minutes = Math.ceil(parts.reduce((sum, [, count, own]) => sum + Number(count) * (MINUTES[own || unit] ?? 0), 0));
    return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
  };
  return [inUnit('m'), inUnit('s')];
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
