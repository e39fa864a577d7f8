import { isExclusion } from '../core/policy/pattern.js';
import { gateIssues } from './gate-checks.js';
import { hookIssues } from './hook-checks.js';
import { serviceSchema, type WrittenService } from './service-schema.js';
import { tagsExpected } from './stage-schema.js';
import { fields, items } from './unvalidated.js';
import { type Path, pathText, type ValidationIssue } from './validation-issues.js';

type Named = { repository: string; service: string; container?: string | undefined; path: Path };

/** Issues of a well-formed file: duplicates, contradictions, a freeze that was over at `now`, or no way to report results. */
export const semanticIssues = (value: unknown, now: Date): ValidationIssue[] => {
  const stages = stagesIn(value);
  return [
    ...stages.flatMap(({ path, repository, name }, index) => {
      const first = stages.slice(0, index).find((stage) => stage.repository === repository && stage.name === name);
      return first && name !== undefined
        ? [
            {
              path: [...path, 'name'],
              says: `is "${name}", as is that of ${pathText(first.path)}; expected each name once in a repository`,
            },
          ]
        : [];
    }),
    ...duplicates(stages.flatMap((stage) => stage.services)),
    ...Object.entries(fields(fields(value).repositories)).flatMap(([name, repository]) => [
      ...tagIssues(['repositories', name], repository),
      ...gateIssues(['repositories', name], repository, now),
    ]),
    ...hookIssues(value),
    ...missingNotifications(value),
  ];
};

const duplicates = (services: Named[]): ValidationIssue[] =>
  services.flatMap((service, index) => {
    const before = services.slice(0, index).filter((other) => other.service === service.service);
    const same = before.find((other) => other.repository === service.repository);
    if (same) {
      return [issueAt(service, `is "${service.service}", as is ${pathText(same.path)}; expected each service once in a repository`)];
    }
    const clash = before.find((other) => !other.container || !service.container || other.container === service.container);
    if (!clash) return [];
    const expected = 'expected both to name a container, each its own, where two repositories deploy one service';
    return [issueAt(service, `is "${service.service}", as is ${pathText(clash.path)}; ${expected}`)];
  });

const issueAt = ({ path }: Named, says: string): ValidationIssue => ({ path, says });

type Tags = { readonly path: Path; readonly tags: unknown };

/** A tag must match patterns of the repository, of the stage, or of both. */
const tagIssues = (path: Path, repository: unknown): ValidationIssue[] => {
  const { tags, stages } = fields(repository);
  const ofRepository: Tags = { path: [...path, 'tags'], tags };
  const ofStages = items(stages).map((stage, index): Tags => ({ path: [...path, 'stages', index, 'tags'], tags: fields(stage).tags }));
  const without = tags === undefined ? ofStages.filter((stage) => stage.tags === undefined) : [];
  const says = `is missing; expected ${tagsExpected}, in the repository or in each of its stages`;
  return [
    ...[ofRepository, ...ofStages].flatMap(onlyExclusions),
    ...(without.length > 0 && without.length === ofStages.length ? [ofRepository] : without).map((place) => ({ path: place.path, says })),
  ];
};

const onlyExclusions = ({ path, tags }: Tags): ValidationIssue[] => {
  const patterns = items(tags);
  if (patterns.length === 0 || !patterns.every((pattern) => typeof pattern === 'string' && isExclusion(pattern))) return [];
  return [{ path, says: 'only excludes; expected at least one pattern without !' }];
};

const missingNotifications = (value: unknown): ValidationIssue[] => {
  const notifications = fields(fields(value).notifications);
  if (notifications.sns !== false || 'slack' in notifications || 'email' in notifications) return [];
  const says = 'is false, and there is neither notifications.slack nor notifications.email; expected at least one of them';
  return [{ path: ['notifications', 'sns'], says }];
};

// The file may be malformed elsewhere: issues of its form do not hide these.
const stagesIn = (value: unknown) =>
  Object.entries(fields(fields(value).repositories)).flatMap(([repository, written]) =>
    items(fields(written).stages).map((stage, index) => {
      const path: Path = ['repositories', repository, 'stages', index];
      const { name, services } = fields(stage);
      return {
        repository,
        path,
        name: typeof name === 'string' ? name : undefined,
        services: items(services).flatMap((service, place): Named[] => {
          const parsed = serviceSchema.safeParse(service).data;
          return parsed === undefined ? [] : [{ repository, path: [...path, 'services', place], ...namedIn(parsed) }];
        }),
      };
    }),
  );

const namedIn = (service: WrittenService) =>
  typeof service === 'string' ? { service } : { service: service.service, container: service.container };
