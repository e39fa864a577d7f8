import { clean } from '../../../cli/render/clean.js';
import { jsonText } from '../../../cli/render/json.js';

describe('clean', () => {
  test.each([
    ['\u001b[31mERROR\u001b[0m at \u001b[1mstart', 'ERROR at start'],
    ['\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', 'link'],
    ['a\u009b2Jb', 'ab'],
    ['first\r\nsecond\u2028third', 'first second third'],
    ['safe\u202etxt.exe', 'safe txt.exe'],
    ['    at indented\ttab', '    at indented tab'],
    ['Grüße 日本 👍', 'Grüße 日本 👍'],
  ])('%j', (untrusted, safe) => expect(clean({ deep: [{ text: untrusted, count: 3 }] })).toEqual({ deep: [{ text: safe, count: 3 }] }));
});

test('JSON has no control character of a terminal, and means the same', () => {
  const value = { text: 'a\u009b2J\u202eb\u001b[0m\u2028', 日本: '👍' };
  expect(jsonText(value)).toBe('{"text":"a\\u009b2J\\u202eb\\u001b[0m\\u2028","日本":"👍"}');
  expect(JSON.parse(jsonText(value))).toEqual(value);
});
