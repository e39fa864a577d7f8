import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtPackage } from '../support/terminal.js';

const run = promisify(execFile);

/** Bytes of the tarball: CI jobs fetch it anew. The page and its server are 150,000 of them. */
const largest = 600_000;

test('the packed command runs where there is nothing else', async () => {
  const source = await builtPackage();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-packed-'));
  try {
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: source });
    const [tarball = ''] = readdirSync(folder);
    await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder });

    expect(statSync(join(folder, tarball)).size).toBeLessThan(largest);
    const command = join(folder, 'node_modules/.bin/slipway');
    const { stdout: help } = await run(command, ['--help'], { cwd: folder });
    const { stdout: version } = await run(command, ['--version'], { cwd: folder });

    const inside = (file: string): string => readFileSync(join(folder, 'node_modules/@slipway-ecs/cli', file), 'utf8');
    expect(inside('LICENSE')).toBe(readFileSync('LICENSE', 'utf8'));
    for (const notice of ['commander 14', '@aws-sdk/client-lambda 3', 'preact 11', 'Permission is hereby granted'])
      expect(inside('dist/notices.txt')).toContain(notice);
    expect(inside('README.md')).toContain('slipway status');
    expect(help).toContain('Usage: slipway [options] [command]');
    expect(version.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@slipway-ecs']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('publint finds nothing to say about the package', async () => {
  const { stdout } = await run('node_modules/.bin/publint', [await builtPackage(), '--strict']);

  expect(stdout).toContain('All good!');
});
