import { compilePattern } from '../../../emulator/events/pattern.js';

const push = {
  source: 'aws.ecr',
  'detail-type': 'ECR Image Action',
  resources: [],
  detail: { 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': 'shop', 'image-tag': 'main-42' },
};

const order = {
  detail: {
    total: 300,
    isPaid: true,
    coupon: null,
    path: 'dir/image.PNG',
    tags: ['new', 'vip'],
    none: [],
    items: [
      { sku: 'a', count: 1 },
      { sku: 'b', count: 5 },
    ],
    nested: { deep: { er: 'x*y' } },
  },
};

const detail = (pattern: object) => ({ detail: pattern });

test.each<[string, object, object, boolean]>([
  ['a push by source, action and result', push, { source: ['aws.ecr'], detail: { 'action-type': ['PUSH'], result: ['SUCCESS'] } }, true],
  ['one of several repositories', push, detail({ 'repository-name': ['cart', 'shop'] }), true],
  ['none of the repositories', push, detail({ 'repository-name': ['cart', 'sho'] }), false],
  ['a key that the event has not', push, detail({ digest: ['x'] }), false],
  ['a number', order, detail({ total: [300] }), true],
  ['a number is not its text', order, detail({ total: ['300'] }), false],
  ['a boolean', order, detail({ isPaid: [true] }), true],
  ['the other boolean', order, detail({ isPaid: [false] }), false],
  ['null', order, detail({ coupon: [null] }), true],
  ['null where nothing is', order, detail({ nothing: [null] }), false],
  ['any element of an array', order, detail({ tags: ['vip'] }), true],
  ['no element of an array', order, detail({ tags: ['old'] }), false],
  ['an array of objects, one of which matches whole', order, detail({ items: { sku: ['b'], count: [5] } }), true],
  ['an array of objects, none of which matches whole', order, detail({ items: { sku: ['a'], count: [5] } }), false],
  ['nested objects', order, detail({ nested: { deep: { er: ['x*y'] } } }), true],
  ['a nested pattern where the event has a plain value', order, detail({ total: { deep: ['x'] } }), false],
  ['a prefix', push, detail({ 'image-tag': [{ prefix: 'main-' }] }), true],
  ['another prefix', push, detail({ 'image-tag': [{ prefix: 'release-' }] }), false],
  ['a prefix of a number', order, detail({ total: [{ prefix: '3' }] }), false],
  ['a prefix in any case', push, detail({ 'image-tag': [{ prefix: { 'equals-ignore-case': 'MAIN-' } }] }), true],
  ['a suffix', order, detail({ path: [{ suffix: '.PNG' }] }), true],
  ['a suffix in the wrong case', order, detail({ path: [{ suffix: '.png' }] }), false],
  ['a suffix in any case', order, detail({ path: [{ suffix: { 'equals-ignore-case': '.png' } }] }), true],
  ['equal in any case', push, detail({ result: [{ 'equals-ignore-case': 'success' }] }), true],
  ['not equal in any case', push, detail({ result: [{ 'equals-ignore-case': 'succes' }] }), false],
  ['anything but a value', push, detail({ 'image-tag': [{ 'anything-but': 'latest' }] }), true],
  ['anything but this value', push, detail({ 'image-tag': [{ 'anything-but': 'main-42' }] }), false],
  ['anything but a list', push, detail({ 'image-tag': [{ 'anything-but': ['latest', 'main-42'] }] }), false],
  ['anything but numbers', order, detail({ total: [{ 'anything-but': [100, 200] }] }), true],
  ['anything but, where nothing is', push, detail({ nothing: [{ 'anything-but': 'x' }] }), false],
  ['anything but, which one element of the array is', order, detail({ tags: [{ 'anything-but': 'new' }] }), true],
  ['anything but a prefix', push, detail({ 'image-tag': [{ 'anything-but': { prefix: 'main-' } }] }), false],
  ['anything but prefixes', push, detail({ 'image-tag': [{ 'anything-but': { prefix: ['pr-', 'dev-'] } }] }), true],
  ['anything but a suffix', push, detail({ 'image-tag': [{ 'anything-but': { suffix: '-42' } }] }), false],
  ['anything but wildcards', push, detail({ 'image-tag': [{ 'anything-but': { wildcard: ['*-cache', '*sha256-*'] } }] }), true],
  ['anything but this wildcard', push, detail({ 'image-tag': [{ 'anything-but': { wildcard: 'm*2' } }] }), false],
  ['anything but in any case', push, detail({ result: [{ 'anything-but': { 'equals-ignore-case': 'success' } }] }), false],
  ['a wildcard', push, detail({ 'image-tag': [{ wildcard: 'main-*' }] }), true],
  ['a wildcard in the middle, and of nothing', push, detail({ 'image-tag': [{ wildcard: 'ma*in-4*2' }] }), true],
  ['a wildcard that matches a part only', push, detail({ 'image-tag': [{ wildcard: '*main' }] }), false],
  ['a wildcard keeps the dot plain', push, detail({ 'image-tag': [{ wildcard: 'main.*' }] }), false],
  ['an escaped star', order, detail({ nested: { deep: { er: [{ wildcard: 'x\\*y' }] } } }), true],
  ['an escaped star where another letter is', { detail: { a: 'xzy' } }, detail({ a: [{ wildcard: 'x\\*y' }] }), false],
  ['exists', push, detail({ 'image-tag': [{ exists: true }] }), true],
  ['exists, where nothing is', push, detail({ nothing: [{ exists: true }] }), false],
  ['exists, where null is', order, detail({ coupon: [{ exists: true }] }), true],
  ['does not exist', push, detail({ nothing: [{ exists: false }] }), true],
  ['does not exist, where something is', push, detail({ result: [{ exists: false }] }), false],
  ['does not exist, in an object that is not there', push, detail({ some: { thing: [{ exists: false }] } }), true],
  ['an empty array does not exist', order, detail({ none: [{ exists: false }] }), true],
  ['absent or one value', push, detail({ nothing: [{ exists: false }, 'x'] }), true],
  ['numeric equality', order, detail({ total: [{ numeric: ['=', 300] }] }), true],
  ['a numeric range', order, detail({ total: [{ numeric: ['>', 0, '<=', 300] }] }), true],
  ['outside of a numeric range', order, detail({ total: [{ numeric: ['>', 0, '<', 300] }] }), false],
  ['numeric of a text', push, detail({ result: [{ numeric: ['>', 0] }] }), false],
  ['$or, first', order, detail({ $or: [{ total: [300] }, { isPaid: [false] }] }), true],
  ['$or, second', order, detail({ $or: [{ total: [1] }, { isPaid: [true] }] }), true],
  ['$or, none', order, detail({ $or: [{ total: [1] }, { isPaid: [false] }] }), false],
  ['$or beside another key', order, { detail: { tags: ['old'], $or: [{ total: [300] }, { isPaid: [true] }] } }, false],
])('%s', (_title, event, pattern, expected) => {
  expect(compilePattern(pattern)(event)).toBe(expected);
});

test.each<[string, unknown]>([
  ['Unrecognized match type regex at detail.tag', detail({ tag: [{ regex: '.*' }] })],
  ['Only one key allowed in match expression at detail.tag', detail({ tag: [{ prefix: 'a', suffix: 'b' }] })],
  ['"source" must be an object or an array', { source: 'aws.ecr' }],
  ['Empty arrays are not allowed at source', { source: [] }],
  ['Empty objects are not allowed at detail', { detail: {} }],
  ['the pattern must be a JSON object', []],
  ['exists match pattern must be either true or false at a', { a: [{ exists: 'yes' }] }],
  ['prefix match pattern must be a string at a', { a: [{ prefix: 1 }] }],
  ['Consecutive wildcard characters at a: x**', { a: [{ wildcard: 'x**' }] }],
  ['Inside anything-but list must be all strings or all numbers at a', { a: [{ 'anything-but': ['x', 1] }] }],
  ['Unsupported anything-but pattern: exists at a', { a: [{ 'anything-but': { exists: true } }] }],
  ['Unrecognized numeric range operator: ! at a', { a: [{ numeric: ['!', 1] }] }],
  ['Bottom must be less than top at a', { a: [{ numeric: ['>', 5, '<', 1] }] }],
  ['"$or" at detail must be an array of at least two objects', { detail: { $or: [{ a: ['x'] }] } }],
])('a pattern is refused when it is put: %s', (reason, pattern) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidEventPatternException', message: `Event pattern is not valid. Reason: ${reason}` }),
  );
});

test('cidr is answered NotEmulated, never ignored', () => {
  expect(() => compilePattern({ ip: [{ cidr: '10.0.0.0/24' }] })).toThrow(expect.objectContaining({ code: 'NotEmulated' }));
});
