import { createAccountSource } from '../../page/server/account-source.js';
import type { Verb } from '../context.js';
import { builtAssets } from '../page-assets.js';
import { parsePort, servePage } from '../serve-page.js';

export const run: Verb<[], { readonly port: string }> = async (context, _, { port: given, profile }) => {
  const port = parsePort(given, '--port');
  const assets = builtAssets();
  const client = await context.connect();
  // What keeps all of it from working is said here, and not in a browser: credentials, the stage, the version.
  await client.query('installation', {});
  const clock = () => ({ now: context.now().toISOString(), speed: 1 });
  return servePage(context, { client, source: createAccountSource({ client, mode: 'account', clock, profile }), assets }, port);
};
