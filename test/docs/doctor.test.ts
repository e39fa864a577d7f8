import { findingCodes } from '../../core/doctor/finding.js';
import { pageNamed } from './pages.js';

test('docs/doctor.md lists every finding, in the order of the code', () => {
  const listed = [...pageNamed('docs/doctor.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);

  expect(listed).toEqual([...findingCodes]);
});
