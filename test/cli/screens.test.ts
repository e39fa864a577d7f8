import { stripVTControlCharacters } from 'node:util';
import { statusLines } from '../../cli/render/status.js';
import { createEmulator, type Emulator } from '../../emulator/emulator.js';
import { onTerminal, reaching, runCommand } from '../support/terminal.js';
import { status, styleOf } from './render/answers.js';

const region = 'eu-west-1';

let emulator: Emulator;
let env: Record<string, string>;
let stop: () => Promise<void>;
beforeAll(async () => {
  emulator = createEmulator({ region });
  const { url } = await emulator.listen({ port: 0 });
  env = { ...reaching(url, region) };
  stop = emulator.runInRealTime(1);
  emulator.account.services.lambda.putUserFunction('slipway-prod-query', () => status);
});
afterAll(async () => {
  await stop();
  await emulator.close();
});

/** A terminal breaks lines that are too long for it, wherever they are. */
const withoutSpace = (lines: readonly string[]): string => lines.join('').replaceAll(/\s/g, '');

test.each([80, 120])('a terminal of %i columns shows what is rendered for that width', async (columns) => {
  const screen = await onTerminal(['status', '--stage', 'prod'], { columns, rows: 60, env });

  expect(await screen.status).toBe(0);
  expect(withoutSpace(await screen.lines())).toBe(withoutSpace(statusLines(status, styleOf(columns))));
  expect(screen.raw()).toContain('\u001b[');
});

test('NO_COLOR leaves out the colours, and a pipe gets whole lines without them', async () => {
  const screen = await onTerminal(['status', '--stage', 'prod'], { columns: 80, rows: 60, env: { ...env, NO_COLOR: '1' } });
  expect(await screen.status).toBe(0);
  expect(stripVTControlCharacters(screen.raw())).toBe(screen.raw());

  const { stdout } = await runCommand(['status', '--stage', 'prod'], { env });
  expect(stdout).toBe(`${statusLines(status, styleOf(Number.POSITIVE_INFINITY)).join('\n')}\n`);
});
