import { AwsError } from '../errors.js';
import { type Operation, operation } from '../operation.js';
import { tagsShape } from './clusters.js';
import { resourceId } from './names.js';
import { publishService, publishTask } from './publish.js';
import { tagModify, tagRead } from './rate-limits.js';
import type { Cluster, Service, Tag, Task, TaskDefinition } from './records.js';
import type { EcsState } from './state.js';
import { mergeTags } from './tags.js';

type Tagged = Cluster | Service | Task | TaskDefinition;

const find = (state: EcsState, arn: string): Tagged => {
  const services = [...state.clusters.values()].flatMap(({ services }) => [...services.values()]);
  const found =
    [...state.clusters.values(), ...services].find((resource) => resource.arn === arn) ??
    state.task(arn) ??
    (arn.includes(':task-definition/') ? state.findTaskDefinition(arn) : undefined);
  if (!found) throw new AwsError('InvalidParameterException', `The specified resource ${resourceId(arn)} was not found.`);
  return found;
};

type TagInput = { readonly resourceArn: string; readonly tags: readonly Tag[] };

export const tagResource = (state: EcsState): Operation =>
  operation<TagInput, unknown>({
    service: 'ecs',
    name: 'TagResource',
    input: { resourceArn: 'string', tags: tagsShape },
    required: ['resourceArn', 'tags'],
    rateLimit: tagModify,
    permissions: ({ resourceArn }) => [{ action: 'ecs:TagResource', resource: resourceArn }],
    run: ({ resourceArn, tags }) => {
      const found = find(state, resourceArn);
      found.tags = mergeTags(found.tags, tags);
      if ('deployments' in found) publishService(state, found);
      if ('containers' in found) publishTask(state, found);
      return {};
    },
  });

export const listTagsForResource = (state: EcsState): Operation =>
  operation<Pick<TagInput, 'resourceArn'>, unknown>({
    service: 'ecs',
    name: 'ListTagsForResource',
    input: { resourceArn: 'string' },
    required: ['resourceArn'],
    rateLimit: tagRead,
    permissions: ({ resourceArn }) => [{ action: 'ecs:ListTagsForResource', resource: resourceArn }],
    run: ({ resourceArn }) => ({ tags: find(state, resourceArn).tags }),
  });
