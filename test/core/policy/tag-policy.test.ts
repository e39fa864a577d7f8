import fc from 'fast-check';
import { matchTag } from '../../../core/policy/tag-policy.js';

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
  ['', 'x', false],
])('the pattern "%s" and the tag "%s": %s', (pattern, tag, allowed) => {
  expect(matchTag([pattern], tag).isAllowed).toBe(allowed);
});

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
])('with the patterns %j the tag %s is allowed: %s', (patterns, tag, allowed) => {
  expect(matchTag(patterns, tag).isAllowed).toBe(allowed);
});

test('an excluded tag names the pattern that excludes it', () => {
  expect(matchTag(['*', '!*-arm64'], 'v2-arm64').message).toBe('tag v2-arm64 is excluded by !*-arm64');
});

test('an allowed tag names the first pattern that matches it', () => {
  expect(matchTag(['v1', 'v*', '*'], 'v2')).toEqual({ isAllowed: true, message: 'tag v2 matches v*' });
});

test('a refused tag names every pattern that it was compared with', () => {
  expect(matchTag(['main-*', 'v*'], 'feature-1')).toEqual({
    isAllowed: false,
    message: 'tag feature-1 matches none of the patterns main-*, v*',
  });
});

test('without patterns no tag is allowed', () => {
  expect(matchTag([], 'v1')).toEqual({
    isAllowed: false,
    message: 'tag v1 matches no pattern: slipway.yml has no tags for the repository',
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

test('short patterns give what a regular expression gives', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab*?]{0,6}$/), fc.stringMatching(/^[ab]{1,8}$/), (pattern, tag) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);

      expect(matchTag([pattern], tag).isAllowed).toBe(expression.test(tag));
    }),
  );
});

test('a pattern of many stars is decided, where a regular expression would not end', () => {
  expect(matchTag([`${'a*'.repeat(60)}b`], 'a'.repeat(128)).isAllowed).toBe(false);
});
