import { readShape, type Shape } from '../../emulator/shape.js';

const shape: Shape = {
  members: {
    name: 'string',
    since: 'timestamp',
    state: { oneOf: ['on', 'off'] },
    list: { list: { members: { key: 'string' } } },
    map: { map: 'string' },
    document: 'any',
  },
};

test.each([[{ unknown: [] }], [{ unknown: {} }], [{ unknown: null }], [{ list: [{ key: 'a', unknown: [] }] }]])(
  'an empty member that is not emulated is absent: %j',
  (value) => {
    expect(JSON.stringify(readShape(value, shape, 'ecs.Try'))).not.toContain('unknown');
  },
);

test.each([
  [{ unknown: [1] }],
  [{ unknown: { a: 1 } }],
  [{ unknown: '' }],
  [{ unknown: 0 }],
  [{ unknown: false }],
  [{ unknown: new Date(0) }],
])('a member with content that is not emulated is answered NotEmulated: %j', (value) => {
  expect(() => readShape(value, shape, 'ecs.Try')).toThrow('member ecs.Try.unknown is not emulated');
});

test('known members are kept, also empty ones and those in documents', () => {
  const value = { name: '', since: new Date(0), state: 'on', list: [], map: { constructor: 'a' }, document: { deep: [], empty: {} } };

  expect(readShape(value, shape, 'ecs.Try')).toEqual(value);
});

test("a value that an enum lacks is refused with the service's code, the member and the values", () => {
  expect(() => readShape({ state: 'On' }, shape, 'ecs.Try', 'InvalidParameterException')).toThrow(
    expect.objectContaining({
      code: 'InvalidParameterException',
      message:
        "1 validation error detected: Value 'On' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [on, off]",
    }),
  );
});

test("no member is known by a name that every object has: 'constructor' is not emulated", () => {
  expect(() => readShape({ constructor: 'a' }, shape, 'ecs.Try')).toThrow('member ecs.Try.constructor is not emulated');
});
