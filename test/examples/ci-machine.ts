import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

export type Ended = { readonly status: number | null; readonly said: string };

/** The folder of a job, with the programs that its machine has and this one may lack. Each is a script of Bash. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'job-'));
  readonly #programs = join(this.folder, '.programs');

  constructor(programs: Readonly<Record<string, string>>) {
    for (const [name, script] of Object.entries(programs)) this.install(join(this.#programs, name), script);
  }

  install(path: string, script: string): void {
    const file = resolve(this.folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs lines in one shell, with these variables and no others of ours. */
  run(
    lines: readonly string[],
    variables: Readonly<Record<string, string>>,
    flags: readonly string[] = ['-eo', 'pipefail'],
  ): Promise<Ended> {
    const { PATH, HOME } = process.env;
    const child = spawn('bash', ['--noprofile', '--norc', ...flags, '-c', lines.join('\n')], {
      cwd: this.folder,
      env: { HOME, CI: 'true', ...variables, PATH: `${this.#programs}:${PATH}` },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    return new Promise((done, failed) => child.once('error', failed).once('close', (status) => done({ status, said })));
  }
}

/** The start of a command line for a program of test/examples, bundled into a file: it is called often. */
export const bundled = (file: string): string => {
  const outfile = join(mkdtempSync(join(tmpdir(), 'program-')), 'program.cjs');
  buildSync({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return `exec '${process.execPath}' '${outfile}'`;
};

/** A package for npm in the way that `npm pack` makes it, of a folder that is named `package`, and what `sha512sum` says of it. */
export const packed = (folder: string): { readonly SLIPWAY_TARBALL: string; readonly SLIPWAY_SHA512: string } => {
  const file = `${folder}.tgz`;
  execFileSync('tar', ['-czf', file, '-C', dirname(folder), basename(folder)]);
  return { SLIPWAY_TARBALL: `file://${file}`, SLIPWAY_SHA512: createHash('sha512').update(readFileSync(file)).digest('hex') };
};
