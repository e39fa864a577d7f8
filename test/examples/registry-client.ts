import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ECR } from '@aws-sdk/client-ecr';

/**
 * What the jobs call of `aws` and `docker`, with the SDK's own ways to credentials. A build is the manifest in the folder's Dockerfile;
 * it is pushed by ECR's API.
 */
const args = process.argv.slice(2);
const ecr = new ECR({ region: process.env.AWS_REGION ?? '', maxAttempts: 1 });

const printPassword = async (): Promise<void> => {
  const { authorizationData = [] } = await ecr.getAuthorizationToken({});
  const [, password = ''] = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':');
  console.log(password);
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

(args[0] === 'ecr' ? printPassword() : build()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
