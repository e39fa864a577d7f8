import pico from 'picocolors';
import stringWidth from 'string-width';
import { supportsColor } from '../../cli/color-support.js';
import { exampleTag, firstImage, tagFor } from '../../cli/example.js';
import { type Row, resultTable, withoutRepetition } from '../../cli/result-table.js';
import { renderSummary, whoWidthOf } from '../../cli/summary.js';
import { wrap } from '../../cli/wrap.js';
import { matchTag } from '../../core/policy/tag-policy.js';

const terminal = (width: number) => ({
  width,
  colors: pico.createColors(false),
  print: () => {},
  note: () => undefined,
  progress: () => {},
  endProgress: () => {},
});

const row: Row = {
  what: 'staging/web',
  outcome: 'ROLLED_BACK',
  reason: 'CRASHED',
  seconds: 96,
  transitions: 37,
  message: 'three tasks failed: exit 1 in app',
};

describe('escape codes', () => {
  test.each([
    { stream: { isTTY: true }, environment: { TERM: 'xterm' }, expected: true },
    { stream: { isTTY: true }, environment: { TERM: 'xterm', NO_COLOR: '1' }, expected: false },
    { stream: { isTTY: true }, environment: { TERM: 'dumb' }, expected: false },
    { stream: {}, environment: { TERM: 'xterm', CI: 'true' }, expected: false },
  ])('$stream, $environment: $expected', ({ stream, environment, expected }) => {
    expect(supportsColor(stream, environment)).toBe(expected);
  });
});

describe('the result table', () => {
  test('has the message in a column where the terminal is wide', () => {
    expect(resultTable([row], terminal(120)).split('\n')[1]).toBe(
      'staging/web  ROLLED_BACK  CRASHED    1 min 36 s           37  three tasks failed: exit 1 in app',
    );
  });

  test('has the message in a line of its own where the terminal is narrow', () => {
    const lines = resultTable([row], terminal(80)).split('\n');

    expect(lines[2]).toBe('  three tasks failed: exit 1 in app');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('refers a release to the service whose failure it repeats', () => {
    const release = { ...row, what: 'release of main-3', message: `staging/web: ${row.message}` };

    expect(withoutRepetition([release, row]).map(({ message }) => message)).toEqual(['see staging/web', row.message]);
  });
});

test('a summary is wrapped below its own column', () => {
  const line = { who: 'staging/web', what: 'task stopped: Essential container in task exited (exit 1)' };

  expect(renderSummary(Date.UTC(2026, 10, 23, 9, 3, 2), line, terminal(80)).split('\n')).toEqual([
    '09:03:02  staging/web          task stopped: Essential container in task exited',
    `${' '.repeat(31)}(exit 1)`,
  ]);
});

describe('columns are aligned', () => {
  const time = Date.UTC(2026, 10, 23, 9, 3, 2);
  const at = (text: string, word: string) =>
    stringWidth(
      text
        .split('\n')
        .find((one) => one.includes(word))
        ?.split(word)[0] ?? '',
    );

  test('in a summary, also for a service with a long name', () => {
    const services = ['staging/web', 'production-europe/payments-api-v2'];
    const lines = services.map((who) => renderSummary(time, { who, what: 'rollout completed' }, terminal(120), whoWidthOf(services)));

    expect(new Set(lines.map((text) => at(text, 'rollout')))).toEqual(new Set([10 + 33 + 1]));
  });

  test('in the result table, also for wide characters', () => {
    const rows = [row, { ...row, what: 'リリース' }, { ...row, what: 'release of 字' }];
    const table = resultTable(rows, terminal(Number.POSITIVE_INFINITY)).split('\n');

    expect(new Set(table.slice(1).map((text) => at(text, 'ROLLED_BACK')))).toEqual(new Set([15]));
  });

  test('where wide characters are wrapped', () => {
    expect(wrap('字字字 字字字 字', 10, '')).toBe('字字字\n字字字 字');
  });
});

test('a word that is longer than the line stays whole', () => {
  expect(wrap('see https://example.com/a/long/path now', 12, '  ')).toBe('see\n  https://example.com/a/long/path\n  now');
});

const repositoryWith = (tags: string[], ofStage?: string[]) => ({
  name: 'web',
  tags,
  stages: [{ name: 'production', services: [], ...(ofStage && { tags: ofStage }) }],
});

describe('a tag for a pattern', () => {
  test.each(['main-*', 'v?', 'v?.*', 'latest', '*', '*-arm64', 'a?c?'])('%s', (pattern) => {
    expect(matchTag([pattern], tagFor(pattern, 2)).isAllowed).toBe(true);
  });

  test.each<[string[], string[] | undefined, string]>([
    [['!*-arm64', 'main-*'], undefined, 'main-2'],
    [[], ['main-*'], 'main-2'],
    [[], ['semver:>=1.2 <3', '!v1.2.0'], 'v1.2.2'],
    [['semver:1.4.2'], undefined, 'v1.4.2'],
    [['/^v[0-9]+$/'], undefined, 'v2'],
    [['*'], ['release-?'], 'release-2'],
  ])('of a repository with %j and a stage with %j reaches the stage', (tags, ofStage, expected) => {
    expect(exampleTag(repositoryWith(tags, ofStage), 2)).toBe(expected);
  });

  test('the first image of an exact tag is named by its digest', () => {
    expect(firstImage(repositoryWith(['latest']))).toMatch(/^web@sha256:[0-9a-f]{64}$/);
    expect(firstImage(repositoryWith(['main-*']))).toBe('web:main-1');
  });
});
