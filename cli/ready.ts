import { exampleTag, firstBuild, firstImage, healthyDigest } from './example.js';
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
    readonly stages: readonly {
      readonly name: string;
      readonly services: readonly string[];
      readonly tags?: readonly string[];
      readonly needsApproval: boolean;
    }[];
    /** The URI of the image that the services run at first. */
    readonly image: string;
    /** Tags for the next two pushes. */
    readonly next: readonly [string, string];
  }[];
  readonly machines: { readonly release: string; readonly deployment: string };
};

export const readyOf = (stack: Pick<LocalStack, 'url' | 'region' | 'accountId' | 'configuration' | 'machine' | 'imageUri'>): Ready => ({
  url: stack.url,
  region: stack.region,
  accountId: stack.accountId,
  repositories: Object.values(stack.configuration.repositories).map((repository) => ({
    name: repository.name,
    tags: repository.tags,
    stages: repository.stages.map(({ name, services, tags, approval }) => ({
      name,
      services: services.map(({ service }) => service),
      ...(tags && { tags }),
      needsApproval: approval !== undefined,
    })),
    image: stack.imageUri(firstImage(repository)),
    next: [exampleTag(repository, firstBuild + 1), exampleTag(repository, firstBuild + 2)],
  })),
  machines: { release: stack.machine('release'), deployment: stack.machine('deployment') },
});

/** Quotes a word for a POSIX shell, if it needs quotes. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const tagText = (tags: readonly string[] = []): string => (tags.length > 0 ? `  tags ${tags.join(', ')}` : '');

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
    `  ${colors.bold(name)}${tagText(tags)}`,
    ...stages.map((stage) =>
      wrap(`    ${stage.name.padEnd(12)} ${stage.services.join(', ')}${tagText(stage.tags)}`, width, ' '.repeat(17)),
    ),
  ]);
  const lambda = (functionName: string, payload: object) =>
    command([
      `${aws} lambda invoke --function-name ${functionName}`,
      '--cli-binary-format raw-in-base64-out /dev/stdout',
      `--payload ${quoted(JSON.stringify(payload))}`,
    ]);
  const functionNamed = (name: string) => machines.deployment.replace(/^.*:/, '').replace(/deployment$/, name);
  const approvals = (repository: string, stages: Ready['repositories'][number]['stages']) =>
    stages
      .filter(({ needsApproval }) => needsApproval)
      .flatMap(({ name: stage }) => [
        colors.dim(`  # it waits before ${stage} until you approve it`),
        lambda(functionNamed('decide'), { command: 'approve', repository, stage, digest: healthyDigest(), by: 'ada', reason: 'try it' }),
        '',
      ]);
  const pushes = repositories.flatMap(({ name, stages, next: [healthy, crashing] }) => [
    colors.dim(`  # a healthy image for ${name}: ${stages.map((stage) => stage.name).join(', then ')}`),
    putImage(name, healthy, 'healthy'),
    '',
    ...approvals(name, stages),
    colors.dim(`  # one that crashes on start: it is rolled back in ${stages[0]?.name}`),
    putImage(name, crashing, 'crashes-on-start'),
    '',
  ]);
  const [first] = repositories;
  const service = first?.stages.at(-1)?.services.at(-1) ?? '';
  const control = functionNamed('control');
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
    lambda(control, { command: 'hold', service, by: 'ada', reason: 'try it' }),
    '',
    'docs/rehearse.md says how to try your own services. Ctrl-C ends it.',
    '',
  ].join('\n');
};
