import { Images } from '../../aws/image.js';
import { diagnosisOf } from '../../cli/diagnosis.js';
import type { StackClient } from '../../cli/stack-client.js';
import type { ClockState, ServiceRow } from '../api.js';
import { Budget, machineTime } from './budget.js';
import { createCommands } from './commands.js';
import { createDetails } from './details.js';
import { joinSource, type LiveSource, type Parts } from './join-source.js';
import { createLive } from './live.js';

export type AccountOptions = {
  readonly client: StackClient;
  readonly mode: 'account' | 'emulator';
  /** The account's time, which is virtual on the emulator. */
  readonly clock: () => ClockState;
  /** Of the AWS configuration, for lines to paste. */
  readonly profile?: string | undefined;
};

/** A deployed stack as the page shows it. */
export const createAccountSource = (options: AccountOptions): LiveSource => {
  const { client, profile, clock } = options;
  const budget = new Budget(machineTime);
  const live = createLive({ ...options, budget });
  const images = new Images(client.settings);
  let rows: readonly ServiceRow[] = [];
  const { run, preview } = createCommands({
    client,
    me: async () => (await live.overview()).me,
    desiredOf: (service) => rows.find(({ id }) => id === service)?.desired,
  });
  const parts: Parts = {
    live,
    details: createDetails({ client, live, budget }),
    commands: {
      run,
      preview: async (command) => {
        rows = (await live.overview()).services;
        return preview(command);
      },
    },
    repositories: async () => (await client.query('installation', {})).repositories.map(({ repository }) => repository),
    imagesOf: (repository) => images.tagged(repository),
    diagnose: () => diagnosisOf(client, profile, () => new Date(clock().now)),
  };
  return joinSource(parts, Date.now);
};
