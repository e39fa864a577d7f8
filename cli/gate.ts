import { suggestionFor } from '../core/input/suggestion.js';
import type { StageStatus } from '../core/query/answers.js';
import { CommandError } from './command-error.js';
import { exitStatuses } from './exit-status.js';
import type { StackClient } from './stack-client.js';

type Waits = NonNullable<StageStatus['waiting']>;

/**
 * The release that waits before a stage, and what its services run.
 * @throws CommandError if slipway.yml has no such repository or stage, or nothing waits there
 */
export const waitingBefore = async (client: StackClient, repository: string, stage: string) => {
  const { repositories, services } = await client.query('status', { repository });
  const stages = repositories.find((one) => one.repository === repository)?.stages ?? [];
  const found = stages.find(({ name }) => name === stage);
  if (!found) {
    const names = stages.map(({ name }) => name);
    const meant = suggestionFor(stage, names);
    throw new CommandError(
      `${repository} has no stage ${JSON.stringify(stage)}${meant === undefined ? `, but ${names.join(', ')}` : `; did you mean ${meant}?`}`,
      { status: exitStatuses.usage },
    );
  }
  if (!found.waiting) throw new CommandError(`no release of ${repository} waits before ${stage}`, { status: exitStatuses.notDeployed });
  const waiting: Waits = found.waiting;
  return { waiting, services: services.filter(({ service }) => found.services.includes(service)) };
};
