import fc from 'fast-check';
import { compareVersions } from '../../../core/policy/version.js';

test.each([
  ['1.2.3', '1.2.3', 0],
  ['v1.2.3', '1.2.3', 0],
  ['1.2.3', '1.10.0', -1],
  ['2.0.0', '1.99.99', 1],
  ['1.0.0-rc.1', '1.0.0', -1],
  ['1.0.0-rc.2', '1.0.0-rc.10', -1],
  ['1.0.0-alpha', '1.0.0-beta', -1],
  ['0.9.0', '0.10.0', -1],
  ['2026.11.27', '2026.9.30', 1],
])('%s compared with %s: %d', (one, other, order) => {
  expect(compareVersions(one, other)).toBe(order);
  expect(compareVersions(other, one)).toBe(order === 0 ? 0 : -order);
});

test.each(['latest', '1.2', 'v1', '20261127', '1.2.3.4', '', 'main-1.2.3'])('"%s" is not compared', (tag) => {
  expect(compareVersions(tag, '1.0.0')).toBeUndefined();
  expect(compareVersions('1.0.0', tag)).toBeUndefined();
});

test('versions are ordered by their numbers', () => {
  const version = fc.tuple(fc.nat(), fc.nat(), fc.nat());

  fc.assert(
    fc.property(version, version, (one, other) => {
      const at = one.findIndex((part, index) => part !== other[index]);
      const order = at < 0 ? 0 : Math.sign((one[at] ?? 0) - (other[at] ?? 0));

      expect(compareVersions(one.join('.'), `v${other.join('.')}`)).toBe(order);
    }),
  );
});
