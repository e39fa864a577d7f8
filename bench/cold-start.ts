import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import type { Configuration } from '../core/configuration/configuration.js';
import { clientsIn, type Measured, overBudget } from './budget.js';
import { defaultBundle, packagedBundle } from './bundles.js';
import { lambdaRuntime, type Runtime } from './lambda-runtime.js';
import { median } from './median.js';

/** A packaged function and its twin: the same source bundled with esbuild's defaults. */
export type ColdStart = Measured & {
  readonly name: string;
  readonly clientNames: readonly string[];
  readonly twin: { readonly bytes: number; readonly gzipped: number; readonly milliseconds: number };
  readonly milliseconds: number;
  /** The import on Lambda's version of Node.js, of the function and of its twin; undefined where there is none to measure with. */
  readonly onLambda: { readonly milliseconds: number; readonly byDefault: number } | undefined;
  /** The exceeded limits; empty if the function is within its budget. */
  readonly over: readonly string[];
};

const REPETITIONS = 15;

// The variables that Lambda and serverless.yml set. Nothing is invoked, so the values are never used.
const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_SESSION_TOKEN: 'any',
  TABLE_NAME: 'table',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:topic',
};

const millisecondsOfImport = (file: string, { path }: Runtime): number => {
  const { stdout, stderr, status } = spawnSync(path, ['bench/import-time.mjs', file], { encoding: 'utf8', env: environment });
  if (status !== 0) throw new Error(`${file} could not be imported: ${stderr}`);
  return Number(stdout);
};

const weigh = (content: Uint8Array): { bytes: number; gzipped: number } => ({ bytes: content.length, gzipped: gzipSync(content).length });

/** Measures every function that was packaged into `directory`, alternating with its twin. */
export const coldStarts = async (directory: string, configuration: Configuration): Promise<ColdStart[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const runtime = lambdaRuntime();
    const found: ColdStart[] = [];
    for (const zip of readdirSync(directory).filter((name) => name.endsWith('.zip'))) {
      found.push(await coldStart(join(directory, zip), folder, configuration, runtime));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Medians, with the two files in turn. */
const importTimes = (file: string, twinFile: string, runtime: Runtime) => {
  const times: number[] = [];
  const twinTimes: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    times.push(millisecondsOfImport(file, runtime));
    twinTimes.push(millisecondsOfImport(twinFile, runtime));
  }
  return { milliseconds: median(times), byDefault: median(twinTimes) };
};

const coldStart = async (zip: string, folder: string, configuration: Configuration, runtime: Runtime | undefined): Promise<ColdStart> => {
  const [entry] = Object.entries(unzipSync(readFileSync(zip)));
  if (!entry) throw new Error(`${zip} is empty`);
  const [path, content] = entry;
  const source = path.replace(/\.\w+$/, '.ts');
  const [{ inputs }, byDefault] = await Promise.all([packagedBundle(source, configuration), defaultBundle(source, configuration)]);

  const file = write(join(folder, path), content);
  const twinFile = write(join(folder, 'default', path.replace(/\.\w+$/, '.cjs')), Buffer.from(byDefault.text));
  const { milliseconds, byDefault: twinMilliseconds } = importTimes(file, twinFile, { path: process.execPath, version: process.version });
  const onLambda = runtime && importTimes(file, twinFile, runtime);
  const clientNames = clientsIn(inputs);
  const twin = { ...weigh(Buffer.from(byDefault.text)), milliseconds: twinMilliseconds };
  const measured = { ...weigh(content), clients: clientNames.length, ratio: milliseconds / twin.milliseconds };
  const name = basename(path, extname(path));
  return { name, clientNames, ...measured, milliseconds, onLambda, twin, over: overBudget(measured) };
};

const write = (file: string, content: Uint8Array): string => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
