import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { unzipSync } from 'fflate';

type Code = { readonly sha256: Buffer; readonly isZip: boolean };

/** By path; every account of the process deploys the same files. */
const known = new Map<string, Code & { readonly modified: number; readonly size: number }>();

const isZip = (bytes: Uint8Array): boolean => {
  try {
    // Reads the directory of the file alone.
    unzipSync(bytes, { filter: () => false });
    return true;
  } catch {
    return false;
  }
};

/** The packaged code in a file. @throws ENOENT */
export const packagedCode = (path: string): Code => {
  const { mtimeMs: modified, size } = statSync(path);
  const last = known.get(path);
  if (last?.modified === modified && last.size === size) return last;
  const bytes = readFileSync(path);
  const code = { sha256: createHash('sha256').update(bytes).digest(), isZip: isZip(bytes), modified, size };
  known.set(path, code);
  return code;
};
