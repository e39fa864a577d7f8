import { z } from 'zod';
import { flag, list, text } from './schema-values.js';

// CloudWatch Logs API, LogGroupName, and * for any characters.
export const logGroups = list(
  text(
    'the name (not the ARN) of a log group',
    /^[\w./#*-]{1,512}$/,
    'This is a CloudWatch log group, in which * is any characters or none.',
  ),
  'a list of at least one log group',
  'The last lines of a failed container are read from these log groups. The default is every group of the account and Region.',
);

const key = (description: string) =>
  text(
    'the ARN of a KMS key, not of an alias',
    // A role's policy allows a key by its own ARN only: KMS guide, "Controlling access to aliases".
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/,
    `${description} The default is a key that AWS owns.`,
  ).optional();

const keys = z.strictObject({
  slackSecret: key('This key encrypts the secret with the webhook: what reads the secret may decrypt with it.'),
  topic: key('This key encrypts the topic. Its key policy has to admit CloudWatch alarms.'),
  queues: key('This key encrypts the queues. Its key policy has to admit EventBridge and Amazon SNS.'),
  table: key('This key encrypts the table.'),
});

const tagsExpected = 'tags by their names';

const tagExpected = 'a text of at most 256 letters, digits, spaces and _.:/=+-@';

const tags = z
  .record(
    text(
      'the name of a tag: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:',
      /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu,
      'The key is the name of a tag.',
    ),
    text(tagExpected, /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u, 'This is the value of the tag.'),
    { error: tagsExpected },
  )
  .meta({
    description: 'CloudFormation gives these tags to every resource of the stack that can have tags. The default is none.',
    expected: tagsExpected,
  });

// Lambda API, VpcConfig: at most 16 subnets and 5 security groups.
const vpc = z.strictObject({
  subnetIds: list(
    text('the ID of a subnet, like subnet-0a1b2c3d', /^subnet-[0-9a-f]{8,17}$/, 'The function has an address in this subnet.'),
    'a list of 1 to 16 subnets',
    'Private addresses are requested from these subnets. A public one needs a NAT gateway: the function has no public address.',
  ).max(16, { error: 'a list of 1 to 16 subnets' }),
  securityGroupIds: list(
    text('the ID of a security group, like sg-0a1b2c3d', /^sg-[0-9a-f]{8,17}$/, 'The function has this security group.'),
    'a list of 1 to 5 security groups',
    'These security groups let the function out to the addresses.',
  ).max(5, { error: 'a list of 1 to 5 security groups' }),
});

/** `stack` in slipway.yml: what the stack's own resources get. */
export const stackSettings = z
  .strictObject({
    stage: text(
      'a name of letters, digits and -',
      /^[A-Za-z0-9-]{1,64}$/,
      "This is the only stage of this file's stack, so that no second stack deploys the same services. The default is what --stage says, else dev.",
    ).optional(),
    rolePath: text(
      'a path that begins and ends with /, like /delivery/',
      /^\/(?:[\x21-\x2e\x30-\x7e]+\/)*$/,
      'The roles have this IAM path. The default is /.',
    ).optional(),
    permissionsBoundary: text(
      'the ARN of an IAM policy',
      /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
      'This IAM policy bounds what every role may do. The default is none.',
    ).optional(),
    tags: tags.optional(),
    dashboard: flag(
      'The stack has a CloudWatch dashboard of its metrics and alarms, which CloudWatch bills by the month. The default is false.',
    ).optional(),
    vpc: vpc
      .meta({
        description:
          'The function that verifies URLs is connected to these subnets. The default is none: it reaches public addresses only.',
      })
      .optional(),
    keys: keys.meta({ description: 'Your own KMS keys encrypt what the stack keeps. The default is keys that AWS owns.' }).optional(),
  })
  .meta({
    description:
      'The stack has this stage, and its resources have these tags, keys, role path and permissions boundary. The default is none.',
  });
