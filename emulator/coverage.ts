import { writeFileSync } from 'node:fs';
import { assumptions } from './assumptions.js';
import { resourceTypes } from './cloudformation/resource-types.js';
import { createEmulator } from './emulator.js';
import type { Operation } from './operation.js';

/** The type of a member or a property: a scalar's name, a list, a map, a structure or a list of values. */
type Form =
  | string
  | { readonly list: Form }
  | { readonly map: Form }
  | { readonly oneOf: readonly (string | number | boolean)[] }
  | { readonly members: Readonly<Record<string, Form>> };

const formText = (form: Form): string => {
  if (typeof form === 'string') return form;
  if ('list' in form) return `[${formText(form.list)}]`;
  if ('map' in form) return `{*: ${formText(form.map)}}`;
  if ('oneOf' in form) return form.oneOf.map((value) => JSON.stringify(value)).join(' or ');
  return `{${Object.entries(form.members)
    .map(([name, member]) => `${name}: ${formText(member)}`)
    .join(', ')}}`;
};

const memberLines = (members: Readonly<Record<string, Form>>, required: readonly string[]): string[] =>
  Object.entries(members).map(([name, form]) => `  - \`${name}\`: \`${formText(form)}\`${required.includes(name) ? ', required' : ''}`);

const operationText = ({ name, input, required = [], rateLimit }: Operation): string => {
  const throttled = rateLimit ? `, throttled with \`${rateLimit.name}\`: ${rateLimit.burst} at once, ${rateLimit.perSecond} a second` : '';
  return [`- **${name}**${throttled}`, ...memberLines(input, required)].join('\n');
};

const byName = ({ name: one }: { name: string }, { name: other }: { name: string }): number => (one < other ? -1 : 1);

const serviceText = (service: string, operations: readonly Operation[]): string => {
  const texts = operations
    .filter((operation) => operation.service === service)
    .sort(byName)
    .map(operationText);
  return `### ${service}\n\n${texts.join('\n')}`;
};

const resourceTypeTexts = (): string[] =>
  [...resourceTypes.values()].map(({ type, shapes, required }) => [`- **${type}**`, ...memberLines(shapes, required)].join('\n')).sort();

const assumptionText = ([name, [first, ...others]]: [string, readonly string[]]): string =>
  `- \`${name}\`: **${first}**${others.map((variant) => `, ${variant}`).join('')}`;

/** The text of COVERAGE.md. */
export const coverage = (): string => {
  const { operations } = createEmulator().account;
  const services = [...new Set(operations.map(({ service }) => service))].sort();
  const parts = [
    '# What of AWS is emulated',
    'Written by `npx tsx emulator/coverage.ts`; change the code, not this page. Anything that is not listed is answered\n' +
      '`NotEmulated`: an operation, a member of its input, a resource type or a property of a template.',
    '## Operations',
    '`[…]` is a list, `{*: …}` a map, `any` is not checked.',
    ...services.map((service) => serviceText(service, operations)),
    '## Resource types in templates',
    resourceTypeTexts().join('\n'),
    '## Assumptions',
    'Facts about AWS for which no source was found. Each is a switch: `createEmulator({ assumptions: { … } })`.\n' +
      'The default variant is in bold.',
    Object.entries(assumptions).map(assumptionText).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** Relative to the project's root, where tests run. */
export const coveragePath = 'emulator/COVERAGE.md';

if (process.argv[1]?.replaceAll('\\', '/').endsWith('emulator/coverage.ts')) writeFileSync(coveragePath, coverage());
