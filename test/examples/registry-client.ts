import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ECR } from '@aws-sdk/client-ecr';

/**
 * What the jobs call of `aws` and `docker`, with the SDK's own ways to credentials. A build is the manifest in the folder's Dockerfile;
 * it is pushed by ECR's API.
 */
const [program, ...args] = process.argv.slice(2);
const ecr = new ECR({ region: process.env.AWS_REGION ?? '', maxAttempts: 1 });

const logIn = (): void => {
  if (readFileSync(0, 'utf8').trim() === '') throw new Error('no password on standard input');
};

const password = async (): Promise<void> => {
  const { authorizationData = [] } = await ecr.getAuthorizationToken({});
  const [, secret = ''] = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':');
  console.log(secret);
};

const build = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      push: { type: 'boolean' },
      tag: { type: 'string', default: '' },
      label: { type: 'string', multiple: true },
      'metadata-file': { type: 'string', default: '' },
    },
  });
  const [, repositoryName, imageTag] = /^[^/]+\/(.+):(.+)$/.exec(values.tag) ?? [];
  if (positionals.join(' ') !== 'buildx build .' || !values.push) throw new Error(`unexpected: ${args.join(' ')}`);
  const { image } = await ecr.putImage({ repositoryName, imageTag, imageManifest: readFileSync('Dockerfile', 'utf8') });
  writeFileSync(values['metadata-file'], JSON.stringify({ 'containerimage.digest': image?.imageId?.imageDigest }));
};

const commands: Readonly<Record<string, () => void | Promise<void>>> = {
  'aws ecr': password,
  'docker login': logIn,
  'docker buildx': build,
};

await commands[`${program} ${args[0]}`]?.();
