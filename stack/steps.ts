import { readdirSync } from 'node:fs';
import type { Step } from '../functions/runtime/define-step.js';

/** A step and its location: `key` is its name in serverless.yml, `file` its source. */
export type RegisteredStep = Step & { readonly key: string; readonly folder: string; readonly file: string };

/** Folders of functions/ that hold no steps. */
const NO_STEPS = ['query', 'runtime', 'shared'];

/**
 * All steps: every file of functions/ outside the shared folders, so a new file needs no registration. esbuild resolves
 * the import when stack/index.cjs bundles this module; tsx and jest resolve it at run time.
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
