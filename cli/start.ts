import { Misuse, runCommand } from './command.js';
import { showTimeline, startTrial } from './trial.js';

const help = `Keeps the emulator and the pipeline up, and deploys whatever is pushed.

  npm start [-- --port 4566 --speed 10]

  --port    where the emulator listens, on 127.0.0.1
  --speed   how many times faster than real time
  --json    a JSON object a line, in place of a text for people
  --help    this text`;

const usage = (url: string): string => `
The pipeline is up, on an emulated account at ${url}. Push to it with the AWS CLI, from another terminal:

  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=eu-west-1

  # a healthy image: staging first, then production
  aws --endpoint-url ${url} ecr put-image --repository-name my-learn-app --image-tag main-6 --image-manifest file://events/images/healthy.json

  # one that crashes on start: it is rolled back
  aws --endpoint-url ${url} ecr put-image --repository-name my-learn-app --image-tag main-7 --image-manifest file://events/images/crashes-on-start.json

Ctrl-C ends it.
`;

const number = (name: string, text: string | boolean | undefined, least: number): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least) throw new Misuse(`--${name} is ${text}; expected a number of at least ${least}`);
  return value;
};

const run = async ({ port, speed, json }: { port: number; speed: number; json: boolean }): Promise<boolean> => {
  const { emulator, close } = await startTrial({ port });
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const { url } = await emulator.listen({ port });
  if (!json) print(usage(url));
  const hide = showTimeline(emulator, { json, print });
  const stop = emulator.account.clock.runInRealTime(speed);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  hide();
  await stop();
  await close();
  return true;
};

await runCommand(
  help,
  {
    port: { type: 'string', default: '4566' },
    speed: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
  async ({ port, speed, json }) => run({ port: number('port', port, 0), speed: number('speed', speed, 0.01), json: json === true }),
);
