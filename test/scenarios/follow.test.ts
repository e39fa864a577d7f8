import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pico from 'picocolors';
import { connect } from '../../cli/connect.js';
import type { Context } from '../../cli/context.js';
import { follow } from '../../cli/follow/follow.js';
import type { FollowOptions, FollowTarget } from '../../cli/follow/state.js';
import type { StackClient } from '../../cli/stack-client.js';
import type { PolicyDocument } from '../../emulator/iam/api.js';
import { type DroppingProxy, startDroppingProxy } from '../support/dropping-proxy.js';
import { approval, givenGates } from '../support/gated.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

/** Virtual seconds a real second. */
const speed = 200;

const policy = (file: string) => JSON.parse(readFileSync(`examples/policies/${file}`, 'utf8')) as PolicyDocument;
const environment = { ...process.env };
let proxy: DroppingProxy;
let stop: () => Promise<void>;

/** A CI job with these policies alone, whose way to AWS may break, while virtual time passes. */
const jobOf = async (pipeline: Pipeline, ...policies: string[]): Promise<StackClient> => {
  const { iam } = pipeline.account.services;
  const arn = `arn:aws:iam::${pipeline.account.accountId}:role/ci`;
  const trust: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' }],
  };
  iam.putRole({ arn, trust, policies: policies.map(policy) });
  const { accessKeyId, secretAccessKey, sessionToken } = iam.credentialsFor({ arn, kind: 'role' });
  proxy = await startDroppingProxy((await pipeline.emulator.listen({ port: 0 })).url);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: proxy.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  stop = pipeline.emulator.runInRealTime(speed);
  return connect({ stage: 'dev', region: 'eu-west-1', json: false }, process.env, { attempts: 1 });
};

afterEach(async () => {
  await stop();
  await proxy.close();
  process.env = { ...environment };
  await closePipelines();
});

const timeOf = (pipeline: Pipeline): string => new Date(pipeline.account.clock.now).toISOString();

/** The command in virtual time. `seen` gets every line when it is written. */
const followed = async (
  pipeline: Pipeline,
  client: StackClient,
  target: FollowTarget,
  { seen = () => {}, ...options }: Partial<FollowOptions> & { readonly seen?: (line: string) => void } = {},
) => {
  const lines: string[] = [];
  const print = (line: string) => {
    lines.push(line);
    seen(line);
  };
  const context = {
    terminal: { width: Number.POSITIVE_INFINITY, colors: pico.createColors(false), print },
    options: { json: false },
    environment: { CI: 'true' },
    now: () => new Date(pipeline.account.clock.now),
    signal: new AbortController().signal,
    connect: async () => client,
  } as unknown as Context;
  const pacing = { sleep: (milliseconds: number) => sleep(milliseconds / speed), random: () => 0 };
  const status = await follow(context, target, { timeoutSeconds: 3600, endsAtGates: true, ...options }, pacing);
  return { status, lines, text: lines.join('\n') };
};

test('with the policy of CI alone, a job that starts before the push follows its release to the end, past connections that break', async () => {
  const pipeline = await givenPipeline();
  const client = await jobOf(pipeline, 'ci-follow.json');
  const following = followed(
    pipeline,
    client,
    { repository: 'my-learn-app', tag: 'main-2' },
    {
      since: timeOf(pipeline),
      seen: (line) => {
        if (/main-2 is not in the registry yet/.test(line)) void pipeline.push('main-2');
        if (/stage staging begins/.test(line)) proxy.drop(3);
      },
    },
  );

  const { status, lines, text } = await following;

  expect(text).toContain('the stack answers again');
  expect(status).toBe(0);
  expect(lines.filter((line) => / (staging|production)\/(web|worker): deployed/.test(line))).toHaveLength(3);
  expect(text).toMatch(/rolling out .*[01]\/1 running/);
  expect(text).toMatch(/stage staging has succeeded\n(.*\n)*.*stage production begins/);

  const refused = { status: 77, code: 'ACCESS_DENIED' };
  await expect(client.start('release', 'x', {})).rejects.toMatchObject(refused);
  await expect(client.start('deployment', 'x', {})).rejects.toMatchObject(refused);
  for (const name of ['control', 'decide'] as const) await expect(client.invoke(name, {})).rejects.toMatchObject(refused);
});

test('an image that crashes ends with its log; the job that is run again reports the same result, of the release that it asks for', async () => {
  const pipeline = await givenPipeline();
  const client = await jobOf(pipeline, 'ci-follow.json', 'ci-start.json');
  const digest = await pipeline.push('main-2', 'crashes-on-start');
  const target = { repository: 'my-learn-app', tag: 'main-2', digest };

  const first = await followed(pipeline, client, target);
  const again = await followed(pipeline, client, target, { since: timeOf(pipeline), startAfterSeconds: 10, by: 'ada' });

  expect(first.status).toBe(11);
  expect(first.text).toMatch(/last lines of app:\n.* │ /);
  expect(again.status).toBe(11);
  expect(again.text).toContain('started follow-my-learn-app-main-2-');
  expect(again.text).toMatch(/release follow-\S+ left the image to release \S+, which is followed now/);
  expect(await pipeline.executions('release')).toHaveLength(2);
});

test('a job ends where the release waits for approval, and one whose tag no stage takes ends at once', async () => {
  const pipeline = await givenGates({ production: approval });
  const client = await jobOf(pipeline, 'ci-follow.json');
  const digest = await pipeline.push('main-2');

  const { status, text } = await followed(pipeline, client, { repository: 'my-learn-app', tag: 'main-2' });

  expect(status).toBe(0);
  expect(text).toContain('staging succeeded; the release waits for approval before production');
  expect(text).toContain(`npx --no-install slipway approve my-learn-app production --digest ${digest} --stage dev --region eu-west-1`);

  await pipeline.push('feature-1');
  expect(await followed(pipeline, client, { repository: 'my-learn-app', tag: 'feature-1' })).toMatchObject({ status: 14 });
});
