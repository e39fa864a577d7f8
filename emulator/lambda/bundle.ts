import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** Unzips packaged functions, each distinct zip file once. */
export class Bundles {
  #given: string | undefined;
  #made: string | undefined;

  constructor(workDir: string | undefined) {
    this.#given = workDir;
  }

  get #folder(): string {
    if (this.#given !== undefined) return this.#given;
    this.#made ??= mkdtempSync(join(tmpdir(), 'lambda-'));
    return this.#made;
  }

  /** The folder of the unzipped code: what is /var/task in Lambda. */
  unzip(zipPath: string, hash: string): string {
    const root = resolve(this.#folder, hash.slice(0, 16));
    if (existsSync(root)) return root;
    // A folder gets its final name once it is complete, so that two processes can share it.
    mkdirSync(this.#folder, { recursive: true });
    const partial = mkdtempSync(`${root}-`);
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zipPath)))) {
      const path = resolve(partial, name);
      if (!path.startsWith(partial + sep)) throw new Error(`${zipPath}: entry ${name} lies outside of the zip file's own folder`);
      if (name.endsWith('/')) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    if (existsSync(root)) rmSync(partial, { recursive: true });
    else renameSync(partial, root);
    return root;
  }

  close(): void {
    if (this.#made !== undefined) rmSync(this.#made, { recursive: true, force: true });
    this.#made = undefined;
  }
}

/** `functions/plan.handler` is `handler` of functions/plan.js, .mjs or .cjs: Lambda looks in this order. */
export const handlerOf = (root: string, handler: string): { file: string | undefined; module: string; name: string } => {
  const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
  const module = handler.slice(0, dot);
  const file = ['.js', '.mjs', '.cjs'].map((extension) => join(root, module + extension)).find(existsSync);
  return { file, module, name: handler.slice(dot + 1) };
};
