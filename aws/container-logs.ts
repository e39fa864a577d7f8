import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLocation } from '../core/records/records.js';
import { type ClientSettings, clientFor } from './client-settings.js';

const logs = clientFor(CloudWatchLogsClient);

/** Log lines of containers with the awslogs driver. */
export class ContainerLogs {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * The last `limit` lines of one container of one task, the oldest first.
   * @throws ResourceNotFoundException if the container has written nothing
   */
  async tail({ container, group, prefix, region }: LogLocation, taskId: string, limit: number): Promise<string[]> {
    if (region !== undefined && region !== this.#settings.region) return [`(its log group is in ${region})`];
    const { events } = await logs(this.#settings).send(
      new GetLogEventsCommand({ logGroupName: group, logStreamName: `${prefix}/${container}/${taskId}`, limit, startFromHead: false }),
    );
    return (events ?? []).map(({ message }) => message ?? '');
  }
}
