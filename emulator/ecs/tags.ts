import { AwsError } from '../errors.js';
import type { Service, Tag, TaskDefinition } from './records.js';

const most = 50;

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

/** @throws AwsError InvalidParameterException */
export const checkTags = (tags: readonly Tag[]): readonly Tag[] => {
  if (tags.length > most) refuse(`Too many tags: ${tags.length}. At most ${most} are allowed.`);
  const keys = new Set(tags.map(({ key }) => key));
  if (keys.size < tags.length) refuse('Duplicate tag keys found. Tag keys must be unique.');
  for (const { key, value = '' } of tags) {
    if (!/^.{1,128}$/su.test(key) || !/^.{0,256}$/su.test(value))
      refuse(`Tag keys have 1 to 128 characters, and values 256 at most: ${key}`);
    // The API model's pattern of TagKey and TagValue.
    if (![key, value].every((text) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)))
      refuse('Some tags contain invalid characters. Valid characters: UTF-8 letters, spaces, numbers and _ . / = + - : @.');
    // Reserved in any case of the letters (Tag in the API reference); ECS's words are not known.
    if (/^aws:/i.test(key) || /^aws:/i.test(value)) refuse(`Tag keys and values with the prefix 'aws:' are reserved: ${key}`);
  }
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
