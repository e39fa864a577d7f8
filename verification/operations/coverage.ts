import { assumptions } from '../../emulator/assumptions.js';
import { resourceTypes } from '../../emulator/cloudformation/resource-types.js';
import { createEmulator } from '../../emulator/emulator.js';
import type { Operation } from '../../emulator/operation.js';
import type { Form } from './form.js';
import { callEveryOperation, type Run } from './run.js';

const formText = (form: Form | undefined): string => {
  if (form === undefined) return '';
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

const answerLines = (answer: Form | undefined): string[] => {
  const members = answer !== undefined && typeof answer === 'object' && 'members' in answer ? Object.entries(answer.members) : [];
  return members.length === 0 ? [] : ['  - answers', ...members.map(([name, form]) => `    - \`${name}\`: \`${formText(form)}\``)];
};

const operationText = ({ service, name, input, required = [], rateLimit }: Operation, answers: Run['answers']): string => {
  const throttled = rateLimit ? `, throttled with \`${rateLimit.name}\`: ${rateLimit.burst} at once, ${rateLimit.perSecond} a second` : '';
  return [`- **${name}**${throttled}`, ...memberLines(input, required), ...answerLines(answers.get(`${service}.${name}`))].join('\n');
};

const byName = ({ name: one }: { name: string }, { name: other }: { name: string }): number => (one < other ? -1 : 1);

const serviceText = (service: string, operations: readonly Operation[], answers: Run['answers']): string => {
  const texts = operations
    .filter((operation) => operation.service === service)
    .sort(byName)
    .map((operation) => operationText(operation, answers));
  return `### ${service}\n\n${texts.join('\n')}`;
};

const resourceTypeTexts = (): string[] =>
  [...resourceTypes.values()].map(({ type, shapes, required }) => [`- **${type}**`, ...memberLines(shapes, required)].join('\n')).sort();

const assumptionText = ([name, [first, ...others]]: [string, readonly string[]]): string =>
  `- \`${name}\`: **${first}**${others.map((variant) => `, ${variant}`).join('')}`;

/** The text of COVERAGE.md; calls every operation. */
export const coverage = async (): Promise<string> => {
  const { answers } = await callEveryOperation();
  const { operations } = createEmulator().account;
  const services = [...new Set(operations.map(({ service }) => service))].sort();
  const parts = [
    '# What of AWS is emulated',
    'Written by `npm run coverage`; change the code, not this page. Anything that is not listed is answered\n' +
      '`NotEmulated`: an operation, a member of its input, a resource type or a property of a template.',
    '## Operations',
    '`[…]` is a list, `{*: …}` a map, `any` is not checked. What an operation answers was read from answers:\n' +
      'a member that is not listed is never answered, and one that is listed may be absent.',
    ...services.map((service) => serviceText(service, operations, answers)),
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
