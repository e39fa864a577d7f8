import type { ServiceDescription } from '../../../aws/service.js';
import type { Configuration } from '../../../core/configuration/configuration.js';
import type { DeploymentRecord, ReleaseRecord, ServiceState } from '../../../core/records/records.js';
import type { ImageChange } from '../../../core/rollout/external-change.js';
import type { WaitingStepInput } from '../../../core/step/contracts.js';
import { numberOf } from '../../../core/task-definition/revision.js';
import { registerRevision } from '../../../functions/deployment/register-revision.js';
import { configuration, deploymentRecord, execution, later, lease, otherDigest, registry, revisionArn } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { serviceOn } from '../given-service.js';
import { waiting } from '../given-waiting.js';

export const name = 'service#production/web deployment#1';
export const service = serviceOn(revisionArn(7), {
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: revisionArn(7) }],
});
export const previousRevision = {
  taskDefinitionArn: revisionArn(7),
  revision: 7,
  family: 'web',
  cpu: '256',
  containerDefinitions: [
    {
      name: 'app',
      image: `${registry}/my-learn-app:main-6`,
      environment: [{ name: 'A', value: '' }],
      logConfiguration: { logDriver: 'awslogs' as const, options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' } },
    },
    { name: 'proxy', image: 'nginx:1', essential: false },
  ],
};
export const tags = [
  { key: 'team', value: 'a' },
  { key: 'slipway:tag', value: 'main-6' },
];

/** Other revisions than the one that runs. */
export const revisions: Record<string, { definition: object; tags: typeof tags }> = {
  [revisionArn(6)]: {
    definition: {
      family: 'web',
      cpu: '512',
      containerDefinitions: [{ name: 'app', image: `${registry}/my-learn-app@${otherDigest}` }],
    },
    tags: [{ key: 'slipway:tag', value: 'main-5' }],
  },
};

/** Of every image that has a digest. */
export const platforms = [`sha256:${'c'.repeat(64)}`, `sha256:${'d'.repeat(64)}`];

/** The watch item of the deployment, with news that no visit knows. */
const watched = { 'production/web': { record: name, execution, fencingToken: 1, news: 0, seen: 0 } };

export const releaseName = 'repository#my-learn-app release#1';

export type Given = {
  record?: DeploymentRecord;
  /** Its release, `releaseName`. */
  release?: ReleaseRecord;
  state?: ServiceState;
  described?: ServiceDescription | undefined;
  answered?: (request: object) => object;
  /** The image of the container, if it is not `main-6`. */
  runs?: string;
  /** Images that the registry does not have any more. */
  missingImages?: readonly string[];
  /** Of the revision that runs. */
  inactive?: boolean;
  change?: ImageChange;
  /** Those of slipway.yml. */
  repositories?: Configuration['repositories'];
  /** The containers of the revision that runs, if they are others. */
  containers?: readonly { readonly name: string; readonly image: string }[];
  /** ACTIVE revisions of the family beside the one that runs, by number: slipway.yml has the newest copied. */
  latest?: Readonly<Record<number, { readonly definition: object; readonly tags: typeof tags }>>;
};

const copiesLatest = (): Configuration => {
  const changed = structuredClone(configuration);
  for (const { services } of changed.repositories['my-learn-app']?.stages ?? []) for (const one of services) one.base = 'latest';
  return changed;
};

/** Nothing but what a test gives: every image exists, and no other deployer has changed the service. */
export const nothingElse = {
  images: { has: async () => true, platformDigests: async () => [] },
  rollouts: { changeTo: async () => undefined },
};

/** A deployment that has the lease, and its service. */
export const given = ({
  record = deploymentRecord(),
  state = { lease: lease() },
  answered = (request) => request,
  missingImages = [],
  ...rest
}: Given = {}) => {
  const table = givenTable({
    records: { [name]: record, ...(rest.release && { [releaseName]: rest.release }) },
    states: { 'production/web': state },
    watched,
  });
  const described: string[] = [];
  const registered: { tags?: unknown; containerDefinitions?: unknown }[] = [];
  const { latest = {} } = rest;
  const run = registerRevision({
    configuration: rest.latest ? copiesLatest() : { ...configuration, ...(rest.repositories && { repositories: rest.repositories }) },
    services: { describe: async () => ('described' in rest ? rest.described : service) },
    taskDefinitions: {
      active: async () => [7, ...Object.keys(latest).map(Number)].toSorted((one, other) => other - one).map(revisionArn),
      describe: async (revision) => {
        described.push(revision);
        const { inactive, change } = rest;
        if (/(999|worker:9)$/.test(revision)) throw sdkError('ClientException');
        const more = { ...(inactive && { status: 'INACTIVE' as const }), ...(change && { registeredAt: new Date(change.at) }) };
        const [app, proxy] = previousRevision.containerDefinitions;
        const containerDefinitions = [...(rest.containers ?? [{ ...app, image: rest.runs ?? app?.image }, proxy])];
        return (
          latest[numberOf(revision)] ?? revisions[revision] ?? { definition: { ...previousRevision, containerDefinitions, ...more }, tags }
        );
      },
      register: async (request) => {
        registered.push(request as { tags?: unknown });
        const { tags: _, ...definition } = request;
        return { definition: { ...answered(definition), taskDefinitionArn: revisionArn(8), revision: 8, status: 'ACTIVE' }, tags: [] };
      },
    },
    ...table,
    images: { has: async ({ tag, digest }) => !missingImages.includes(digest ?? tag ?? ''), platformDigests: async () => platforms },
    rollouts: { changeTo: async () => rest.change },
  });
  return { table, described, registered, run: (now = later, changes: Partial<WaitingStepInput> = {}) => run(waiting({ now, ...changes })) };
};
