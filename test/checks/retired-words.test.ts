import { retiredFinder } from '../../checks/retired-words.js';

const find = retiredFinder({ words: { 'old words?': 'new word', 'grey(?! area)': 'gray' }, names: { oldName: 'newName' } });

test.each([
  ['in any case', 'An Old word.', 1, 'new word'],
  ['in an identifier', '\nconst oldWordsCount = 1;', 2, 'new word'],
  ['in a constant', 'const OLD_WORD = 1;', 1, 'new word'],
  ['across the lines of a comment', '/**\n * An old\n * word.\n */', 2, 'new word'],
  ['as a whole name', 'call(oldName);', 1, 'newName'],
])('a retired word is found %s, with its line and what to write instead', (_, text, line, instead) => {
  expect(find({ path: 'core/file.ts', text })).toMatchObject([{ line, instead }]);
});

test('a retired word is found in the name of a file', () => {
  expect(find({ path: 'core/old-word.ts', text: '' })).toMatchObject([{ line: 0, instead: 'new word' }]);
});

test('a part of another word, and a phrase that the list excepts, are not retired', () => {
  expect(find({ path: 'core/file.ts', text: 'foldwords, myoldNames, a grey area' })).toEqual([]);
});
