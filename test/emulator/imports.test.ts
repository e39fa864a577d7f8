import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

const emulator = 'emulator';

const services = readdirSync(emulator, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'wire')
  .map(({ name }) => name);

/** Paths below emulator/, with `/` between their parts, that a file of the folder imports. */
const importsOf = (folder: string): { file: string; imported: string }[] =>
  readdirSync(join(emulator, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const file = join(emulator, folder, name);
      const paths = [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path = '']) => path);
      return paths.map((path) => ({
        file,
        imported: normalize(join(dirname(file), path))
          .split(sep)
          .slice(1)
          .join('/'),
      }));
    });

test.each(services)('%s imports of other emulated services only their api.ts', (service) => {
  const internals = importsOf(service).filter(({ imported }) => {
    const [folder = '', ...rest] = imported.split('/');
    return rest.length > 0 && folder !== service && rest.join('/') !== 'api.js';
  });
  expect(internals).toEqual([]);
});
