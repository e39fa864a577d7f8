import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { fieldTables } from './configuration-docs.js';
import { serviceRoles } from './machine-roles.js';
import { scopes } from './permissions.js';
import type { RegisteredStep } from './steps.js';

type State = {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: { readonly States: States };
};
type Machine = 'release' | 'deployment';
type States = Readonly<Record<string, State>>;

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), `|${'---|'.repeat(head.length)}`, ...rows].join('\n');

const code = (text: string): string => `\`${text}\``;

/**
 * `{% $states.input = 'watch' and $retries = 0 %}` → `watch` and `$retries = 0`, `{% $states.input in ['one', 'other'] %}` → `one` or
 * `other`; an expression about others is returned unchanged.
 */
const wordOf = (condition: string): string => {
  const expression = condition.replace(/^\{%\s*|\s*%\}$/g, '');
  const [, list] = /^\$states\.input in \[(.+)\]$/.exec(expression) ?? [];
  if (list !== undefined) return [...list.matchAll(/\w+/g)].map(([word]) => code(word)).join(' or ');
  const [, word = expression, also] = /^\$states\.input = '(\w+)'(?: and (.+))?$/.exec(expression) ?? [];
  return [word, ...(also === undefined ? [] : [also])].map(code).join(' and ');
};

const typeOf = ({ Type, Resource = '' }: State): string => (Resource.endsWith('.waitForTaskToken') ? `${Type}, waits` : Type);

/** The errors with which a state that waits is entered again. */
const againAfter = (name: string, { Catch = [] }: State): string => {
  const errors = Catch.filter(({ Next }) => Next === name).flatMap(({ ErrorEquals }) => ErrorEquals);
  return errors.length > 0 ? `; ${errors.map(code).join(' or ')}: ${name}` : '';
};

/** What a state that waits answers by an error of that name. */
const decisionsOf = (name: string, { Catch = [] }: State): string =>
  Catch.filter(({ Next, ErrorEquals }) => Next !== name && ErrorEquals.every((error) => !error.startsWith('States.')))
    .map(({ ErrorEquals, Next }) => `; ${ErrorEquals.map(code).join(' or ')}: ${Next}`)
    .join('');

const nextOf = (name: string, state: State): string => {
  const { Next = '', Default, Choices = [] } = state;
  if (Default === undefined) return Next + againAfter(name, state) + decisionsOf(name, state);
  return [...Choices.map(({ Condition, Next }) => `${wordOf(Condition)}: ${Next}`), `else ${Default}`].join('; ');
};

const stateRows = (states: States): string[] =>
  Object.entries(states).flatMap(([name, state]) => [
    row(name, typeOf(state), state.Comment ?? '', nextOf(name, state)),
    ...stateRows(state.ItemProcessor?.States ?? {}),
  ]);

const unresolved = ['!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => text }));

const definitionOf = (machine: Machine): { readonly States: States } =>
  parse(readFileSync(`statemachine/${machine}.asl.yml`, 'utf8'), { customTags: unresolved });

/** The states of a machine in the order of its file. */
const statesOf = (machine: Machine): string => table(['state', 'type', 'does', 'then'], stateRows(definitionOf(machine).States));

const failuresOf = (steps: readonly RegisteredStep[]): string =>
  table(
    ['step', 'fails', 'runs twice'],
    steps.flatMap(({ name, onFailure, onRepeat }) => (onFailure && onRepeat ? row(name, onFailure, onRepeat) : [])),
  );

const permissionsOf = (steps: readonly RegisteredStep[]): string =>
  table(
    ['function', 'may', 'on', 'for'],
    steps.flatMap(({ key, permissions }) =>
      permissions.map((permission, index) =>
        row(index === 0 ? code(key) : '', permission.allow.map(code).join(', '), scopes[permission.on].words, permission.for),
      ),
    ),
  );

const serviceRolePermissions = (): string =>
  table(
    ['role', 'may', 'on', 'for'],
    Object.entries(serviceRoles).flatMap(([name, { permissions }]) =>
      permissions.map((permission, index) =>
        row(index === 0 ? code(name) : '', permission.allow.map(code).join(', '), permission.words, permission.for),
      ),
    ),
  );

/** Text that Markdown shows as it is. */
const plain = (text: string): string => text.replace(/[*|<]/g, '\\$&');

const fieldsOf = (name: string): string | undefined => {
  const rows = fieldTables()[name]?.map(({ field, value, ifAbsent, meaning }) =>
    row(code(field), plain(value), plain(ifAbsent), plain(meaning)),
  );
  return rows && table(['field', 'value', 'default', 'meaning'], rows);
};

const region = /(<!-- generated: (.+?) -->\n)[\s\S]*?(\n<!-- end -->)/g;

/** Pages with generated tables, each between `<!-- generated: name -->` and `<!-- end -->`. */
export const generatedPages: readonly string[] = ['docs/architecture.md', 'docs/configuration.md', 'docs/security.md'];

/**
 * Updates the generated tables of a page.
 * @throws for an unknown table
 */
export const withTables = (page: string, unordered: readonly RegisteredStep[]): string => {
  const order = (['release', 'deployment'] as const).flatMap((machine) => Object.keys(definitionOf(machine).States));
  // Steps without a state come last.
  const steps = unordered.toSorted((a, b) => (order.indexOf(a.name) + 1 || 99) - (order.indexOf(b.name) + 1 || 99));
  const tables: Readonly<Record<string, () => string>> = {
    'states of the release machine': () => statesOf('release'),
    'states of the deployment machine': () => statesOf('deployment'),
    failures: () => failuresOf(steps),
    permissions: () => permissionsOf(steps),
    'permissions of service roles': serviceRolePermissions,
  };
  return page.replace(region, (_, start: string, name: string, end: string) => {
    const made = tables[name]?.() ?? fieldsOf(name);
    if (made === undefined)
      throw new Error(
        `there is no generated table "${name}"; there are ${[...Object.keys(tables), ...Object.keys(fieldTables())].join(', ')}`,
      );
    return start + made + end;
  });
};
