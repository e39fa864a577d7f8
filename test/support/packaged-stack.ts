import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageStackAsync } from '../../stack/package-stack.js';

/** A packaged stack: its template is in `directory`. */
export type Stack = { readonly directory: string; readonly configurationFile: string };

/**
 * Packages a configuration, by default without bundles, once in a run of Jest, or once for all runs with the same SLIPWAY_PACKAGES, a folder: the first worker that
 * needs it packages it, the others wait.
 *
 * @throws Error with the output of the packaging if that failed
 */
export const givenPackagedStack = async (configurationFile: string, { bundles = false } = {}): Promise<Stack> => {
  const folder = join(
    process.env.SLIPWAY_PACKAGES ?? process.env.SLIPWAY_TEST_RUN ?? '',
    `${configurationFile.replaceAll('/', '-')}${bundles ? '' : '-unbundled'}`,
  );
  const directory = join(folder, 'stack');
  const failure = join(folder, 'failure');
  const isFirst = mkdirSync(folder, { recursive: true }) !== undefined;
  if (isFirst) {
    const packaged = await packageStackAsync(configurationFile, { bundles });
    if (packaged.exitCode !== 0) writeFileSync(failure, packaged.output);
    else {
      cpSync(packaged.directory, `${directory}.partial`, { recursive: true });
      renameSync(`${directory}.partial`, directory);
    }
    packaged.remove();
  }
  while (!existsSync(directory)) {
    if (existsSync(failure)) throw new Error(readFileSync(failure, 'utf8'));
    await sleep(100);
  }
  return { directory, configurationFile };
};

type Template = {
  readonly Resources: Record<string, { Type: string; Properties: { Environment?: { Variables?: Record<string, unknown> } } }>;
};

/** A template as a later packaging writes it: every function has another PACKAGED_AT, and so another version. */
export const laterPackaging = (packaged: string, packagedAt: string): Template => {
  const template = JSON.parse(packaged.replaceAll(/\b(\w+LambdaVersion\w+)/g, `$1Next${packagedAt}`)) as Template;
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::Function') Object.assign(Properties.Environment?.Variables ?? {}, { PACKAGED_AT: packagedAt });
  return template;
};
