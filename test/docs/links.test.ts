import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { parseControlInput } from '../../core/input/control-input.js';
import { decisions, parseDecideInput } from '../../core/input/decide-input.js';
import { parseDeploymentInput } from '../../core/input/deployment-input.js';
import { parseReleaseInput } from '../../core/input/release-input.js';
import { parseQueryRequest } from '../../core/query/parse-request.js';
import { parseConfiguration } from '../../stack/read-configuration.js';
import { execution, startedAt } from '../core/given.js';
import { today } from '../stack/given-configuration.js';
import { anchors, blocks, inputs, pageNamed, pages, prose } from './pages.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The links of a page to files and headings of the repository. */
const linksOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));

const parseInput = (input: object): unknown => {
  if ('query' in input) return parseQueryRequest(input);
  if ('command' in input)
    return decisions.some((one) => one === input.command) ? parseDecideInput(input) : parseControlInput(input, startedAt);
  return 'service' in input || 'resume' in input ? parseDeploymentInput(input, execution) : parseReleaseInput(input, execution);
};

describe.each(pages)('$name', ({ name, text }) => {
  test('leads only to files and headings that exist', () => {
    const broken = linksOf(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? name : join(dirname(name), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchors(readFileSync(file, 'utf8')).includes(anchor);
    });

    expect(broken).toEqual([]);
  });

  test('names only files of ours that exist', () => {
    const named = [
      ...text.matchAll(/`((?:core|aws|functions|stack|statemachine|emulator|cli|events|docs|test|bench|verification)\/[\w./-]+\.\w+)`/g),
    ];

    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(path))).toEqual([]);
  });

  test('names only commands that exist', () => {
    const code = [...blocks(text, 'sh'), ...(text.match(/`[^`\n]+`/g) ?? [])].join('\n');
    const run = [...code.matchAll(/\bnpm (?:run )?(?!run\b|ci\b)([\w:-]+)/g)].map(([, script = '']) => script);
    const tools = [...code.matchAll(/\bnpx ([\w-]+)/g)].map(([, tool = '']) => tool);

    expect(run.filter((script) => scripts[script] === undefined)).toEqual([]);
    expect(tools.filter((tool) => !existsSync(`node_modules/.bin/${tool}`))).toEqual([]);
  });

  test('has TypeScript that can be parsed', () => {
    for (const code of blocks(text, 'ts')) expect(() => transformSync(code, { loader: 'ts' })).not.toThrow();
  });

  test('has inputs that start a state machine, and YAML that is a slipway.yml', () => {
    for (const input of inputs(text)) expect(() => parseInput(input)).not.toThrow();
    for (const code of blocks(text, 'yaml')) expect(() => parseConfiguration(code, name, today)).not.toThrow();
  });
});

test('the README shows both ways to start by hand', () => {
  const targets = inputs(pageNamed('README.md')).map((input) => Object.keys(input)[0]);

  expect(targets.toSorted()).toEqual(['repository', 'service']);
});

test('an anchor is what GitHub makes of a heading', () => {
  expect(anchors('## `slipway-prod-undelivered-pushes`\n### ROLLED_BACK\n## An execution that was aborted by hand')).toEqual([
    'slipway-prod-undelivered-pushes',
    'rolled_back',
    'an-execution-that-was-aborted-by-hand',
  ]);
});

test('an anchor is also what a page sets itself', () => {
  expect(anchors('- <a id="last-good"></a>**last good**: a revision')).toEqual(['last-good']);
});
