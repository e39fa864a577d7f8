import { sizeOfItem } from '../../bench/sizes.js';

test.each([
  [{ pk: { S: 'a' } }, 3],
  [{ pk: { S: 'é' } }, 4],
  [{ yes: { BOOL: true }, none: { NULL: true } }, 4 + 5],
  [{ m: { M: { a: { S: 'xy' } } } }, 1 + 3 + 1 + 3],
  [{ l: { L: [{ S: 'xy' }, { S: 'z' }] } }, 1 + 3 + 2 + 3],
  [{ s: { SS: ['xy', 'z'] } }, 1 + 3],
])('%j has %d bytes', (item, bytes) => {
  expect(sizeOfItem(item)).toBe(bytes);
});
