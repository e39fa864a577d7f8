import { createHash } from 'node:crypto';
import type { Resources } from './cloudformation.js';

/** A subscription to the topic for each mail address; its name stays when the list changes. */
export const mailSubscriptions = (addresses: readonly string[] = []): Resources =>
  Object.fromEntries(
    addresses.map((address) => [
      `Mail${createHash('sha256').update(address).digest('hex').slice(0, 12)}`,
      {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'email',
          Endpoint: address,
          // What changed nothing, and was not asked for, is left out.
          FilterPolicy: { quiet: [{ exists: false }] },
        },
      },
    ]),
  );
