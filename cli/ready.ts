import { firstBuild, firstImage, tagFor } from './example.js';
import type { LocalStack } from './local-stack.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** What a client needs to use a stack that is up: the `ready` object of `npm start -- --json`. */
export type Ready = {
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  readonly repositories: readonly {
    readonly name: string;
    readonly tags: readonly string[];
    readonly stages: readonly { readonly name: string; readonly services: readonly string[] }[];
    /** The URI of the image that the services run at first. */
    readonly image: string;
  }[];
  readonly machines: { readonly release: string; readonly deployment: string };
};

export const readyOf = (stack: Pick<LocalStack, 'url' | 'region' | 'accountId' | 'configuration' | 'machine' | 'imageUri'>): Ready => ({
  url: stack.url,
  region: stack.region,
  accountId: stack.accountId,
  repositories: Object.values(stack.configuration.repositories).map(({ name, tags, stages }) => ({
    name,
    tags,
    stages: stages.map((stage) => ({ name: stage.name, services: stage.services.map(({ service }) => service) })),
    image: stack.imageUri(firstImage(tags[0] ?? '', name)),
  })),
  machines: { release: stack.machine('release'), deployment: stack.machine('deployment') },
});

/** Quotes a word for a POSIX shell, if it needs quotes. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const command = (lines: readonly string[]): string => lines.map((line, index) => `${index === 0 ? '  ' : '    '}${line}`).join(' \\\n');

/** What `npm start` prints when the stack is up: what is configured, and commands to paste into another terminal. */
export const readyText = (
  { url, region, repositories, machines }: Ready,
  { root, speed, terminal: { colors, width } }: { root: string; speed: number; terminal: Pick<Terminal, 'colors' | 'width'> },
): string => {
  const aws = `aws --endpoint-url ${url}`;
  const putImage = (name: string, tag: string, file: string) =>
    command([`${aws} ecr put-image`, `--repository-name ${name} --image-tag ${tag}`, `--image-manifest file://events/images/${file}.json`]);
  const configured = repositories.flatMap(({ name, tags, stages }) => [
    `  ${colors.bold(name)}  tags ${tags.join(', ')}`,
    ...stages.map((stage) => wrap(`    ${stage.name.padEnd(12)} ${stage.services.join(', ')}`, width, ' '.repeat(17))),
  ]);
  const pushes = repositories.flatMap(({ name, tags, stages }) => [
    colors.dim(`  # a healthy image for ${name}: ${stages.map((stage) => stage.name).join(', then ')}`),
    putImage(name, tagFor(tags[0] ?? '', firstBuild + 1), 'healthy'),
    '',
    colors.dim(`  # one that crashes on start: it is rolled back in ${stages[0]?.name}`),
    putImage(name, tagFor(tags[0] ?? '', firstBuild + 2), 'crashes-on-start'),
    '',
  ]);
  const [first] = repositories;
  const service = first?.stages.at(-1)?.services.at(-1) ?? '';
  const control = machines.deployment.replace(/^.*:/, '').replace(/deployment$/, 'control');
  return [
    '',
    wrap(`Slipway is up on an emulated AWS account at ${url}. Time runs ${speed} times as fast as real time.`, width, ''),
    '',
    ...configured,
    '',
    '  state machines',
    `    ${machines.release}`,
    `    ${machines.deployment}`,
    '',
    'Paste into another terminal:',
    '',
    `  cd ${quoted(root)}`,
    '  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_PAGER=',
    `  export AWS_DEFAULT_REGION=${region}`,
    '',
    ...pushes,
    colors.dim(`  # by hand: ${service} to the image that it runs at first`),
    command([
      `${aws} stepfunctions start-execution`,
      `--state-machine-arn ${machines.deployment}`,
      `--input ${quoted(JSON.stringify({ service, image: first?.image, by: 'ada', reason: 'try it' }))}`,
    ]),
    '',
    wrap(`The function ${control} holds services and cancels deployments:`, width, ''),
    command([
      `${aws} lambda invoke --function-name ${control}`,
      '--cli-binary-format raw-in-base64-out /dev/stdout',
      `--payload ${quoted(JSON.stringify({ command: 'hold', service, by: 'ada', reason: 'try it' }))}`,
    ]),
    '',
    'docs/rehearse.md says how to try your own services. Ctrl-C ends it.',
    '',
  ].join('\n');
};
