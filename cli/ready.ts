import { commandLine, shellWord } from '../core/command-line/shell-word.js';
import type { Repository, Scan, Service, Stage, Verification } from '../core/configuration/configuration.js';
import * as windowMessages from '../core/release/window-messages.js';
import { duration } from '../core/result/moment.js';
import { exampleTag, firstBuild, firstImage, healthyDigest, tagsForStages } from './example.js';
import type { LocalStack } from './local-stack.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/** What a client needs to use a stack that is up: the `ready` object of `npm start -- --json`. */
export type Ready = {
  readonly url: string;
  /** The address of the page; absent without one. */
  readonly page?: string;
  readonly region: string;
  readonly accountId: string;
  readonly repositories: readonly {
    readonly name: string;
    readonly tags: readonly string[];
    readonly stages: readonly {
      readonly name: string;
      readonly services: readonly string[];
      readonly tags?: readonly string[];
      /** What it waits for, and what comes before and after the rollouts of its services, in words. */
      readonly gates: readonly string[];
      readonly needsApproval: boolean;
    }[];
    /** The URI of the image that the services run at first. */
    readonly image: string;
    /** Tags for a healthy image, in the order of the stages that each of them reaches. */
    readonly healthy: readonly { readonly tag: string; readonly stages: readonly string[] }[];
    /** A tag for the push after them. */
    readonly crashing: string;
    /** A tag for a push whose migration fails, and what that leaves as it is; absent without a before task. */
    readonly failingMigration?: { readonly tag: string; readonly services: readonly string[] };
    /** A tag for a push in which a scan finds something; absent if none is waited for. */
    readonly vulnerable?: string;
    /** An alarm that a bake watches; absent without one. */
    readonly alarm?: string;
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
    stages: repository.stages.map((stage, position) => ({
      name: stage.name,
      services: stage.services.map(({ service }) => service),
      ...(stage.tags && { tags: stage.tags }),
      gates: [...gatesOf(stage), ...(position === 0 && repository.scan ? [scanGateOf(repository.scan)] : []), ...hooksOf(stage)],
      needsApproval: stage.approval !== undefined,
    })),
    image: stack.imageUri(firstImage(repository)),
    healthy: tagsForStages(repository, firstBuild + 1),
    crashing: exampleTag(repository, firstBuild + 2),
    ...failingMigrationOf(repository),
    ...(repository.scan && { vulnerable: exampleTag(repository, firstBuild + 4) }),
    ...alarmOf(repository),
  })),
  machines: { release: stack.machine('release'), deployment: stack.machine('deployment') },
});

const failingMigrationOf = (repository: Repository): Pick<Ready['repositories'][number], 'failingMigration'> => {
  const stage = repository.stages.find(({ before, services }) => before ?? services.some((service) => service.before));
  if (!stage) return {};
  const services = stage.services.filter((service) => stage.before ?? service.before).map(({ service }) => service);
  return { failingMigration: { tag: exampleTag(repository, firstBuild + 3), services } };
};

const alarmOf = ({ stages }: Repository): Pick<Ready['repositories'][number], 'alarm'> => {
  const [alarm] = stages.flatMap(({ services }) => services.flatMap(({ verify }) => verify?.alarms ?? []));
  return alarm === undefined ? {} : { alarm };
};

const gatesOf = ({ requires, approval, window, freeze = [] }: Stage): string[] => [
  ...(requires === undefined ? [] : [`it requires ${requires}`]),
  ...(approval ? ['it needs approval'] : []),
  ...(window ? [windowMessages.hasWindow(window)] : []),
  ...freeze.map(windowMessages.isFrozen),
];

/** What surrounds the rollouts of a stage. */
const hooksOf = ({ before, services }: Stage): string[] => [
  ...(before ? [`before its services, once: ${before.command.join(' ')}`] : []),
  ...services.flatMap(hooksOfService),
];

const hooksOfService = ({ service, before, verify }: Service): string[] => [
  ...(before ? [`before ${service}: ${before.command.join(' ')}`] : []),
  ...(verify ? [`after the rollout of ${service}: ${checksOf(verify).join(', ')}`] : []),
];

const checksOf = ({ url, function: verifier, alarms = [], bakeSeconds = 0 }: Verification): string[] => [
  ...(url ? [url.url] : []),
  ...(verifier === undefined ? [] : [`the function ${verifier}`]),
  ...(bakeSeconds > 0 ? [`a bake of ${duration(bakeSeconds)}`] : []),
  ...alarms.map((name) => `alarm ${name}`),
];

const scanGateOf = ({ block }: Scan): string =>
  `the scan of the image must have no finding of severity ${block}${block === 'CRITICAL' ? '' : ' or higher'}`;

/** `Mon 2026-11-23 09:00` */
const clockText = (time: Date): string => `${time.toUTCString().slice(0, 3)} ${time.toISOString().slice(0, 16).replace('T', ' ')}`;

const tagText = (tags: readonly string[] = []): string => (tags.length > 0 ? `  tags ${tags.join(', ')}` : '');

const command = (lines: readonly string[]): string => lines.map((line, index) => `${index === 0 ? '  ' : '    '}${line}`).join(' \\\n');

/** `now`: of the emulated account. */
type Options = { root: string; now: Date; speed: number; terminal: Pick<Terminal, 'colors' | 'width'> };

/** What `npm start` prints when the stack is up: what is configured, and commands to paste into another terminal. */
export const readyText = (
  { url, page, region, repositories, machines }: Ready,
  { root, now, speed, terminal: { colors, width } }: Options,
): string => {
  const aws = `aws --endpoint-url ${url}`;
  const putImage = (name: string, tag: string, file: string) =>
    command([`${aws} ecr put-image`, `--repository-name ${name} --image-tag ${tag}`, `--image-manifest file://events/images/${file}.json`]);
  const configured = repositories.flatMap(({ name, tags, stages }) => [
    `  ${colors.bold(name)}${tagText(tags)}`,
    ...stages.flatMap(({ name, services, tags, gates }) => [
      wrap(`    ${name.padEnd(12)} ${services.join(', ')}${tagText(tags)}`, width, ' '.repeat(17)),
      ...gates.map((gate) => wrap(`${' '.repeat(17)}${gate}`, width, ' '.repeat(17))),
    ]),
  ]);
  const stage = machines.deployment.replace(/^.*:slipway-(.*)-deployment$/, '$1');
  const slipway = (...words: readonly string[]) => `  ${commandLine(['npx', '--no-install', 'slipway', ...words, '--stage', stage])}`;
  const approvals = (repository: string, stages: Ready['repositories'][number]['stages'], reached: readonly string[]) =>
    stages
      .filter(({ name, needsApproval }) => needsApproval && reached.includes(name))
      .flatMap(({ name }) => [
        colors.dim(`  # it waits before ${name} until you approve it`),
        slipway('approve', repository, name, '--digest', healthyDigest()),
        '',
      ]);
  const pushes = repositories.flatMap(({ name, stages, healthy, crashing, failingMigration, vulnerable, alarm }) => [
    ...healthy.flatMap(({ tag, stages: reached }, index) => [
      colors.dim(`  # ${index === 0 ? `a healthy image for ${name}` : 'the same image'}: ${tag} reaches ${reached.join(', then ')}`),
      putImage(name, tag, 'healthy'),
      '',
      ...approvals(name, stages, reached),
    ]),
    colors.dim(`  # one that crashes on start: it fails in ${healthy[0]?.stages[0] ?? stages[0]?.name}`),
    putImage(name, crashing, 'crashes-on-start'),
    '',
    ...(failingMigration
      ? [
          colors.dim(`  # one whose migration fails: it is not deployed to ${failingMigration.services.join(', ')}`),
          putImage(name, failingMigration.tag, 'migration-fails'),
          '',
        ]
      : []),
    ...(vulnerable === undefined
      ? []
      : [colors.dim('  # one with a critical vulnerability'), putImage(name, vulnerable, 'vulnerable'), '']),
    ...(alarm === undefined
      ? []
      : [
          colors.dim('  # within a bake: its service is rolled back'),
          command([
            `${aws} cloudwatch set-alarm-state --alarm-name ${shellWord(alarm)}`,
            "--state-value ALARM --state-reason 'many errors'",
          ]),
          '',
        ]),
  ]);
  const [first] = repositories;
  const service = first?.stages.at(-1)?.services.at(-1) ?? '';
  const image = first?.image.slice(first.image.indexOf('/') + 1) ?? '';
  return [
    ...(page === undefined ? [] : [`The page is at ${colors.bold(page)}`]),
    '',
    wrap(
      `Slipway is up on an emulated AWS account at ${url}. There it is ${clockText(now)} UTC, and time runs ${speed} times as fast as real time.`,
      width,
      '',
    ),
    '',
    ...configured,
    '',
    '  state machines',
    `    ${machines.release}`,
    `    ${machines.deployment}`,
    '',
    'Paste into another terminal:',
    '',
    `  cd ${shellWord(root)}`,
    '  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_PAGER=',
    // For commands of messages and pages, which do not name the endpoint.
    `  export AWS_DEFAULT_REGION=${region} AWS_ENDPOINT_URL=${url}`,
    '',
    ...pushes,
    colors.dim(`  # by hand: ${service} to the image that it runs at first`),
    slipway('deploy', image, '--service', service, '--reason', 'try it'),
    '',
    colors.dim('  # automatic deployments of a service are kept back'),
    slipway('hold', service, '--reason', 'try it'),
    '',
    colors.dim('  # what runs where, and what waits'),
    slipway('status'),
    '',
    'docs/rehearse.md says how to try your own services. Ctrl-C ends it.',
    '',
  ].join('\n');
};
