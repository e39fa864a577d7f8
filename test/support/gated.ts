import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BatchGetImageCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import type { Resources } from '../../stack/cloudformation.js';
import { laterPackaging, type Stack } from './packaged-stack.js';
import { givenPipeline, type Pipeline, type PipelineOptions, repository } from './pipeline.js';

export const seconds = 1000;
export const minutes = 60 * seconds;
export const hours = 60 * minutes;

const template = 'cloudformation-template-update-stack.json';
let packagings = 0;

/**
 * A packaging of a slipway.yml with the repositories and services of the project's own: what only functions read may differ, so its
 * bundles serve. Its functions have versions of their own, as those of another configuration have.
 *
 * @param packaged the folder of the packaging that it is like
 * @param resources what differs in its template
 */
export const packagedWith = (configuration: object, packaged = '.serverless', resources: Resources = {}): Stack => {
  const directory = mkdtempSync(join(process.env.SLIPWAY_TEST_RUN ?? '', 'gated-'));
  for (const file of readdirSync(packaged)) if (file.endsWith('.zip')) symlinkSync(resolve(packaged, file), join(directory, file));
  const later = laterPackaging(readFileSync(join(packaged, template), 'utf8'), `Gated${++packagings}`);
  writeFileSync(join(directory, template), JSON.stringify({ ...later, Resources: { ...later.Resources, ...resources } }));
  const configurationFile = join(directory, 'slipway.yml');
  // JSON is YAML.
  writeFileSync(configurationFile, JSON.stringify(configuration));
  return { directory, configurationFile };
};

/** The project's repository with these stages, and settings of its own. */
export const stagesOf = (stages: readonly object[], settings: object = {}): Stack =>
  packagedWith({
    notifications: { slack: { secret: 'slipway/slack' }, sns: true },
    repositories: { [repository]: { ...settings, stages } },
  });

export type Gates = { readonly production?: object; readonly staging?: object; readonly repository?: object };

/** Staging, then production, which has these gates. */
export const gated = ({ production, staging, repository: settings }: Gates): Stack =>
  stagesOf(
    [
      { name: 'staging', services: ['staging/web'], ...staging },
      { name: 'production', services: ['production/web', 'production/worker'], ...production },
    ],
    { tags: ['main-*', 'v*'], ...settings },
  );

export const approval = { approval: { timeout: '24h', remindAfter: '12h' } };
/** On weekdays in Berlin; virtual time begins on a Monday at 10 there. */
export const officeHours = { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' };

/** A pipeline with these gates. */
export const givenGates = (gates: Gates, options: PipelineOptions = {}): Promise<Pipeline> =>
  givenPipeline({ ...options, stack: gated(gates) });

/** The request as `decide` wants it. */
export const decision = (digest: string, command: 'approve' | 'reject' = 'approve', by = 'ada') => ({
  command,
  repository,
  stage: 'production',
  digest,
  by,
});

export type Waiting = { readonly arn: string; readonly digest: string };

/** Pushes, and lets the release run until it waits before a stage, or has ended. */
export const released = async (pipeline: Pipeline, tag: string): Promise<Waiting> => {
  const before = (await pipeline.executions('release')).length;
  const digest = await pipeline.push(tag);
  await pipeline.account.clock.advance(15 * minutes);
  const { arn } = (await pipeline.executions('release'))[before] ?? { arn: '' };
  return { arn, digest };
};

/** Gives an image another tag. */
export const retag = async ({ emulator }: Pipeline, digest: string, tag: string): Promise<void> => {
  const ecr = new ECRClient(emulator.clientConfig());
  const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] }));
  await ecr.send(new PutImageCommand({ repositoryName: repository, imageManifest: images[0]?.imageManifest, imageTag: tag }));
};

/** Lets time pass until this moment. */
export const at = ({ account: { clock } }: Pipeline, time: string): Promise<void> => clock.advance(Date.parse(time) - clock.now);

/** What the release said while it waited. */
export const said = (pipeline: Pipeline): string[] => pipeline.waitingMessages().map(({ waiting: { kind } }) => kind);

/** The reports of releases, without those of commands. */
export const reports = (pipeline: Pipeline) => pipeline.messages().filter(({ command }) => command === undefined);

/** The commands that were reported: `approve by ada`. */
export const commandsOf = (pipeline: Pipeline): string[] =>
  pipeline.messages().flatMap(({ command, trigger }) => (command ? [`${command.name} by ${trigger?.by}`] : []));
