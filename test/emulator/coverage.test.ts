import { readFileSync } from 'node:fs';
import { coverage, coveragePath } from '../../emulator/coverage.js';

test('COVERAGE.md matches the code; `npx tsx emulator/coverage.ts` writes it', () => {
  expect(readFileSync(coveragePath, 'utf8')).toBe(coverage());
});
