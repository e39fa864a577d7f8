import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createEmulator, type Emulator } from '../emulator/emulator.js';
import { Misuse } from './command.js';
import { createExample } from './example.js';
import { startSlackStandIn } from './slack-stand-in.js';
import { line, Timeline, type TimelineEntry } from './timeline.js';

/** The packaged stack on an emulated account with the example's services, and a stand-in for Slack. */
export type Trial = { readonly emulator: Emulator; readonly close: () => Promise<void> };

const artifactsDir = '.serverless';

/** Packages the stack as `serverless deploy` would upload it. Its own output is shown only when it fails. */
const packageStack = (): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/serverless/bin/serverless.js', 'package'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Misuse(`the stack could not be packaged:\n${stdout}${stderr}`);
};

// Development on Node.js 20 is meant; the functions run on a later one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export const startTrial = async ({ port }: { port: number }): Promise<Trial> => {
  const emulator = createEmulator();
  await emulator.listen({ port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new Misuse(`port ${port} of 127.0.0.1 is taken; give another one with --port`) : error;
  });
  try {
    packageStack();
    const slack = await startSlackStandIn((text) => emulator.account.log.add('slack', 'received', { text }));
    const close = async () => {
      await emulator.close();
      await slack.close();
    };
    await deployExample(emulator, slack.url);
    return { emulator, close };
  } catch (error) {
    await emulator.close();
    throw error;
  }
};

const deployExample = async (emulator: Emulator, webhookUrl: string): Promise<void> => {
  await createExample(emulator, webhookUrl);
  await emulator.account.clock.run();
  const template = JSON.parse(readFileSync(`${artifactsDir}/cloudformation-template-update-stack.json`, 'utf8')) as Record<string, unknown>;
  await emulator.deploy({ template, stackName: 'slipway-dev', artifactsDir });
};

/** Shows what happens as it happens, a line each, or a JSON object each. Returns the function that ends it. */
export const showTimeline = ({ account }: Emulator, { json, print }: { json: boolean; print: (text: string) => void }): (() => void) => {
  const timeline = new Timeline(account.services.states);
  const show = (entry: TimelineEntry | undefined) => {
    if (entry) print(json ? JSON.stringify({ ...entry, time: new Date(entry.time).toISOString() }) : line(entry));
  };
  return account.log.listen((entry) => show(timeline.entryOf(entry)));
};
