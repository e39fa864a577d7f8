import { readFileSync } from 'node:fs';
import { createEmulator } from '../../emulator/emulator.js';
import { coverage, coveragePath } from '../../verification/operations/coverage.js';
import { callEveryOperation } from '../../verification/operations/run.js';

test('COVERAGE.md matches the code and its answers; `npm run coverage` writes it', async () => {
  expect(readFileSync(coveragePath, 'utf8')).toBe(await coverage());
});

describe('every operation, called through the JavaScript SDK with what the SDK fills in', () => {
  const run = callEveryOperation();

  test.each(createEmulator().account.operations.map(({ service, name }) => `${service}.${name}`))('%s is answered', async (name) => {
    const { answers, refused } = await run;

    expect(refused.filter((text) => text.startsWith(`${name}:`))).toEqual([]);
    expect([...answers.keys()]).toContain(name);
  });

  test('with members of the API model alone, so that no client loses any', async () => {
    expect((await run).unknown).toEqual([]);
  });
});
