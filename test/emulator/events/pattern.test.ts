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

describe('dotted keys and nested objects are the same', () => {
  const nested = { a: { b: { c: 'x', d: 'y' } } };

  test.each<[object, object, boolean]>([
    [nested, { 'a.b': { c: ['x'] } }, true],
    [nested, { 'a.b.c': ['x'], a: { b: { d: ['y'] } } }, true],
    [nested, { 'a.b.c': ['x'], a: { 'b.d': ['x'] } }, false],
    [{ 'a.b': { c: 'x' } }, { a: { b: { c: ['x'] } } }, true],
    [{ 'a.b.c': 'x', a: { b: { d: 'y' } } }, { a: { b: { c: ['x'], d: ['y'] } } }, false],
    [{ 'a.b.c': 'x' }, { 'a.b.c': ['x'] }, true],
    [{ 'a.b': 'x' }, { a: ['x'] }, false],
    [{ 'a.b': 'x' }, { $or: [{ a: { b: ['x'] } }, { c: ['y'] }] }, true],
    [
      {
        a: [
          { b: 1, c: 2 },
          { b: 3, c: 4 },
        ],
      },
      { 'a.b': [1], 'a.c': [4] },
      false,
    ],
    [
      {
        a: [
          { b: 1, c: 2 },
          { b: 3, c: 4 },
        ],
      },
      { 'a.b': [3], 'a.c': [4] },
      true,
    ],
  ])('the event %j, the pattern %j: %s', (event, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });
});

test.each([
  ['10.0.0.0/24', '10.0.0.255', true],
  ['10.0.0.7/24', '10.0.0.255', true],
  ['10.0.0.0/24', '10.0.1.0', false],
  ['10.0.0.0/24', 'ten', false],
  ['10.0.0.0/24', 10, false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8:1234:1a00::/64', '2001:0db8:1234:1a00:0000:0000:0000:0001', true],
  ['2001:db8:1234:1a00::/64', '2001:db8:1234:1a01::1', false],
])('the cidr %s contains %s: %s', (range, ip, expected) => {
  expect(compilePattern({ ip: [{ cidr: range }] })({ ip })).toBe(expected);
});

test.each([
  ['arn:aws:events:us-east-1:*:event-bus/*'],
  ['/Users/*/dir/dir/dir/dir/dir/doc.txt'],
  ['*.bif', '*.tiff', '*.tif', '*.svs'],
  ['*/datasync/*.bif', '*/datasync/*.tif'],
])('wildcards that are simple enough are accepted: %s', (...patterns) => {
  expect(() => compilePattern({ key: patterns.map((wildcard) => ({ wildcard })) })).not.toThrow();
});

test.each([
  ['*:*:*:*:*:event-bus/*'],
  ['*/datasync/*.bif', '*/datasync/*.tif', '*/datasync/*.tiff', '*/datasync/*.svs'],
  ['*aaaaaaaaaaaa'],
])('wildcards that are too complex are refused: %s', (...patterns) => {
  const tooComplex = expect.objectContaining({
    code: 'InvalidEventPatternException',
    message: expect.stringContaining(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    ),
  });

  expect(() => compilePattern({ key: patterns.map((wildcard) => ({ wildcard })) })).toThrow(tooComplex);
  expect(() => compilePattern({ key: [{ 'anything-but': { wildcard: patterns } }] })).toThrow(tooComplex);
});

const anyOf = (...alternatives: unknown[]) => ({ a: { b: alternatives } });
const listTypes = 'Inside anything but list, start|null|boolean is not supported.';
const caseTypes = 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
const unsupported = 'Value of anything-but must be an array or single string/number value.';
const affixTypes = 'prefix/suffix match pattern must be a string';
const mixed = 'Inside anything but list, either all values are number or string, mixed type is not supported';

test.each<[string, unknown]>([
  ['Unrecognized match type regex', anyOf({ regex: '.*' })],
  ['Unrecognized match type NUMERIC', anyOf({ NUMERIC: ['=', 5] })],
  ['Only one key allowed in match expression', anyOf({ prefix: 'a', suffix: 'b' })],
  ['Match expression name not found', anyOf({})],
  ['Match value must be String, number, true, false, or null', anyOf(['x'])],
  ['Empty arrays are not allowed', anyOf()],
  ['exists match pattern must be either true or false.', anyOf({ exists: 'yes' })],
  ['prefix match pattern must be a string', anyOf({ prefix: 1 })],
  ['suffix match pattern must be a string', anyOf({ suffix: ['x'] })],
  ['Unsupported prefix pattern: suffix', anyOf({ prefix: { suffix: 'x' } })],
  ['equals-ignore-case match pattern must be a string', anyOf({ 'equals-ignore-case': ['x'] })],
  ['equals-ignore-case match pattern must be a string', anyOf({ suffix: { 'equals-ignore-case': 1 } })],
  ['wildcard match pattern must be a string', anyOf({ wildcard: 1 })],
  ['Consecutive wildcard characters at pos 26', anyOf({ wildcard: 'arn:aws:events:us-east-1:**:event-bus/*' })],
  ['Invalid escape character at pos 2', anyOf({ wildcard: 'a\\n' })],
  ['Invalid escape character at pos 2', anyOf({ 'anything-but': { wildcard: 'a\\' } })],
  [mixed, anyOf({ 'anything-but': ['x', 1] })],
  [mixed, anyOf({ 'anything-but': [] })],
  [listTypes, anyOf({ 'anything-but': ['x', null] })],
  [unsupported, anyOf({ 'anything-but': null })],
  [unsupported, anyOf({ 'anything-but': { prefix: { 'equals-ignore-case': 'x' } } })],
  [unsupported, anyOf({ 'anything-but': { suffix: null } })],
  ['Unsupported anything-but pattern: exists', anyOf({ 'anything-but': { exists: true } })],
  ['Null prefix/suffix not allowed', anyOf({ 'anything-but': { prefix: '' } })],
  ['Null prefix/suffix not allowed', anyOf({ 'anything-but': { suffix: ['x', ''] } })],
  [affixTypes, anyOf({ 'anything-but': { prefix: 1 } })],
  [affixTypes, anyOf({ 'anything-but': { suffix: [null, '.txt'] } })],
  ['wildcard match pattern must be a string', anyOf({ 'anything-but': { wildcard: [1] } })],
  [caseTypes, anyOf({ 'anything-but': { 'equals-ignore-case': [1] } })],
  ['Value of numeric must be an array.', anyOf({ numeric: 10 })],
  ['Unrecognized numeric range operator: !', anyOf({ numeric: ['!', 1] })],
  ['Value of equals must be numeric', anyOf({ numeric: ['=', '5'] })],
  ['Value of < must be numeric', anyOf({ numeric: ['>', 0, '<'] })],
  ['Bad numeric range operator: >', anyOf({ numeric: ['>', 0, '>', 0] })],
  ['Bottom must be less than top', anyOf({ numeric: ['>', 5, '<', 1] })],
  ['Too many elements in numeric expression', anyOf({ numeric: ['<', 5, '>', 1] })],
  ['Too many terms in numeric range expression', anyOf({ numeric: ['>', 1, '<', 5, 6] })],
  ['Value must be between -5.0E9 and 5.0E9, inclusive', anyOf({ numeric: ['>', 5_000_000_001] })],
  ["Malformed CIDR, one '/' required", anyOf({ cidr: '10.0.0.0' })],
  ['Malformed CIDR, mask bits must be an integer', anyOf({ cidr: 'bad-/64filter' })],
  ['Malformed CIDR, mask bits must not be negative', anyOf({ cidr: '10.0.0.0/-1' })],
  ['Nonstandard IP address: xx.11.xx', anyOf({ cidr: 'xx.11.xx/8' })],
  ['IPv4 mask bits must be < 32', anyOf({ cidr: '10.0.0.0/32' })],
  ['IPv6 mask bits must be < 128', anyOf({ cidr: '::1/128' })],
  ['prefix match pattern must be a string', anyOf({ cidr: ['10.0.0.0/8'] })],
])('a pattern is refused when it is put: %s', (reason, pattern) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidEventPatternException', message: `Event pattern is not valid. Reason: ${reason}\n at a.b` }),
  );
});

test.each<[string, unknown]>([
  ['"source" must be an object or an array', { source: 'aws.ecr' }],
  ['Empty objects are not allowed\n at detail', { detail: {} }],
  ['Empty objects are not allowed', {}],
  ['Filter is not an object', []],
  ['Filter is not an object', 'aws.ecr'],
  ['There must have at least 2 Objects in $or relationship.\n at detail', { detail: { $or: [{ a: ['x'] }] } }],
  ['It must be an Array followed with $or.', { $or: { a: ['x'] } }],
  ['Only JSON object is allowed in array of $or relationship.', { $or: [{ a: ['x'] }, 'b'] }],
])('a pattern of another form is refused: %s', (reason, pattern) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidEventPatternException', message: `Event pattern is not valid. Reason: ${reason}` }),
  );
});

test('a key of the pattern may have any name', () => {
  const pattern = JSON.parse('{"__proto__": {"a": ["x"]}, "constructor": ["y"]}') as object;

  expect(compilePattern(pattern)(JSON.parse('{"__proto__": {"a": "x"}, "constructor": "y"}'))).toBe(true);
  expect(compilePattern(pattern)({ a: 'x' })).toBe(false);
  expect(compilePattern({ constructor: [{ exists: true }] })({})).toBe(false);
});
