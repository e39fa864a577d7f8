import { readFileSync } from 'node:fs';
import { coverage, coveragePath } from '../../emulator/coverage.js';

test('COVERAGE.md says what the code says; `npx tsx emulator/coverage.ts` writes it anew', () => {
  expect(readFileSync(coveragePath, 'utf8')).toBe(coverage());
});
