import { z } from 'zod';
import { list, text } from './schema-values.js';

// CloudWatch Logs API, LogGroupName, and * for any characters.
export const logGroups = list(
  text('the name (not the ARN) of a log group', /^[\w./#*-]{1,512}$/, 'A CloudWatch log group: * is any characters or none.'),
  'a list of at least one log group',
  'The log groups of the services, from which the last lines of a failed container are read. Default: every group of the account and Region.',
);

const key = (description: string) =>
  text(
    'the ARN of a KMS key, not of an alias',
    // A role's policy allows a key by its own ARN only: KMS guide, "Controlling access to aliases".
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/,
    description,
  ).optional();

const keys = z.strictObject({
  slackSecret: key('The key of the secret with the webhook: what reads the secret may decrypt with it.'),
  topic: key('Encrypts the topic. Its key policy has to admit CloudWatch alarms.'),
  queues: key('Encrypts the queues. Its key policy has to admit EventBridge and Amazon SNS.'),
  table: key('Encrypts the table.'),
});

const tagExpected = 'a text of at most 256 letters, digits, spaces and _.:/=+-@';

const tags = z
  .record(
    text(
      'the name of a tag: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:',
      /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu,
      'The name of a tag.',
    ),
    text(tagExpected, /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u, 'The value of the tag.'),
    { error: 'tags by their names' },
  )
  .meta({ description: 'Tags of the stack. CloudFormation gives them to every resource that can have tags.' });

/** `stack` in slipway.yml: what the stack's own resources get. */
export const stackSettings = z
  .strictObject({
    stage: text(
      'a name of letters, digits and -',
      /^[A-Za-z0-9-]{1,64}$/,
      "The only stage of this file's stack, so that no second stack deploys the same services. Default: what --stage says, else dev.",
    ).optional(),
    rolePath: text(
      'a path that begins and ends with /, like /delivery/',
      /^\/(?:[\x21-\x2e\x30-\x7e]+\/)*$/,
      'The IAM path of the roles. Default: /.',
    ).optional(),
    permissionsBoundary: text(
      'the ARN of an IAM policy',
      /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      'The IAM policy that bounds what every role may do.',
    ).optional(),
    tags: tags.optional(),
    keys: keys.meta({ description: 'KMS keys of your own, by their ARNs. Default: keys that AWS owns.' }).optional(),
  })
  .meta({ description: 'The stage of the stack, and what its resources get: tags, keys, and the path and boundary of the roles.' });
