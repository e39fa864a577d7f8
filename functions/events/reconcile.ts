import { Executions } from '../../aws/execution.js';
import { Images } from '../../aws/image.js';
import { Ledger } from '../../aws/ledger.js';
import { ReleaseHistory } from '../../aws/release-history.js';
import { ServiceStates } from '../../aws/service-states.js';
import type { Configuration, Repository } from '../../core/configuration.js';
import { EventInput } from '../../core/contracts.js';
import {
  decisive,
  freed,
  newestAllowed,
  possibleSince,
  reconciliationName,
  tooOld,
  wasDeploymentHeld,
  wasHeld,
} from '../../core/reconcile.js';
import type { ReleaseRecord } from '../../core/records.js';
import { defineStep } from '../runtime/define-step.js';
import { variable } from '../runtime/environment.js';
import { inGroups, notAll } from '../runtime/in-groups.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { verdictsOf } from '../shared/verdicts.js';

type Deps = {
  readonly configuration: Configuration;
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
  readonly images: Pick<Images, 'tagged'>;
  readonly history: Pick<ReleaseHistory, 'installedAt' | 'releasesOf'>;
  readonly ledger: Pick<Ledger, 'deploymentNamed'>;
  readonly states: Pick<ServiceStates, 'of'>;
};

type Found = { readonly repository: string; readonly did: 'started' | 'nothing' | 'failed'; readonly why: string };

/** Function `reconcile`: the newest image of each repository is released, also where nothing was heard of its push. */
export const reconcile =
  (deps: Deps) =>
  async ({ time }: EventInput): Promise<{ readonly found: readonly Found[] }> => {
    const failed = ({ name }: Repository, error: Error): Found => ({
      repository: name,
      did: 'failed',
      why: `${error.name}: ${error.message}`,
    });
    const found = await inGroups(
      Object.values(deps.configuration.repositories),
      (one) => reconcileOne(deps, one, new Date(time).toISOString()),
      failed,
    );
    const failures = found.filter(({ did }) => did === 'failed');
    // Lambda counts it, logs it, and tries once more in a minute; the other repositories have been looked at.
    if (failures.length > 0) throw notAll(failures, found, 'repositories could not be reconciled', found);
    return { found };
  };

const reconcileOne = async (deps: Deps, repository: Repository, now: string): Promise<Found> => {
  const { name } = repository;
  const nothing = (why: string): Found => ({ repository: name, did: 'nothing', why });
  const installedAt = await deps.history.installedAt(name, now);
  const newest = newestAllowed(repository, await deps.images.tagged(name));
  if (!newest) return nothing('no image has a tag that the policy allows');
  const old = tooOld(newest, installedAt, now);
  if (old) return nothing(old);
  const before = decisive(await deps.history.releasesOf(name, newest.digest, possibleSince(newest)));
  if (before && !(await isFreed(deps, before))) return nothing(`${newest.tag} was released before`);
  const input = { repository: name, tag: newest.tag, reconcile: true, pushedAt: newest.pushedAt };
  const { isOver } = await deps.executions.start(deps.machine, reconciliationName(repository, newest, before), input);
  return isOver ? nothing(`${newest.tag} was started before`) : { repository: name, did: 'started', why: newest.tag };
};

/** Was it a hold that stopped it, and is that gone? */
const isFreed = async ({ ledger, states }: Deps, release: ReleaseRecord): Promise<boolean> => {
  if (!wasHeld(release)) return false;
  const verdicts = await Promise.all((release.stages ?? []).map((stage) => verdictsOf(ledger, release, stage.name)));
  const services = verdicts.flat().flatMap(({ service, record }) => (record && wasDeploymentHeld(record) ? [service] : []));
  const held = await Promise.all(services.map(async (service) => ({ service, state: await states.of(service) })));
  return freed(held, await states.of('*')).length > 0;
};

export const { step, handler } = defineStep({
  name: 'Reconcile',
  input: EventInput,
  permissions: atPackaging([
    { allow: ['ecr:DescribeImages'], on: 'repositories', for: 'the newest image' },
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      on: 'table',
      for: 'earlier releases, holds, and since when the repository is known',
    },
    { allow: ['states:StartExecution'], on: 'releaseMachine', for: 'the release of a push whose event was missed' },
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
      ledger: new Ledger(table),
      states: new ServiceStates(table),
    });
  },
});
