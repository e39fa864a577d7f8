import { callerArn } from '../../aws/caller-identity.js';
import { readQueues } from '../../aws/installation/queues.js';
import { NewestTasks } from '../../aws/newest-tasks.js';
import { ServiceBatches, type ServiceInBatch } from '../../aws/service-batch.js';
import { TaskDefinitions } from '../../aws/task-definition.js';
import type { StackClient } from '../../cli/stack-client.js';
import { parseImageReference } from '../../core/image/image-reference.js';
import { suffixOf } from '../../core/image/partition.js';
import type { StackView } from '../../core/query/answers.js';
import type { SourceImage } from '../api.js';
import { type EcsCounts, stateOfTask } from './moving-tasks.js';
import type { PageReads } from './reads.js';

/** Names of the stack's dead-letter queues, after the stack's own. */
const deadLetterQueues = ['undelivered-pushes', 'undelivered-messages', 'unhandled-events'];

/** Deployments of a service among which the one that decides is looked for. */
const newest = 20;

/** Reads of an account, or of the emulator: by the stack's function `query`, and with the credentials of its client. */
export const accountReads = (client: StackClient): PageReads => {
  const services = new ServiceBatches(client.settings);
  const definitions = new TaskDefinitions(client.settings);
  const tasks = new NewestTasks(client.settings, 1);
  let urls: readonly string[] | undefined;
  return {
    installation: () => client.query('installation', {}),
    status: (question) => client.query('status', question),
    progress: () => client.query('progress', {}),
    deployments: async (service) => {
      const answer = await client.query('history', { service, limit: newest });
      return 'deployments' in answer ? answer.deployments : [];
    },
    counts: async (names) => new Map([...(await services.describe(names))].map(([name, service]) => [name, countsOf(service)])),
    images: async (taskDefinition) => imagesIn((await definitions.describe(taskDefinition)).definition),
    tasks: async (service) =>
      (await tasks.of(service))?.map(({ taskDefinition, lastStatus }) => ({ taskDefinition, state: stateOfTask(lastStatus) })),
    lostMessages: async () => {
      urls ??= await queueUrls(client);
      return lostMessages(client, urls);
    },
    identity: async () => {
      const arn = await callerArn(client.settings);
      return { arn, name: arn.slice(arn.lastIndexOf('/') + 1) };
    },
  };
};

const imagesIn = ({ containerDefinitions = [] }: { readonly containerDefinitions?: readonly object[] | undefined }): SourceImage[] =>
  containerDefinitions.flatMap((container) => {
    const { image } = container as { readonly image?: unknown };
    const { repository, tag, digest = '' } = (typeof image === 'string' ? parseImageReference(image) : undefined) ?? {};
    return repository === undefined ? [] : [{ repository, ...(tag !== undefined && { tag }), digest }];
  });

const countsOf = ({
  desiredCount,
  runningCount = 0,
  taskDefinition,
  deployments,
  consecutiveFailures = 0,
  since,
  tasks,
}: ServiceInBatch): EcsCounts => ({
  desired: desiredCount,
  running: Math.max(
    runningCount ?? 0,
    tasks.reduce((sum, { running }) => sum + running, 0),
  ),
  revision: deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinition ?? taskDefinition,
  failed: consecutiveFailures,
  ...(since !== undefined && { since }),
  tasks,
});

/** A queue that does not exist has no messages: a stack without Slack lacks one. */
const lostMessages = async (client: StackClient, urls: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const read of (await readQueues(client.settings, urls)).values()) {
    if ('unread' in read) throw new UnreadQueue(read.unread.reason);
    if (read.value) counts.set(read.value.name, read.value.messages ?? 0);
  }
  return counts;
};

const queueUrls = async (client: StackClient): Promise<readonly string[]> => {
  const { stack } = await client.query('installation', {});
  return deadLetterQueues.map((name) => queueUrl(stack, name));
};

/** `https://sqs.<region>.<suffix>/<account>/<name>` (SQS Developer Guide, "Queue and message identifiers"). */
const queueUrl = ({ stage, account, region, machines }: StackView, name: string): string => {
  const [, partition = ''] = machines.release.split(':');
  return `https://sqs.${region}.${suffixOf(partition)}/${account}/slipway-${stage}-${name}`;
};

/** Named after AWS's error, of which only the kind is known. */
class UnreadQueue extends Error {
  constructor(reason: 'denied' | 'throttled') {
    super(`sqs:GetQueueAttributes was ${reason}`);
    this.name = reason === 'denied' ? 'AccessDeniedException' : 'ThrottlingException';
  }
}
