import { flattenedNameOf } from './flattened-names.js';
import type { Target } from './protocol.js';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

export const escapeXml = (text: string): string => text.replace(/[&<>"\r]/g, (character) => entities[character] as string);

/** Output members that are maps; every other object is a structure, which XML writes differently. */
const maps: Readonly<Record<string, ReadonlySet<string>>> = {
  sns: new Set(['Attributes']),
  sqs: new Set(['Attributes', 'MessageAttributes', 'Tags']),
};

const textOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return escapeXml(String(value));
};

const contentOf = (value: unknown, target: Target): string =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
    ? xmlOf(value as Record<string, unknown>, target)
    : textOf(value);

const elementOf = (name: string, value: unknown, target: Target): string => {
  const flattened = flattenedNameOf(target, name);
  if (Array.isArray(value)) {
    if (flattened) return value.map((element) => `<${flattened}>${contentOf(element, target)}</${flattened}>`).join('');
    return `<${name}>${value.map((element) => `<member>${contentOf(element, target)}</member>`).join('')}</${name}>`;
  }
  if (maps[target.service]?.has(name)) {
    // SQS's maps are flattened and name their keys otherwise: Attribute.Name, Tag.Key.
    const [key, content] = flattened ? (flattened === 'Tag' ? ['Key', 'Value'] : ['Name', 'Value']) : ['key', 'value'];
    const entries = Object.entries(value as object).map(
      ([entryKey, entry]) => `<${key}>${escapeXml(entryKey)}</${key}><${content}>${contentOf(entry, target)}</${content}>`,
    );
    if (flattened) return entries.map((entry) => `<${flattened}>${entry}</${flattened}>`).join('');
    return `<${name}>${entries.map((entry) => `<entry>${entry}</entry>`).join('')}</${name}>`;
  }
  return `<${name}>${contentOf(value, target)}</${name}>`;
};

/** A structure's members as XML elements. */
export const xmlOf = (members: Readonly<Record<string, unknown>>, target: Target): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => elementOf(name, value, target))
    .join('');
