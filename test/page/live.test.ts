import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSettings } from '../../aws/client-settings.js';
import { clientOf } from '../../cli/connect.js';
import type { PolicyDocument } from '../../emulator/iam/policy-document.js';
import type { Overview } from '../../page/api.js';
import { accountReads } from '../../page/server/account-reads.js';
import type { Time } from '../../page/server/budget.js';
import { Poller } from '../../page/server/poller.js';
import { closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await closePipelines();
});

/** On the emulator only the budget, changes close together and failures have timers: all of them are short here. */
const time: Time = {
  now: Date.now,
  setTimeout: (run, milliseconds) => setTimeout(run, Math.min(milliseconds, 20)).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

const document = (): PolicyDocument => JSON.parse(readFileSync('examples/policies/page.json', 'utf8'));

/** The page of an operator who has these permissions and no others. */
const givenPage = ({ emulator, account }: Pipeline, policy: PolicyDocument) => {
  const { iam } = account.services;
  const caller = { arn: `arn:aws:iam::${account.accountId}:role/operator`, kind: 'role' } as const;
  iam.putRole({ arn: caller.arn, trust: { Statement: [] }, policies: [policy] });
  const settings = { ...emulator.clientConfig(), credentials: iam.credentialsFor(caller) } as unknown as ClientSettings;
  const clock = () => ({ now: new Date(account.clock.now).toISOString(), speed: 1 });
  const poller = new Poller({ reads: accountReads(clientOf(settings, 'dev')), time, mode: 'emulator', clock });
  stops.push(poller.connect(), poller.close);
  let latest: Overview | undefined;
  poller.listen(() => void poller.overview().then((overview) => (latest = overview)));
  /** The overview once this is the case, while virtual time passes: an invocation takes some. */
  const once = async (isTrue: (overview: Overview) => boolean): Promise<Overview> => {
    for (let looks = 0; looks < 2000; looks++) {
      if (latest && isTrue(latest)) return latest;
      await account.clock.advance(10);
      await sleep(5);
    }
    throw new Error(`it is not the case: ${JSON.stringify(latest)}`);
  };
  return { poller, once };
};

const rowOf = ({ services }: Overview, id: string) => services.find((row) => row.id === id);

test('a push becomes a rollout: the permissions of examples/policies/page.json are enough', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const { poller, once } = givenPage(pipeline, document());
  const before = await once(
    ({ services, me }) => services.every(({ tasks, sources }) => tasks !== undefined && sources[0]?.tag === 'main-1') && me !== undefined,
  );

  await pipeline.push('main-2');
  await clock.run({ until: () => log.of('ecs', 'service-updated').length > 0 });
  await clock.advance(15_000);
  poller.refresh();
  const during = await once(
    ({ releases, services }) =>
      releases.length > 0 &&
      services.some(({ state, tasks }) => state.kind === 'rollingOut' && tasks !== undefined && tasks.new + tasks.newStarting > 0),
  );
  await pipeline.runUntilIdle();
  poller.refresh();
  const after = await once(({ services, releases }) => releases.length === 0 && services.every(({ state }) => state.kind === 'steady'));

  expect(before.me).toMatchObject({ name: 'emulator' });
  expect(before.firstDay).toMatchObject({ repositories: [{ repository: 'my-learn-app' }] });
  expect(before.services.every(({ state, since }) => state.kind === 'untouched' && since !== undefined)).toBe(true);
  const moving = during.services.find(({ state }) => state.kind === 'rollingOut');
  expect(moving).toMatchObject({ target: { tag: 'main-2' }, tasks: { failed: 0 } });
  expect(during.releases).toMatchObject([{ tag: 'main-2', doing: { kind: 'rollingOut', service: moving?.id } }]);
  expect(rowOf(after, 'production/web')).toMatchObject({ sources: [{ repository: 'my-learn-app', tag: 'main-2' }], isProduction: true });
  expect(after).not.toHaveProperty('firstDay');
  expect([...before.problems, ...during.problems, ...after.problems]).toEqual([]);
});

test('without a permission its panel says which one, and the rest is shown', async () => {
  const pipeline = await givenPipeline();
  const { Statement } = document();
  const { once } = givenPage(pipeline, { ...document(), Statement: Statement.filter(({ Sid }) => Sid === 'AskTheStack') });

  const { problems, services } = await once((overview) => overview.problems.length === 2);

  expect(problems).toMatchObject(
    [
      { of: 'lostMessages', reason: 'ACCESS_DENIED', permission: 'sqs:GetQueueAttributes' },
      { of: 'services', reason: 'ACCESS_DENIED', permission: 'ecs:DescribeServices' },
    ].toSorted(),
  );
  expect(services.length).toBeGreaterThan(1);
});
