import { Executions } from '../../aws/execution.js';
import { Images } from '../../aws/image.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStates } from '../../aws/service-states.js';
import type { Configuration, Repository, Stage } from '../../core/configuration/configuration.js';
import {
  type ImageCandidate,
  imagesFor,
  ineligibleReason,
  type PushedImage,
  plannedStages,
  reconciliationName,
  searchFrom,
} from '../../core/housekeeping/reconcile.js';
import { shortDigest } from '../../core/image/image-reference.js';
import { type ReleaseStart, withheldStarts } from '../../core/release/withheld.js';
import { EventInput } from '../../core/step/contracts.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { batchError, mapInBatches } from '../runtime/map-in-batches.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';

type Deps = {
  readonly configuration: Configuration;
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
  readonly images: Pick<Images, 'tagged' | 'artifactType'>;
  readonly history: Pick<ReleaseHistory, 'firstSeenAt' | 'releasesOf'>;
  readonly states: Pick<ServiceStates, 'of'>;
  readonly passed: Pick<PassedStages, 'of'>;
};

/** Candidates of one repository that are looked at in one run: as many charts or signatures may be newer than its newest image. */
const candidateLimit = 20;

type Found = { readonly repository: string; readonly did: 'started' | 'nothing' | 'failed'; readonly why: string };

/**
 * Function `reconcile`: for each stage starts a release of the newest image that it takes if the event of its push or of its tag was
 * missed, or of what a hold kept back that was released without the command.
 */
export const reconcile =
  (deps: Deps) =>
  async ({ time }: EventInput): Promise<{ readonly found: readonly Found[] }> => {
    const failed = ({ name }: Repository, error: Error): Found => ({
      repository: name,
      did: 'failed',
      why: `${error.name}: ${error.message}`,
    });
    const found = await mapInBatches(
      Object.values(deps.configuration.repositories),
      (one) => reconcileOne(deps, one, new Date(time).toISOString()),
      failed,
    );
    const failures = found.filter(({ did }) => did === 'failed');
    // Lambda counts it, logs it and retries in a minute; the other repositories are reconciled.
    if (failures.length > 0) throw batchError(failures, found, 'repositories could not be reconciled', found);
    return { found };
  };

const reconcileOne = async (deps: Deps, repository: Repository, now: string): Promise<Found> => {
  const { name } = repository;
  const stages = repository.stages.map((stage) => stage.name);
  const look: Look = {
    repository,
    now,
    images: await deps.images.tagged(name),
    firstSeenAt: await deps.history.firstSeenAt(name, stages, now),
    isArtifact: once(async (digest) => (await deps.images.artifactType(name, digest)) !== undefined),
    planned: once(async (digest, since) => {
      const releases = await deps.history.releasesOf(name, digest, since);
      return plannedStages(repository, releases, await deps.passed.of(name, digest));
    }),
  };
  const kept = await startAll(deps, await withheldOf(deps, repository, now));
  if (kept.length > 0) return { repository: name, did: 'started', why: `${kept.map(shortDigest).join(', ')}, which a hold kept back` };
  const missed = new Map<string, Missed>();
  const reasons: string[] = [];
  for (const stage of repository.stages) {
    const found = await missedImage(look, stage);
    if (typeof found === 'string') reasons.push(found);
    else missed.set(keyOf(found), { ...found, stages: [...(missed.get(keyOf(found))?.stages ?? []), stage.name] });
  }
  const started = await startMissed(deps, repository, [...missed.values()]);
  if (started.length > 0) return { repository: name, did: 'started', why: started.join(', ') };
  const over = [...missed.values()].map(({ tag }) => `${tag} was started before`);
  return { repository: name, did: 'nothing', why: [...new Set([...reasons, ...over])].join('; ') };
};

/** What is read once for all stages of a repository. */
type Look = {
  readonly repository: Repository;
  readonly now: string;
  readonly images: readonly PushedImage[];
  readonly firstSeenAt: ReadonlyMap<string, string>;
  readonly isArtifact: (digest: string) => Promise<boolean>;
  /** The stages that releases of a digest have planned since then. */
  readonly planned: (digest: string, since: string) => Promise<ReadonlySet<string>>;
};

/** An image with the stages of whose plan its tag's event was missed. */
type Missed = ImageCandidate & { readonly stages: readonly string[] };

const keyOf = ({ digest, tag }: ImageCandidate): string => `${digest} ${tag}`;

const once = <Rest extends unknown[], Value>(read: (digest: string, ...rest: Rest) => Promise<Value>): typeof read => {
  const before = new Map<string, Promise<Value>>();
  return (digest, ...rest) => {
    const found = before.get(digest) ?? read(digest, ...rest);
    before.set(digest, found);
    return found;
  };
};

/**
 * The newest image that a stage takes if no release had the stage in its plan since the image was pushed; else why not. Only the newest:
 * if it cannot be deployed, an older one is no replacement. A tag that was added later leaves the time of the image's push as it is.
 */
const missedImage = async (
  { repository, now, images, firstSeenAt, isArtifact, planned }: Look,
  stage: Stage,
): Promise<ImageCandidate | string> => {
  for (const newest of imagesFor(repository, stage, images).slice(0, candidateLimit)) {
    const old = ineligibleReason(newest, firstSeenAt.get(stage.name) ?? now, now);
    if (old) return old;
    if ((await planned(newest.digest, searchFrom(newest))).has(stage.name)) return `${newest.tag} was released to ${stage.name} before`;
    // A signature has the type of an image in ECR's list: its manifest decides.
    if (!(await isArtifact(newest.digest))) return newest;
  }
  return `no image has a tag that reaches ${stage.name}`;
};

/** Answers the tags of which a release was started. */
const startMissed = async ({ executions, machine }: Deps, repository: Repository, missed: readonly Missed[]): Promise<string[]> => {
  const started: string[] = [];
  for (const { stages, ...image } of missed) {
    const { tag, pushedAt } = image;
    const input = { repository: repository.name, tag, reconcile: true, pushedAt };
    const { isOver } = await executions.start(machine, reconciliationName(repository, image, stages), input);
    if (!isOver) started.push(tag);
  }
  return started;
};

/** Answers the digests of which a release was started. */
const startAll = async ({ executions, machine }: Deps, starts: readonly ReleaseStart[]): Promise<string[]> => {
  const started: string[] = [];
  for (const { digest, name, input } of starts) if (!(await executions.start(machine, name, input)).isOver) started.push(digest);
  return started;
};

/** What holds kept back of this repository, if they have been released. */
const withheldOf = async ({ configuration, states }: Deps, { name, stages }: Repository, until: string): Promise<ReleaseStart[]> => {
  const services = stages.flatMap((stage) => stage.services.map(({ service }) => service));
  const found = await Promise.all(services.map(async (service) => ({ service, state: await states.of(service) })));
  return withheldStarts(configuration, found, (await states.of('*')).hold, { until }).filter(({ repository }) => repository === name);
};

export const { step, handler } = defineStep({
  name: 'Reconcile',
  input: EventInput,
  permissions: atPackaging([
    { allow: ['ecr:DescribeImages', 'ecr:BatchGetImage'], on: 'repositories', for: 'the newest image of each stage, and that it is one' },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      on: 'table',
      for: 'earlier releases, holds and what they kept back, and since when the stages are known',
    },
    {
      allow: ['states:StartExecution'],
      on: 'releaseMachine',
      for: 'the release of a push whose event was missed, or that a hold kept back',
    },
    { allow: ['sqs:SendMessage'], on: 'deadLetterQueue', for: 'Lambda keeps the events there that the function failed on' },
  ]),
  onlyIf: atPackaging(({ reconcileSeconds }) => reconcileSeconds !== undefined),
  run: (environment) => {
    const table = tableIn(environment);
    return reconcile({
      configuration: environment.configuration,
      machine: variable(environment, 'RELEASE_MACHINE_ARN'),
      executions: new Executions(environment.clients),
      images: new Images(environment.clients),
      history: new ReleaseHistory(table),
      passed: new PassedStages(table),
      states: new ServiceStates(table),
    });
  },
});
