import fc from 'fast-check';
import { charactersOf, cut } from '../../../core/notification/cut.js';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc'],
  ['ab😀', 3, 'ab'],
  ['ab😀', 4, 'ab😀'],
  ['ab😀c', 4, 'ab😀'],
  ['ab👍🏽', 4, 'ab'],
  ['ab👍🏽', 6, 'ab👍🏽'],
  ['a👩‍💻b', 5, 'a'],
  ['a👩‍💻b', 6, 'a👩‍💻'],
  ['ae\u0301', 2, 'a'],
  ['🇩🇪🇫🇷', 6, '🇩🇪'],
  ['한국', 1, '한'],
  ['a\ud83d', 2, 'a\ufffd'],
  ['\ude00a', 5, '\ufffda'],
  ['', 3, ''],
])('%j cut to %i units is %j', (text, limit, expected) => {
  expect(cut(text, limit)).toBe(expected);
});

test('a text is cut to the longest beginning of whole characters that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(80), (text, limit) => {
      const characters = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => segment);
      const shown = cut(text, limit);

      expect(shown.length).toBeLessThanOrEqual(limit);
      expect(characters.slice(0, [...charactersOf(shown)].length).join('')).toBe(shown);
      const next = characters[[...charactersOf(shown)].length];
      if (next !== undefined) expect(shown.length + next.length).toBeGreaterThan(limit);
    }),
  );
});

test('no half of a surrogate pair remains of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(50), (text, limit) => {
      expect(cut(text.slice(1), limit)).not.toMatch(/\p{Surrogate}/u);
    }),
  );
});
