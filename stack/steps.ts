import { readdirSync } from 'node:fs';
import type { Step } from '../functions/runtime/define-step.js';

/** A step with its place: `key` is its name in serverless.yml and `file` its source. */
export type RegisteredStep = Step & { readonly key: string; readonly folder: string; readonly file: string };

/** Folders of functions/ that hold no steps. */
const NO_STEPS = ['runtime', 'shared'];

/**
 * Every step: each file of functions/ but for what steps share. No list of them exists anywhere, so a new file is enough.
 * esbuild resolves the import when stack/index.cjs bundles this module; tsx and jest resolve it when it runs.
 */
export const loadSteps = async (): Promise<readonly RegisteredStep[]> => {
  const files = readdirSync('functions')
    .filter((folder) => !NO_STEPS.includes(folder))
    .flatMap((folder) => readdirSync(`functions/${folder}`).map((file) => [folder, file.replace(/\.ts$/, '')] as const));
  return Promise.all(
    files.map(async ([folder, name]) => {
      const { step } = (await import(`../functions/${folder}/${name}.ts`)) as { step: Step };
      return { ...step, key: lowerFirst(step.name), folder, file: `functions/${folder}/${name}.ts` };
    }),
  );
};

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
