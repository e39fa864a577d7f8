import { z } from 'zod';
import { defaultParallel } from '../core/configuration/configuration.js';
import { parsePattern } from '../core/policy/pattern.js';
import { approvalExpected, approvalSchema, freezeSchema, windowSchema } from './gates-schema.js';
import { stageBeforeSchema } from './hooks-schema.js';
import { choice, count, list, text } from './schema-values.js';
import { serviceSchema } from './service-schema.js';

/** Of an inline Map: Step Functions Developer Guide, "Map state processing modes". */
const LARGEST_PARALLEL = 40;

const stageName = text(
  'a name of at most 32 letters, digits, - and _',
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
  'Messages call the stage by this name, which is unique within its repository.',
);

const tagPattern = text(
  'an exact tag, a glob with * and ?, /a regular expression/ or semver:a range of versions; ! before one excludes',
  /^.+$/,
  'A pattern is an exact tag, a glob in which * is any characters or none and ? is one, a regular expression between two slashes, or a range of versions after semver: or semver-pre:. One that begins with ! excludes what the others match.',
).superRefine((written, context) => {
  const pattern = parsePattern(written);
  if ('problem' in pattern) context.addIssue({ code: 'custom', params: { says: pattern.problem } });
});

export const tagsExpected = 'a list of at least one pattern, like ["main-*", "semver:^1.4"]';

export const tagPatterns = (description: string) => list(tagPattern, tagsExpected, description);

export const stageSchema = z.strictObject({
  name: stageName,
  services: list(serviceSchema, 'a list of at least one service, each cluster/service', 'These services are deployed side by side.'),
  tags: tagPatterns(
    'A tag reaches the stage if these patterns allow it, and those of the repository. The default is the patterns of the repository alone.',
  ).optional(),
  requires: stageName
    .meta({
      description: 'The image must have succeeded in this earlier stage. The default is none.',
      expected: 'the name of an earlier stage',
    })
    .optional(),
  approval: approvalSchema
    .meta({ description: 'The stage begins only after an approval. The default is false.', expected: approvalExpected, default: false })
    .optional(),
  window: windowSchema.meta({ description: 'The stage begins only in these hours. The default is any time.' }).optional(),
  freeze: list(
    freezeSchema,
    'a list of at least one freeze, each with from and to',
    'The stage does not begin on these days. The default is none.',
  ).optional(),
  parallel: count(
    { from: 1, to: LARGEST_PARALLEL },
    `At most this many services are deployed at the same time. The default is ${defaultParallel}.`,
  )
    .meta({ default: defaultParallel })
    .optional(),
  onFailure: choice(
    ['stop', 'rollBackAll'],
    'stop or rollBackAll',
    'When a service of the stage fails, the release stops, or it also rolls back what it deployed. The default is stop.',
  )
    .meta({ default: 'stop' })
    .optional(),
  rollBackScope: choice(
    ['stage', 'release'],
    'stage or release',
    'The services of the stage are rolled back, or those of every stage of the release. The default is stage.',
  )
    .meta({ default: 'stage' })
    .optional(),
  alarms: choice(
    ['warn', 'require'],
    'warn or require',
    'An alarm of a service that is in ALARM before the stage begins is a warning, or refuses the stage. The default is warn.',
  )
    .meta({ default: 'warn' })
    .optional(),
  before: stageBeforeSchema
    .meta({ description: 'This task runs once with the new image, before the services of the stage are deployed. The default is none.' })
    .optional(),
});

export type WrittenStage = z.infer<typeof stageSchema>;
