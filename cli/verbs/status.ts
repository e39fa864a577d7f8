import type { Verb } from '../context.js';
import { exitStatuses } from '../exit-status.js';

export const run: Verb = async ({ connect, terminal }) => {
  const client = await connect();
  const status = await client.query('status', {});
  terminal.print(JSON.stringify(status));
  return exitStatuses.ok;
};
