import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { outcomes, reasons } from '../../core/result/result.js';
import { permissions } from '../../stack/permissions.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import { pageNamed } from './pages.js';

const ignored = { resolve: (text: unknown) => text };
const customTags = [
  { tag: '!Sub', ...ignored },
  { tag: '!GetAtt', ...ignored },
];

type Definition = { States: Record<string, { Type: string; ItemProcessor?: Definition }> };

const statesOf = ({ States }: Definition): string[] =>
  Object.entries(States).flatMap(([name, { ItemProcessor }]) => [name, ...(ItemProcessor ? statesOf(ItemProcessor) : [])]);

/** The first column of every table of a section; "Done, Failed" are two. */
const firstCells = (section: string): string[] =>
  [...section.matchAll(/^\| *([^|]+?) *\|/gm)].flatMap(([, cell = '']) => cell.split(', ')).map((cell) => cell.replaceAll('`', ''));

const section = (page: string, heading: string): string => page.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

test.each([
  ['release', 'The release machine'],
  ['deployment', 'The deployment machine'],
])('docs/architecture.md explains every state of the %s machine, and no other', (machine, heading) => {
  const definition = parse(readFileSync(`statemachine/${machine}.asl.yml`, 'utf8'), { customTags }) as Definition;

  const explained = firstCells(section(pageNamed('docs/architecture.md'), heading)).slice(2);

  expect(explained.toSorted()).toEqual(statesOf(definition).toSorted());
});

test('every outcome and every reason is explained', () => {
  const explained = firstCells(section(pageNamed('docs/architecture.md'), 'Outcomes'));

  expect([...outcomes, ...reasons].filter((word) => !explained.includes(word))).toEqual([]);
});

test.each(['README.md', 'docs/operations.md'])('%s says what to do at every outcome', (name) => {
  expect(outcomes.filter((outcome) => !new RegExp(`^\\| *\\[?${outcome}\\b`, 'm').test(pageNamed(name)))).toEqual([]);
});

test('docs/security.md has the rights of each function, and no others', () => {
  const granted = Object.entries(permissions({ stage: 'prod', configuration: readConfiguration('slipway.yml'), form: 'service' }));
  const said = new Map<string, string[]>();
  let name = '';
  for (const [, first = '', may = ''] of section(pageNamed('docs/security.md'), 'What each function may do').matchAll(
    /^\| *([^|]*?) *\| *([^|]*?) *\|/gm,
  )) {
    name = /`(\w+)`/.exec(first)?.[1] ?? name;
    const actions = [...may.matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action);
    if (actions.length > 0) said.set(name, [...(said.get(name) ?? []), ...actions]);
  }

  for (const [functionName, statements] of granted) {
    const actions = statements.flatMap(({ Action }) => Action);
    expect({ functionName, actions: said.get(functionName)?.toSorted() }).toEqual({ functionName, actions: actions.toSorted() });
  }
  expect([...said.keys()].toSorted()).toEqual(granted.map(([functionName]) => functionName).toSorted());
});
