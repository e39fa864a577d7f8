import { isOfRepository, parseImageReference } from '../image/image-reference.js';
import { knownGoodLimit } from '../lease/next-service-state.js';
import { aws, type Where } from './commands.js';
import type { Facts, ImageFacts, Read, RepositoryFacts, ServiceFacts } from './facts.js';
import { type Found, found, notChecked } from './finding.js';
import { dayMs, lifecycleOf, rulesOf } from './lifecycle-policy.js';
import * as messages from './messages.js';

/** An image that must stay: a service runs it, or would be rolled back to it. */
type Needed = { readonly service: string; readonly digest: string; readonly isRunning: boolean };

/** The digests of a repository, `registry/repository`, that a service runs. A tag is what it names now. */
const runningDigests = (uri: string, { definition }: ServiceFacts, images: readonly ImageFacts[]): string[] =>
  (definition?.containerDefinitions ?? []).flatMap(({ image = '' }) => {
    if (!isOfRepository(image, uri)) return [];
    const { digest, tag } = parseImageReference(image) ?? {};
    const tagged = images.find(({ tags }) => tag !== undefined && tags.includes(tag))?.digest;
    return digest ?? tagged ?? `${tag}`;
  });

/** What services run of a repository, and the image that each ran before, which a rollback needs. `registry` is its host. */
const neededImages = (
  registry: string,
  repository: string,
  { services, deployed }: Pick<Facts, 'services' | 'deployed'>,
  images: readonly ImageFacts[],
): Needed[] =>
  [...services].flatMap(([service, read]): Needed[] => {
    const facts = 'value' in read ? read.value : undefined;
    if (!facts) return [];
    const running = [...new Set(runningDigests(`${registry}/${repository}`, facts, images))];
    if (running.length === 0) return [];
    const before = deployed.get(service)?.find((one) => one.repository === repository && !running.includes(one.digest));
    return [
      ...running.map((digest) => ({ service, digest, isRunning: true })),
      ...(before ? [{ service, digest: before.digest, isRunning: false }] : []),
    ];
  });

const lifecycleFindings = (
  where: Where,
  name: string,
  policy: string,
  { images, needed, now }: { readonly images: readonly ImageFacts[]; readonly needed: readonly Needed[]; readonly now: Date },
): Found[] => {
  const decided = lifecycleOf(rulesOf(policy), images, now);
  const command = aws(where, 'ecr', 'get-lifecycle-policy', '--repository-name', name);
  return needed.flatMap((image) => {
    const { rule, expires } = decided.get(image.digest) ?? {};
    if (rule?.action.type !== 'expire') return [];
    const { countType, countNumber = 0 } = rule.selection;
    if (expires) return [found('LIFECYCLE_EXPIRES', 'error', name, messages.lifecycleExpires(rule.rulePriority, image), { command })];
    if (!image.isRunning) return [];
    const pushedAt = Date.parse(images.find(({ digest }) => digest === image.digest)?.pushedAt ?? '');
    if (countType === 'sinceImagePushed')
      return [
        found(
          'LIFECYCLE_BY_AGE',
          'warning',
          name,
          messages.lifecycleByAge(rule.rulePriority, image, new Date(pushedAt + countNumber * dayMs)),
          { command },
        ),
      ];
    return countType === 'imageCountMoreThan' && countNumber < knownGoodLimit
      ? [
          found('LIFECYCLE_KEEPS_FEW', 'warning', name, messages.lifecycleKeepsFew(rule.rulePriority, countNumber, knownGoodLimit), {
            command,
          }),
        ]
      : [];
  });
};

const firstOfEach = (findings: readonly Found[]): Found[] =>
  findings.filter(({ message }, index) => findings.findIndex((one) => one.message === message) === index);

const scanFindings = (where: Where, name: string, isScanned: Read<boolean> | undefined): Found[] => {
  if (!isScanned || ('value' in isScanned && isScanned.value)) return [];
  if ('unread' in isScanned) return [notChecked(name, isScanned.unread)];
  const command = aws(
    where,
    'ecr',
    'put-image-scanning-configuration',
    '--repository-name',
    name,
    '--image-scanning-configuration',
    'scanOnPush=true',
  );
  return [found('NOT_SCANNED', 'error', name, messages.notScanned(), { command })];
};

/** One repository that slipway.yml names. `registry` is the host of the account's images. */
export const repositoryFindings = (
  where: Where,
  name: string,
  read: Read<RepositoryFacts | undefined>,
  facts: Pick<Facts, 'services' | 'deployed'>,
  { registry, now }: { readonly registry: string; readonly now: Date },
): Found[] => {
  if ('unread' in read) return [notChecked(name, read.unread)];
  const repository = read.value;
  const named = ['--repository-name', name] as const;
  if (!repository)
    return [
      found('REPOSITORY_MISSING', 'error', name, messages.repositoryMissing(), {
        command: aws(where, 'ecr', 'create-repository', ...named),
      }),
    ];
  const { mutability, lifecyclePolicy, images, isScanned } = repository;
  const findings = scanFindings(where, name, isScanned);
  if ('unread' in lifecyclePolicy) findings.push(notChecked(name, lifecyclePolicy.unread));
  if ('unread' in images) findings.push(notChecked(name, images.unread));
  else {
    const needed = neededImages(registry, name, facts, images.value);
    const kept = new Set(images.value.map(({ digest }) => digest));
    const missing = needed.filter(({ digest, isRunning }) => isRunning && !kept.has(digest));
    const command = aws(where, 'ecr', 'describe-images', ...named);
    findings.push(...missing.map((image) => found('IMAGE_MISSING', 'error', name, messages.imageMissing(image), { command })));
    if ('value' in lifecyclePolicy && lifecyclePolicy.value !== undefined)
      findings.push(...lifecycleFindings(where, name, lifecyclePolicy.value, { images: images.value, needed, now }));
  }
  if (mutability.startsWith('MUTABLE')) {
    const command = aws(where, 'ecr', 'put-image-tag-mutability', ...named, '--image-tag-mutability', 'IMMUTABLE');
    findings.push(found('TAGS_MUTABLE', 'note', name, messages.tagsMutable(), { command }));
  }
  return firstOfEach(findings);
};
