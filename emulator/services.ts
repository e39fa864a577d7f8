import type { CloudWatch } from './cloudwatch/api.js';
import type { Dynamodb } from './dynamodb/api.js';
import type { Ecr } from './ecr/api.js';
import type { Ecs } from './ecs/api.js';
import type { Events } from './events/api.js';
import type { Iam } from './iam/api.js';
import type { Lambda } from './lambda/api.js';
import type { Logs } from './logs/api.js';
import type { Secrets } from './secretsmanager/api.js';
import type { Sns } from './sns/api.js';
import type { Sqs } from './sqs/api.js';
import type { States } from './states/api.js';

/** What the services offer each other, beside their operations. */
export type Services = {
  readonly iam: Iam;
  readonly lambda: Lambda;
  readonly states: States;
  readonly events: Events;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly dynamodb: Dynamodb;
  readonly cloudwatch: CloudWatch;
  readonly logs: Logs;
  readonly secrets: Secrets;
  readonly ecr: Ecr;
  readonly ecs: Ecs;
};
