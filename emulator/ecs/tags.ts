import { AwsError } from '../errors.js';
import type { Service, Tag, TaskDefinition } from './records.js';

const most = 50;

export const checkTags = (tags: readonly Tag[]): readonly Tag[] => {
  if (tags.length > most) throw new AwsError('InvalidParameterException', `Too many tags: ${tags.length}. At most ${most} are allowed.`);
  const keys = new Set(tags.map(({ key }) => key));
  if (keys.size < tags.length) throw new AwsError('InvalidParameterException', 'Duplicate tag keys found. Tag keys must be unique.');
  return tags;
};

/** New values win. */
export const mergeTags = (tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] =>
  checkTags([...tags.filter(({ key }) => !added.some((tag) => tag.key === key)), ...added]);

/** The tags of a service's task. */
export const tagsOfTask = (service: Service, taskDefinition: TaskDefinition): readonly Tag[] => {
  const { propagateTags, enableECSManagedTags } = service.description;
  const propagated = { SERVICE: service.tags, TASK_DEFINITION: taskDefinition.tags }[propagateTags ?? ''] ?? [];
  if (!enableECSManagedTags) return propagated;
  return [...propagated, { key: 'aws:ecs:clusterName', value: service.cluster.name }, { key: 'aws:ecs:serviceName', value: service.name }];
};
