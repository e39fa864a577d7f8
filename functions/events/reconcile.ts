import { Executions } from '../../aws/execution.js';
import { Images } from '../../aws/image.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStates } from '../../aws/service-states.js';
import type { Configuration, Repository } from '../../core/configuration/configuration.js';
import { allowedImages, ineligibleReason, reconciliationName, searchFrom } from '../../core/housekeeping/reconcile.js';
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
};

/** Candidates of one repository that are looked at in one run: as many charts or signatures may be newer than its newest image. */
const candidateLimit = 20;

type Found = { readonly repository: string; readonly did: 'started' | 'nothing' | 'failed'; readonly why: string };

/**
 * Function `reconcile`: starts a release of each repository's newest image if its push event was missed, or of what a hold kept back
 * that was released without the command.
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

/** Only the newest image: if it cannot be deployed, an older one is no replacement. */
const reconcileOne = async (deps: Deps, repository: Repository, now: string): Promise<Found> => {
  const { name } = repository;
  const nothing = (why: string): Found => ({ repository: name, did: 'nothing', why });
  const firstSeenAt = await deps.history.firstSeenAt(name, now);
  const [withheld] = await withheldOf(deps, repository, now);
  if (withheld && !(await deps.executions.start(deps.machine, withheld.name, withheld.input)).isOver)
    return { repository: name, did: 'started', why: `${shortDigest(withheld.digest)}, which a hold kept back` };
  for (const newest of allowedImages(repository, await deps.images.tagged(name)).slice(0, candidateLimit)) {
    const old = ineligibleReason(newest, firstSeenAt, now);
    if (old) return nothing(old);
    const before = await deps.history.releasesOf(name, newest.digest, searchFrom(newest));
    if (before.length > 0) return nothing(`${newest.tag} was released before`);
    // A signature has the type of an image in ECR's list: its manifest decides.
    if ((await deps.images.artifactType(name, newest.digest)) !== undefined) continue;
    const input = { repository: name, tag: newest.tag, reconcile: true, pushedAt: newest.pushedAt };
    const { isOver } = await deps.executions.start(deps.machine, reconciliationName(repository, newest), input);
    return isOver ? nothing(`${newest.tag} was started before`) : { repository: name, did: 'started', why: newest.tag };
  }
  return nothing('no image has a tag that the policy allows');
};

/** What holds kept back of this repository, if they have been released. */
const withheldOf = async ({ states }: Deps, { name, stages }: Repository, until: string): Promise<ReleaseStart[]> => {
  const services = stages.flatMap((stage) => stage.services.map(({ service }) => service));
  const found = await Promise.all(services.map((service) => states.of(service)));
  return withheldStarts(found, (await states.of('*')).hold, { until }).filter(({ repository }) => repository === name);
};

export const { step, handler } = defineStep({
  name: 'Reconcile',
  input: EventInput,
  permissions: atPackaging([
    { allow: ['ecr:DescribeImages', 'ecr:BatchGetImage'], on: 'repositories', for: 'the newest image, and that it is one' },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      on: 'table',
      for: 'earlier releases, holds and what they kept back, and since when the repository is known',
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
      states: new ServiceStates(table),
    });
  },
});
