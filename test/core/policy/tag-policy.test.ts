import fc from 'fast-check';
import { matchTag, reach } from '../../../core/policy/tag-policy.js';

test.each([
  [['main-*', '!*-arm64'], 'main-7', true],
  [['main-*', '!*-arm64'], 'main-7-arm64', false],
  [['!*-arm64', 'main-*'], 'main-7-arm64', false],
  [['main-*', '!main-7-amd64'], 'main-7-amd64', false],
  [['main-*', '!main-7-amd64'], 'main-7-amd640', true],
  [['*', '!*-rc?', '!latest'], 'v1-rc2', false],
  [['*', '!*-rc?', '!latest'], 'latest', false],
  [['*', '!*-rc?', '!latest'], 'v1', true],
  [['!*-arm64'], 'main-7', false],
  [['v*', '!/-rc\\d+$/'], 'v1-rc2', false],
  [['v*', '!/-rc\\d+$/'], 'v1-rc', true],
  [['*', '!semver:<1.4'], 'v1.3.9', false],
  [['*', '!semver:<1.4'], 'v1.4.0', true],
  [['*', '!semver:<1.4'], 'main-7', true],
  [['semver-pre:*', '!semver-pre:<1.4'], '1.3.0-rc.1', false],
])('with the patterns %j the tag %s is allowed: %s', (patterns, tag, allowed) => {
  expect(matchTag(patterns, tag).isAllowed).toBe(allowed);
});

test('an excluded tag names the pattern that excludes it', () => {
  expect(matchTag(['*', '!*-arm64'], 'v2-arm64')).toEqual({
    isAllowed: false,
    isVersioned: false,
    pattern: '!*-arm64',
    kind: 'glob',
    message: 'tag v2-arm64 is excluded by !*-arm64',
  });
});

test('an allowed tag names the first pattern that matches it', () => {
  expect(matchTag(['v1', 'v*', '*'], 'v2')).toEqual({
    isAllowed: true,
    isVersioned: false,
    pattern: 'v*',
    kind: 'glob',
    message: 'tag v2 matches v*',
  });
});

test('a refused tag names every pattern that it was compared with', () => {
  expect(matchTag(['main-*', 'semver:^1'], 'feature-1')).toEqual({
    isAllowed: false,
    isVersioned: false,
    message: 'tag feature-1 matches none of the patterns main-*, semver:^1',
  });
});

test('a tag is a version if any pattern for versions matches it, wherever that stands', () => {
  expect(matchTag(['v*', 'semver:^1'], 'v1.2.3')).toMatchObject({ pattern: 'v*', isVersioned: true });
  expect(matchTag(['v*', 'semver:^2'], 'v1.2.3')).toMatchObject({ isAllowed: true, isVersioned: false });
  expect(matchTag(['semver:^1', '!v1.2.3'], 'v1.2.3')).toMatchObject({ isAllowed: false, isVersioned: false });
});

test('no tag is allowed without patterns, or beside a pattern that cannot be parsed', () => {
  expect(matchTag([], 'v1').isAllowed).toBe(false);
  expect(matchTag(['v1', '!/(/'], 'v1')).toEqual({
    isAllowed: false,
    isVersioned: false,
    message: expect.stringMatching(/^tag v1 is refused, because a pattern is "!\/\(\/": missing closing \)/),
  });
});

const tags = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/);

test('a tag matches itself, and itself with any stretch replaced by *', () => {
  fc.assert(
    fc.property(tags, fc.nat(30), fc.nat(30), (tag, from, length) => {
      expect(matchTag([tag], tag).isAllowed).toBe(true);
      expect(matchTag([`${tag.slice(0, from)}*${tag.slice(from + length)}`], tag).isAllowed).toBe(true);
    }),
  );
});

test('a tag matches itself with any one character replaced by ?', () => {
  fc.assert(
    fc.property(tags, fc.nat(), (tag, place) => {
      const at = place % tag.length;

      expect(matchTag([`${tag.slice(0, at)}?${tag.slice(at + 1)}`], tag).isAllowed).toBe(true);
    }),
  );
});

test('an exclusion always wins, and the order of patterns changes nothing', () => {
  const patterns = fc.constantFrom('*', 'v1.2.3', 'v?.*', '/^v1/', 'semver:^1', 'semver-pre:*', 'main-*', '/-rc/');
  const list = fc.array(fc.tuple(fc.boolean(), patterns), { minLength: 1, maxLength: 5 });
  const tag = fc.constantFrom('v1.2.3', 'v1.3.0-rc.1', 'main-7', 'main-7-rc1', 'v2.0.0', 'latest');

  fc.assert(
    fc.property(list, tag, (written, one) => {
      const texts = written.map(([excludes, pattern]) => `${excludes ? '!' : ''}${pattern}`);
      const takes = (pattern: string) => matchTag([pattern], one).isAllowed;
      const [excluding, including] = [true, false].map((kind) => written.filter(([excludes]) => excludes === kind).map(([, text]) => text));
      const { isAllowed, isVersioned } = matchTag(texts, one);

      expect(isAllowed).toBe(!excluding?.some(takes) && including?.some(takes));
      expect(matchTag(texts.toReversed(), one)).toMatchObject({ isAllowed, isVersioned });
    }),
  );
});

describe('a tag reaches a stage', () => {
  const stage = (patterns?: string[]) => ({ name: 'production', ...(patterns && { tags: patterns }) });

  test.each([
    [['main-*', 'v*'], undefined, 'main-7', { isReached: true, rule: 'main-*', message: 'tag main-7 matches main-*' }],
    [['main-*', 'v*'], ['v*'], 'v1', { isReached: true, rule: 'v*', message: 'tag v1 matches v* of stage production' }],
    [['main-*', 'v*'], ['v*'], 'main-7', { isReached: false, message: 'tag main-7 matches none of the patterns v* of stage production' }],
    [['main-*'], ['v*'], 'v1', { isReached: false, message: 'tag v1 matches none of the patterns main-*' }],
    [[], ['v*'], 'v1', { isReached: true, rule: 'v*' }],
    [[], ['v*', '!*-rc'], 'v1-rc', { isReached: false, rule: '!*-rc', message: 'tag v1-rc is excluded by !*-rc of stage production' }],
    [['v*', '!*-rc'], ['v*'], 'v1-rc', { isReached: false, rule: '!*-rc', message: 'tag v1-rc is excluded by !*-rc' }],
    [[], undefined, 'v1', { isReached: false }],
    [[], [], 'v1', { isReached: false }],
  ])('that has %j of the repository and %j of its own, by %s: %j', (ofRepository, ofStage, tag, expected) => {
    expect(reach({ tags: ofRepository }, stage(ofStage), tag)).toMatchObject(expected);
  });

  test.each([
    [['semver:*'], undefined, true],
    [['semver:*'], ['v*'], true],
    [['v*'], ['semver:^1'], true],
    [['v*'], ['v1.*'], false],
    [['semver:*'], ['v2.*'], false],
  ])('as a version if %j or %j says so: %s', (ofRepository, ofStage, isVersioned) => {
    expect(reach({ tags: ofRepository }, stage(ofStage), 'v1.2.3').isVersioned).toBe(isVersioned);
  });
});
