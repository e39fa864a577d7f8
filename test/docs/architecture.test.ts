import { readFileSync } from 'node:fs';
import { projectFiles } from '../../checks/project-files.js';
import { outcomes, reasonsByOutcome } from '../../core/result/result.js';
import { generatedPages, withTables } from '../../stack/documentation.js';
import { loadSteps } from '../../stack/steps.js';
import { pageNamed } from './pages.js';

const page = pageNamed('docs/architecture.md');

const section = (heading: string): string => page.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

/** The rows of all tables of a section, without their heads. */
const rowsOf = (heading: string): string[][] =>
  [...section(heading).matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row.split(' | '))
    .filter(([first]) => /^(?:`.*`|[A-Z_]+)$/.test(first ?? ''));

/** The names in the first column; "`image`, `tag`" are two. */
const firstCells = (heading: string): string[] => rowsOf(heading).flatMap(([first = '']) => first.replaceAll('`', '').split(', '));

test.each(generatedPages)('the generated tables of %s are those of the declarations: `npm run docs` writes them', async (name) => {
  expect(withTables(pageNamed(name), await loadSteps())).toBe(pageNamed(name));
});

test('every outcome is listed with exactly its reasons', () => {
  const listed = new Map(rowsOf('Outcomes').map(([outcome = '', , reasons = '']) => [outcome, reasons]));
  const reasonsOf = (outcome: string): string => {
    const [, other] = /^those of ([A-Z_]+)$/.exec(listed.get(outcome) ?? '') ?? [];
    return listed.get(other ?? outcome) ?? '';
  };

  expect([...listed.keys()].toSorted()).toEqual([...outcomes].toSorted());
  for (const outcome of outcomes) expect(reasonsOf(outcome)).toBe(reasonsByOutcome[outcome].join(', '));
});

test.each(['README.md', 'docs/operations.md'])('%s says what to do at every outcome', (name) => {
  expect(outcomes.filter((outcome) => !new RegExp(`^\\| *\\[?${outcome}\\b`, 'm').test(pageNamed(name)))).toEqual([]);
});

test('every folder of the project is described, and so are the folders in core, functions and verification', () => {
  const folders = projectFiles((path) => /^(?:docs\/|\.)/.test(path)).flatMap(({ path }) => {
    const [first = '', second = '', third] = path.split('/');
    const isDivided = third !== undefined && ['core', 'functions', 'verification'].includes(first);
    return [...(second === '' ? [] : [`${first}/`]), ...(isDivided ? [`${first}/${second}/`] : [])];
  });

  const described = firstCells('How to find things').filter((cell) => cell.endsWith('/'));
  expect(described.toSorted()).toEqual([...new Set(folders)].toSorted());
});

describe('the items of the table', () => {
  const declarations = ['core/records/records.ts', 'core/rollout/watch-item.ts'].map((path) => readFileSync(path, 'utf8')).join('\n');
  /** The members of a type, and of the types that it is composed of. */
  const membersOf = (type: string): string[] => {
    const declaration = new RegExp(`^(?:export )?type ${type} = ([^{;]*)(?:\\{\\n([\\s\\S]*?)\\n *\\})?;`, 'm');
    const [, others = '', own = ''] = declaration.exec(declarations) ?? [];
    return [
      ...(others.match(/\b(?!Partial)[A-Z]\w+/g) ?? []).flatMap((other) => membersOf(other)),
      ...[...own.matchAll(/^ {2,4}readonly (\w+)/gm)].map(([, member = '']) => member),
    ];
  };

  test('the state of a service has the members that are declared', () => {
    const declared = [...membersOf('ServiceState').filter((member) => member !== 'sources'), ...membersOf('Source')];
    // Members of the maps are attributes of their own, such as `quarantine#<repository>`.
    const described = firstCells('The state of a service').map((attribute) => attribute.replace(/#.*/, ''));

    expect([...new Set(described)].toSorted()).toEqual(declared.toSorted());
  });

  test('the watch item has the members that are declared', () => {
    const described = firstCells('The watch item').map((attribute) => attribute.replace(/#.*/, ''));

    expect(described.toSorted()).toEqual(membersOf('WatchItem').toSorted());
  });

  test('the records of deployments and releases have the members that are declared', () => {
    const declared = [...membersOf('DeploymentRecord'), ...membersOf('ReleaseRecord')];
    const described = firstCells('The record of a deployment or a release');

    expect([...new Set(described)].toSorted()).toEqual([...new Set(declared)].toSorted());
  });
});
