import { BatchDeleteImageCommand, BatchGetImageCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { DescribeServiceDeploymentsCommand, DescribeServicesCommand, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { CommandError } from '../../../cli/command-error.js';
import { tagFor } from '../../../cli/example.js';
import { findService, repositoryOf } from '../../../core/configuration/configuration.js';
import { isExclusion, kindOf } from '../../../core/policy/pattern.js';
import { reach } from '../../../core/policy/tag-policy.js';
import type { Outcome } from '../../../core/result/result.js';
import { describe, type Ended, ended, newestExecutions, waitFor } from '../executions.js';
import { type Check, type Finding, type ImageSource, skip, type Target } from '../target.js';

/** At one look in ten seconds: ten minutes for the event of a push. */
const LOOKS_FOR_A_RELEASE = 60;

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** The release of a push, and its deployments by `cluster/service`. */
type Observed = { readonly release: Ended; readonly deployments: ReadonlyMap<string, Ended> };

type Expected = { readonly release: readonly Outcome[]; readonly deployments: readonly Outcome[] };

/**
 * A tag that reaches every stage.
 * @throws CommandError if the repository is not configured, or has no pattern with `*` that allows such a tag
 */
export const newTag = ({ configuration, run }: Pick<Target, 'configuration' | 'run'>, source: ImageSource, kind: string): string => {
  const repository = repositoryOf(configuration, source.repository);
  if (!repository) {
    const names = Object.keys(configuration.repositories).join(', ');
    throw new CommandError(`slipway.yml has no repository ${source.repository}; expected ${names}`);
  }
  const { tags, stages } = repository;
  // Another pattern matches a tag that a team uses, and a push would move it.
  const candidates = [...tags, ...stages.flatMap((stage) => stage.tags ?? [])]
    .filter((pattern) => kindOf(pattern) === 'glob' && pattern.includes('*') && !isExclusion(pattern))
    .map((pattern) => tagFor(pattern.replace('*', `verify-${kind}-${run}`), 0));
  const tag = candidates.find((candidate) => stages.every((stage) => reach(repository, stage, candidate).isReached));
  if (tag === undefined)
    throw new CommandError(`the tags of ${repository.name} have no pattern with * that takes a new tag of this run into every stage`);
  return tag;
};

/** Reads the manifest of an image. @throws CommandError if the registry does not have it */
export const readManifest = async (
  { clients }: Pick<Target, 'clients'>,
  { repository, tag }: ImageSource,
): Promise<{ text: string; type: string }> => {
  const { images = [], failures = [] } = await clients.ecr.send(
    new BatchGetImageCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }], acceptedMediaTypes: manifestTypes }),
  );
  const { imageManifest: text, imageManifestMediaType: type } = images[0] ?? {};
  if (text === undefined || type === undefined)
    throw new CommandError(`${repository}:${tag} cannot be read: ${failures[0]?.failureReason ?? 'the image is not in the registry'}`);
  return { text, type };
};

/** A manifest of OCI gets an annotation, so that its digest was never deployed; Docker's has no place for one. */
const ofThisRun = ({ text, type }: { text: string; type: string }, run: string): string => {
  if (!type.includes('oci')) return text;
  const manifest = JSON.parse(text) as { annotations?: Record<string, string> };
  return JSON.stringify({ ...manifest, annotations: { ...manifest.annotations, 'slipway.verification': run } });
};

const push = async (target: Target, source: ImageSource, tag: string): Promise<Observed> => {
  const { release: machine, deployment } = target.stack.machines;
  const before = new Set(await newestExecutions(target, machine));
  const manifest = await readManifest(target, source);
  await target.clients.ecr.send(
    new PutImageCommand({
      repositoryName: source.repository,
      imageTag: tag,
      imageManifest: ofThisRun(manifest, `${target.run} ${tag}`),
      imageManifestMediaType: manifest.type,
    }),
  );
  const started = await waitFor(target, `the push of ${source.repository}:${tag} started no release`, LOOKS_FOR_A_RELEASE, async () => {
    for (const arn of await newestExecutions(target, machine)) {
      if (!before.has(arn) && (await describe(target, arn)).input?.includes(tag)) return arn;
    }
    return undefined;
  });
  const release = await ended(target, started);
  const deployments = new Map<string, Ended>();
  for (const arn of await newestExecutions(target, deployment, release.startDate)) {
    const { input = '{}' } = await describe(target, arn);
    const { service, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: parent } = JSON.parse(input) as Record<string, string>;
    if (parent === started && service !== undefined) deployments.set(service, await ended(target, arn));
  }
  return { release, deployments };
};

/** The newest service deployment of each service, which this push started; the events of the service are recorded beside it. */
const serviceDeployments = async ({ clients: { ecs }, configuration }: Target, services: Iterable<string>) => {
  const statuses: Record<string, string | undefined> = {};
  for (const service of services) {
    const { cluster = '', name = '' } = findService(configuration, service)?.service ?? {};
    await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
    const listed = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service: name }));
    const newest = listed.serviceDeployments?.[0];
    if (newest?.serviceDeploymentArn !== undefined)
      await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [newest.serviceDeploymentArn] }));
    statuses[service] = newest?.status;
  }
  return statuses;
};

/** Whether RollBack runs is no fact: the circuit breaker and Slipway count the same failures, and either may be the first to act. */
const factsOf = ({ status, result, steps }: Ended) => ({
  status,
  outcome: result.outcome,
  reason: result.reason,
  steps: steps.filter((step) => step !== 'RollBack'),
});

const found = async (target: Target, observed: Observed, expected: Expected, stays: readonly string[]): Promise<Finding> => {
  const { release, deployments } = observed;
  const sorted = [...deployments].sort(([one], [other]) => (one < other ? -1 : 1));
  const isOther = ({ result }: Ended, outcomes: readonly Outcome[]) => !outcomes.includes(result.outcome);
  const problems = [
    ...(isOther(release, expected.release) ? [problem('the release', release, expected.release)] : []),
    ...sorted.filter(([, end]) => isOther(end, expected.deployments)).map(([service, end]) => problem(service, end, expected.deployments)),
    ...(sorted.length === 0 ? ['no service was deployed'] : []),
  ];
  const statuses = await serviceDeployments(target, deployments.keys());
  const facts = {
    release: factsOf(release),
    services: Object.fromEntries(sorted.map(([service, end]) => [service, { ...factsOf(end), serviceDeployment: statuses[service] }])),
  };
  return { problems, facts, stays };
};

const problem = (what: string, { result, arn }: Ended, expected: readonly Outcome[]): string =>
  `${what} ended ${result.outcome}, ${result.reason}; expected ${expected.join(' or ')}: ${result.message} (${arn})`;

type Kind = 'healthy' | 'crashing';

/** Pushes the image, unless it is not given or the changes were not confirmed. What was pushed stays where its release is not found. */
const pushed = async (
  target: Target,
  kind: Kind,
  conclude: (observed: Observed, image: ImageSource) => Promise<Finding>,
): Promise<Finding> => {
  const source = target.images[kind];
  if (!source) return skip(`no image is given: --${kind} <repository:tag>`);
  if (!target.mayChange) return skip('it was not confirmed');
  const image = { repository: source.repository, tag: newTag(target, source, kind) };
  try {
    return await conclude(await push(target, source, image.tag), image);
  } catch (error) {
    return { problems: [(error as Error).message], facts: undefined, stays: [nameOf(image)] };
  }
};

const nameOf = ({ repository, tag }: ImageSource): string => `${repository}:${tag}`;

/** Pushes an image that stays healthy: its services run it from then on. */
export const healthyPush: Check = {
  name: 'healthy push',
  run: (target) =>
    pushed(target, 'healthy', (observed, image) => {
      const stays = `${nameOf(image)}: ${[...observed.deployments.keys()].join(', ')} may run it`;
      return found(target, observed, { release: ['SUCCEEDED'], deployments: ['SUCCEEDED'] }, [stays]);
    }),
};

/** Pushes an image that crashes on start: it is rolled back, and its tag is deleted. */
export const crashingPush: Check = {
  name: 'crashing push',
  run: (target) =>
    pushed(target, 'crashing', async (observed, image) => {
      const finding = await found(target, observed, { release: ['ROLLED_BACK'], deployments: ['ROLLED_BACK'] }, []);
      if (finding.problems.length > 0) return { ...finding, stays: [`${nameOf(image)}: it was not rolled back everywhere`] };
      const { repository: repositoryName, tag: imageTag } = image;
      await target.clients.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] }));
      return finding;
    }),
};
