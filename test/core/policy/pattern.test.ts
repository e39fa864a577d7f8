import fc from 'fast-check';
import { type Pattern, parsePattern } from '../../../core/policy/pattern.js';

const parsed = (written: string): Pattern => {
  const pattern = parsePattern(written);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
};

const matches = (written: string, tag: string): boolean => parsed(written).matches(tag);

test.each([
  ['v1', { kind: 'exact', isExclusion: false }],
  ['1.0', { kind: 'exact', isExclusion: false }],
  ['!latest', { kind: 'exact', isExclusion: true }],
  ['v*', { kind: 'glob', isExclusion: false }],
  ['!*-rc?', { kind: 'glob', isExclusion: true }],
  ['/^v\\d+$/', { kind: 'regex', isExclusion: false }],
  ['!/rc/', { kind: 'regex', isExclusion: true }],
  ['semver:*', { kind: 'semver', isExclusion: false }],
  ['semver-pre:^1', { kind: 'semver', isExclusion: false }],
  ['!semver:<1', { kind: 'semver', isExclusion: true }],
])('%s has its kind', (written, expected) => {
  expect(parsed(written)).toMatchObject({ written, ...expected });
});

describe('a glob matches the whole tag', () => {
  test.each([
    ['v1', 'v1', true],
    ['v1', 'v11', false],
    ['v1', 'V1', false],
    ['v1.0', 'v1x0', false],
    ['main-*', 'main-', true],
    ['main-*', 'main-4f2a', true],
    ['main-*', 'main', false],
    ['main-*', 'domain-4f2a', false],
    ['*', 'anything', true],
    ['*-rc?', 'v1-rc2', true],
    ['*-rc?', 'v1-rc', false],
    ['*-rc?', 'v1-rc22', false],
    ['v?.*', 'v1.4.2', true],
    ['v?.*', 'v10.4', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['**', 'x', true],
  ])('%s and %s: %s', (pattern, tag, expected) => {
    expect(matches(pattern, tag)).toBe(expected);
  });

  test('as the regular expression does that it stands for', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*?]{1,6}$/), fc.stringMatching(/^[ab]{1,8}$/), (pattern, tag) => {
        const oracle = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);

        expect(matches(pattern, tag)).toBe(oracle.test(tag));
      }),
    );
  });

  test('with many stars, where a regular expression would not end', () => {
    expect(matches(`${'a*'.repeat(60)}b`, 'a'.repeat(128))).toBe(false);
  });
});

describe('a regular expression is searched for', () => {
  test.each([
    ['/rc/', 'v1-rc2', true],
    ['/^rc/', 'v1-rc2', false],
    ['/^v\\d+\\.\\d+$/', 'v1.42', true],
    ['/^v\\d+\\.\\d+$/', 'v1.42.0', false],
    ['/^(?:main|release)-[0-9a-f]{7}$/', 'release-4f2a9bc', true],
    ['/^(?:main|release)-[0-9a-f]{7}$/', 'release-4f2a9b', false],
    ['/V1/', 'v1', false],
    ['/(?i)V1/', 'v1', true],
    ['/^[0-9a-f]{40}$/', '0123456789abcdef0123456789abcdef01234567', true],
  ])('%s and %s: %s', (pattern, tag, expected) => {
    expect(matches(pattern, tag)).toBe(expected);
  });

  test("as JavaScript's engine does, for what both know", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('a', 'b', '.', '[^a]', '\\d', '^', '$', '\\b'),
        fc.tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{1,2}')).map(([one, count]) => `(?:${one})${count}`),
        fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `${one}${other}`),
        fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `(${one}|${other})`),
      ),
    }));

    fc.assert(
      fc.property(expression, fc.stringMatching(/^[ab1-]{1,8}$/), (one, tag) => {
        expect(matches(`/${one}/`, tag)).toBe(new RegExp(one).test(tag));
      }),
    );
  });

  // The engine of JavaScript needs about 2^300 steps for each of these: a test that backtracks does not end.
  test.each(['/(a+)+$/', '/^(a|a)*$/', '/^(a*)*b?$/', '/(?:a|aa)+$/', '/^(\\w+\\s?)*$/'])('%s in linear time', (pattern) => {
    expect(matches(pattern, 'a'.repeat(300))).toBe(true);
    expect(matches(pattern, `${'a'.repeat(299)}-`)).toBe(false);
  });
});

describe('a range of versions', () => {
  test.each([
    ['semver:^1.2', 'v1.2.0', true],
    ['semver:^1.2', '1.9.3', true],
    ['semver:^1.2', '2.0.0', false],
    ['semver:^1.2', '1.1.9', false],
    ['semver: ^1.2', '1.2.0', true],
    ['semver:^v1.2', '1.2.0', true],
    ['semver:~1.2', '1.2.9', true],
    ['semver:~1.2', '1.3.0', false],
    ['semver:1.x', '1.0.0', true],
    ['semver:>=1.4 <3', '2.99.0', true],
    ['semver:1 - 2', '2.9.9', true],
    ['semver:^1 || ^3', '3.0.1', true],
    ['semver:^1 || ^3', '2.0.1', false],
    // Before 1.0 the minor version is the one that breaks.
    ['semver:^0.2', '0.2.9', true],
    ['semver:^0.2', '0.3.0', false],
    ['semver:^0.0.3', '0.0.4', false],
    // Pre-releases, which all that follows a hyphen is: also a commit, a variant and a number of a build.
    ['semver:*', '1.0.0', true],
    ['semver:*', '1.0.0-rc.1', false],
    ['semver:^1', '1.2.3-alpine', false],
    ['semver:^1', 'v1.2.3-4f2a9bc', false],
    ['semver:^1', '1.2.3-build.5', false],
    ['semver:>=1.2.0-rc.1', '1.2.0-rc.2', true],
    ['semver:>=1.2.0-rc.1', '1.2.0-beta', false],
    ['semver:>=1.2.0-rc.1', '1.3.0-rc.1', false],
    ['semver-pre:*', '1.0.0-rc.1', true],
    ['semver-pre:^1', '1.2.3-alpine', true],
    ['semver-pre:^1', '1.2.3', true],
    ['semver-pre:^1', '2.0.0-rc.1', false],
    ['semver-pre:>=1.0.0', '1.0.0-rc.1', false],
    // No versions.
    ['semver:*', '1.2', false],
    ['semver:*', 'v1', false],
    ['semver:*', '20261127', false],
    ['semver:*', 'latest', false],
    ['semver:*', 'main-1.2.3', false],
    ['semver:*', '1.2.3.4', false],
    ['semver:*', '1.2.3_5', false],
    ['semver:*', '01.2.3', false],
    ['semver:*', '2026.09.01', false],
    ['semver-pre:*', '1.2.3-01', false],
    ['semver:*', 'vv1.2.3', false],
    ['semver:*', 'V1.2.3', false],
    ['semver:*', `1.2.${'3'.repeat(297)}`, false],
    // Versions by date.
    ['semver:*', '2026.11.27', true],
    ['semver:>=2026.11', '2026.12.0', true],
    ['semver:*', '1.0.20261127203000', true],
  ])('%s and %s: %s', (pattern, tag, expected) => {
    expect(matches(pattern, tag)).toBe(expected);
  });

  test('with pre-releases has every version that it has without', () => {
    const number = fc.nat(3);
    const version = fc.tuple(number, number, number).map((parts) => parts.join('.'));
    const tag = fc.oneof(
      version,
      version.map((one) => `v${one}-rc.1`),
    );

    fc.assert(
      fc.property(fc.constantFrom('^', '~', '>=', '<=', '<', '>', '='), version, tag, (operator, bound, one) => {
        const [without, including] = ['semver:', 'semver-pre:'].map((prefix) => parsePattern(`${prefix}${operator}${bound}`));
        fc.pre(without !== undefined && including !== undefined && 'matches' in without && 'matches' in including);

        expect(including.matches(one) || !without.matches(one)).toBe(true);
        expect(without.matches(one) && one.includes('-')).toBe(false);
      }),
    );
  });
});

test.each([
  ['', 'expected an exact tag, a glob'],
  ['!', 'expected an exact tag, a glob'],
  ['!!v1', 'expected an exact tag, a glob'],
  ['v1@beta', 'expected an exact tag, a glob'],
  ['semvar:^1', 'expected an exact tag, a glob'],
  ['[a-z]+', 'expected an exact tag, a glob'],
  ['.*', 'expected an exact tag, a glob'],
  ['!-rc', 'expected an exact tag, a glob'],
  [' v1', 'expected an exact tag, a glob'],
  ['a'.repeat(301), 'expected an exact tag, a glob'],
  ['^1.0', 'did you mean semver:^1.0?'],
  ['!>=2 <3', 'did you mean !semver:>=2 <3?'],
  ['/v1', 'expected a / after the regular expression'],
  ['/', 'expected a / after the regular expression'],
  ['/v1/i', 'expected nothing after the last /'],
  ['//', 'expected a regular expression between / and /'],
  ['/(/', 'missing closing ) at (; expected'],
  ['/[z-a]/', 'invalid character class range at z-a; expected'],
  ['!/*a/', 'missing argument to repetition operator at *; expected'],
  ['/v(?=1)/', 'no look-around'],
  ['/v(?!1)/', 'no look-around'],
  ['/(?<=v)1/', 'no look-around'],
  ['/(?<!v)1/', 'no look-around'],
  ['/(a)\\1/', 'no back-references'],
  ['/(?P<a>a)\\k<a>/', 'no back-references'],
  [`/${'a'.repeat(301)}/`, 'which is too large'],
  [`/${'(a?){1000}'.repeat(28)}$/`, 'which is too large'],
  ['/a{1001}/', 'invalid repeat count at {1001}; expected'],
  ['semver:', "expected a range of npm's semver"],
  ['semver: ', "expected a range of npm's semver"],
  ['semver:^1.x.y.z', "expected a range of npm's semver"],
  ['semver:latest', "expected a range of npm's semver"],
  ['semver:>=1.0, <2', "expected a range of npm's semver"],
  ['!semver-pre:', "expected a range of npm's semver"],
  [`semver:${'1 || '.repeat(1000)}1`, "expected a range of npm's semver"],
  ['semver:>=2 <1', 'which no version satisfies'],
])('"%s" is no pattern: %s', (written, problem) => {
  expect(parsePattern(written)).toEqual({ problem: expect.stringContaining(problem) });
});

test('any text is a pattern or has a problem, in a message of bounded length', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((one) => `/${one}/`),
    fc.string().map((one) => `semver:${one}`),
  );

  fc.assert(
    fc.property(text, (written) => {
      const pattern = parsePattern(written);

      if ('problem' in pattern) expect(pattern.problem.length).toBeLessThan(500);
      else expect(typeof pattern.matches('v1.2.3')).toBe('boolean');
    }),
  );
});
