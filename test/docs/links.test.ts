import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { verbs } from '../../cli/verbs.js';
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

const optionsOfAll = ['--stage', '--region', '--profile', '--json', '--no-color', '--yes', '--by', '--reason'];

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
    const run = [...code.matchAll(/\bnpm (?:run )?(?!(?:run|ci|pack)\b)([\w:-]+)/g)].map(([, script = '']) => script);
    const tools = [...code.matchAll(/\bnpx (?!--no-install slipway)([\w-]+)/g)].map(([, tool = '']) => tool);

    expect(run.filter((script) => scripts[script] === undefined)).toEqual([]);
    expect(tools.filter((tool) => !existsSync(`node_modules/.bin/${tool}`))).toEqual([]);
  });

  test('gives slipway only verbs and options that it has', () => {
    const lines = blocks(text, 'sh').flatMap((block) => block.replaceAll('\\\n', ' ').match(/\bslipway [a-z].*/g) ?? []);
    const unknown = lines.flatMap((line) => {
      const [, name = '', ...words] = line.replaceAll(/"[^"]*"|'[^']*'/g, '').split(/\s+/);
      const verb = verbs.find((one) => one.name === name);
      const flags = [...optionsOfAll, ...(verb?.options ?? []).map(({ flags }) => flags.replace(/^-\w, | <.*/g, ''))];
      return verb ? words.filter((word) => word.startsWith('--') && !flags.includes(word)) : [name];
    });

    expect(unknown).toEqual([]);
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
