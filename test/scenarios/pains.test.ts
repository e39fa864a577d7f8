import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { minutes } from '../support/failing.js';
import { appContainer, closePipelines, givenPipeline, type Pipeline } from '../support/pipeline.js';

// Problems of other deployers, as their users describe them. More of them: rollbacks, queue, failures, messages and
// rollback-targets.
afterEach(closePipelines);

const web = 'staging/web';

const scaleOut = async (pipeline: Pipeline, desiredCount: number): Promise<void> => {
  await pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', desiredCount }));
  await pipeline.runUntilIdle();
};

const revisionOf = async ({ ecs }: Pipeline, taskDefinition: string) => {
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  return { definition: answer.taskDefinition ?? {}, tags: answer.tags ?? [] };
};
const running = (pipeline: Pipeline) => revisionOf(pipeline, pipeline.service(web)?.taskDefinition ?? '');

/** Registers a revision with all that is given, as it goes over the wire, and has the service run it. */
const runsRevision = async (pipeline: Pipeline, definition: object): Promise<void> => {
  const { account } = pipeline;
  const given = {
    family: 'staging-web',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [appContainer],
    ...definition,
  };
  const caller = { arn: 'arn:aws:iam::123456789012:user/ada', kind: 'user' as const };
  const { taskDefinition } = await account.clock.during(() =>
    account.request<{ taskDefinition: { taskDefinitionArn: string } }>(caller, 'ecs', 'RegisterTaskDefinition', given),
  );
  const update = { cluster: 'staging', service: 'web', taskDefinition: taskDefinition.taskDefinitionArn };
  await pipeline.ecs.send(new UpdateServiceCommand(update));
  await pipeline.runUntilIdle();
};

test('pain: a moving tag does not roll, or tasks run mixed code: every push of it is deployed, and later tasks run the same', async () => {
  const pipeline = await givenPipeline();
  const first = await pipeline.release('main-latest');
  const second = await pipeline.release('main-latest');
  expect(second).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.running(web)).toEqual([second.digest]);

  await pipeline.control('hold', '*');
  expect((await pipeline.release('main-latest')).digest).not.toBe(first.digest);
  await scaleOut(pipeline, 4);

  expect(pipeline.service(web)?.runningTasks).toHaveLength(4);
  expect(pipeline.running(web)).toEqual([second.digest]);
});

test('pain: a rollback of a moving tag goes back to nothing: it goes back to the digest, also for tasks that start later', async () => {
  const pipeline = await givenPipeline();
  const good = await pipeline.release('main-latest');
  expect(await pipeline.release('main-latest', 'crashes-on-start')).toMatchObject({ outcome: 'ROLLED_BACK' });

  await scaleOut(pipeline, 4);

  expect(pipeline.service(web)?.runningTasks).toHaveLength(4);
  expect(pipeline.running(web)).toEqual([good.digest]);
});

test('pain: fields of the task definition are lost: only the image differs, and empty values stay', async () => {
  const pipeline = await givenPipeline();
  await runsRevision(pipeline, {
    taskRoleArn: 'arn:aws:iam::123456789012:role/task',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    ephemeralStorage: { sizeInGiB: 40 },
    volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } }],
    containerDefinitions: [
      {
        ...appContainer,
        environment: [{ name: 'EMPTY', value: '' }],
        secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/token' }],
        dependsOn: [{ containerName: 'proxy', condition: 'START' }],
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
        ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
        mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false }],
        versionConsistency: 'disabled',
        stopTimeout: 0,
        restartPolicy: { enabled: true, ignoredExitCodes: [0] },
      },
      { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1.29', essential: false, portMappings: [{ containerPort: 80, protocol: 'tcp' }] },
    ],
  });
  const before = (await running(pipeline)).definition;

  const { outcome, digest } = await pipeline.release('main-2');
  const after = (await running(pipeline)).definition;

  expect(outcome).toBe('SUCCEEDED');
  const [app, proxy] = before.containerDefinitions ?? [];
  const { taskDefinitionArn: _, revision: __, registeredAt: ___, registeredBy: ____, ...kept } = before;
  expect(after).toMatchObject({ ...kept, containerDefinitions: [{ ...app, image: pipeline.imageUri(digest) }, proxy] });
  expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
});

test('pain: new ECS fields break the tool, or are dropped: what the SDK does not know yet is copied', async () => {
  const pipeline = await givenPipeline();
  await runsRevision(pipeline, { containerDefinitions: [{ ...appContainer, tomorrow: { deep: [1, ''] } }] });

  const { outcome } = await pipeline.release('main-2');
  const wire = await pipeline.account.clock.during(() =>
    pipeline.account.request<{ taskDefinition: { containerDefinitions: object[] } }>(
      { arn: 'arn:aws:iam::123456789012:user/ada', kind: 'user' },
      'ecs',
      'DescribeTaskDefinition',
      { taskDefinition: pipeline.service(web)?.taskDefinition },
    ),
  );

  expect(outcome).toBe('SUCCEEDED');
  expect(wire.taskDefinition.containerDefinitions).toMatchObject([{ tomorrow: { deep: [1, ''] } }]);
});

test('pain: tags of the task definition are dropped: they stay, and tags of the execution and the image are added', async () => {
  const pipeline = await givenPipeline();
  await runsRevision(pipeline, { tags: [{ key: 'team', value: 'payments' }] });

  await pipeline.release('main-2');

  expect((await running(pipeline)).tags).toEqual([
    { key: 'team', value: 'payments' },
    { key: 'slipway:execution', value: expect.stringContaining(':execution:slipway-dev-deployment:') },
    { key: 'slipway:tag', value: 'main-2' },
  ]);
});

test('pain: the wrong revision is copied: it is the one that runs, not the newest of its family', async () => {
  const pipeline = await givenPipeline();
  await pipeline.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'staging-web',
      memory: '512',
      containerDefinitions: [{ ...appContainer, environment: [{ name: 'UNFINISHED', value: 'yes' }] }],
    }),
  );

  expect(await pipeline.release('main-2')).toMatchObject({ outcome: 'SUCCEEDED' });

  expect((await running(pipeline)).definition.containerDefinitions?.[0]?.environment).toEqual([]);
});

test('pain: a short waiter gives a good deployment up: one that takes half an hour succeeds', async () => {
  const deploymentConfiguration = { minimumHealthyPercent: 100, maximumPercent: 110 };
  const services = { [web]: { tasks: 10, deploymentConfiguration }, 'production/web': {}, 'production/worker': {} };
  const pipeline = await givenPipeline({ services });

  const { outcome } = await pipeline.release('main-2', 'slow-to-start');

  expect(outcome).toBe('SUCCEEDED');
  expect(pipeline.messages()[0]?.services[0]?.durationSeconds).toBeGreaterThan(20 * 60);
});

test.each([
  ['healthy', 'SUCCEEDED', 'rollout-completed'],
  ['crashes-on-start', 'ROLLED_BACK', 'rollback-completed'],
] as const)(
  'pain: a waiter returns too early on old reads: a %s image ends %s, and not before ECS is done',
  async (behaviour, outcome, done) => {
    const pipeline = await givenPipeline({ staleReadMs: 20_000 });
    const { log } = pipeline.account;
    await pipeline.push('main-2', behaviour);
    await pipeline.runUntilIdle();

    const ended = log.of('states', 'execution-ended').find(({ detail }) => detail.machine === 'slipway-dev-deployment');
    const completed = log.of('ecs', done).filter(({ detail }) => detail.cluster === 'staging');
    expect((await pipeline.executions('release'))[0]).toMatchObject({ outcome });
    expect(ended?.time).toBeGreaterThan(completed.at(-1)?.time ?? Number.POSITIVE_INFINITY);
  },
);

test('pain: no message on a rollback: one by ECS and one by an operator are reported, each once', async () => {
  const services = { [web]: { breaker: true }, 'production/web': {}, 'production/worker': {} };
  const pipeline = await givenPipeline({ services });
  await pipeline.release('main-2');
  await pipeline.release('main-3');
  await pipeline.release('main-4', 'crashes-on-start');
  await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true, by: 'ada', reason: 'wrong prices' }));
  await pipeline.runUntilIdle();

  const [rolledBack, byHand] = pipeline.messages().slice(-2);
  expect(pipeline.messages()).toHaveLength(4);
  expect(rolledBack).toMatchObject({
    result: { outcome: 'ROLLED_BACK' },
  });
  expect(byHand).toMatchObject({
    result: { outcome: 'SUCCEEDED', reason: 'ROLLED_BACK_BY_OPERATOR' },
    trigger: { kind: 'hand', by: 'ada', reason: 'wrong prices' },
  });
  expect(byHand?.result.message).toMatch(
    /^rolled back from my-learn-app:main-3 \((\w{12})\) to my-learn-app:main-2 \(\w{12}\); .*my-learn-app:main-3 \(\1\) is quarantined now$/,
  );
  expect(byHand?.subject).toContain('my-learn-app:main-2');
  expect(byHand?.text).toContain('an operator rolled back to it');
  expect(JSON.stringify(pipeline.slack.received.at(-1))).toContain('wrong prices');
});

test('pain: automation overrides a rollback by an operator: neither the schedule nor a second push deploys the image again', async () => {
  const pipeline = await givenPipeline();
  const older = await pipeline.release('main-2');
  await pipeline.push('main-3', 'healthy', 'newer');
  await pipeline.runUntilIdle();
  const rollback = await pipeline.ended(await pipeline.start('deployment', { service: web, rollback: true, by: 'ada' }));
  expect(rollback).toMatchObject({ outcome: 'SUCCEEDED' });

  await pipeline.push('main-3b', 'healthy', 'newer');
  await pipeline.account.clock.advance(200 * minutes);

  expect((await pipeline.executions('release')).at(-1)).toMatchObject({ outcome: 'SKIPPED', reason: 'QUARANTINED' });
  expect(pipeline.running(web)).toEqual([older.digest]);
  expect(await pipeline.release('main-4')).toMatchObject({ outcome: 'SUCCEEDED' });
});

test('pain: the desired count fights autoscaling: what was scaled just before the update, and while it rolls out, stays so', async () => {
  const pipeline = await givenPipeline();
  const { clock, log } = pipeline.account;
  const scaleTo = (desiredCount: number) =>
    pipeline.ecs.send(new UpdateServiceCommand({ cluster: 'staging', service: 'web', desiredCount }));
  const digest = await pipeline.push('main-2', 'slow-to-start');
  await clock.run({ until: () => log.of('states', 'state-entered').some(({ detail }) => detail.state === 'UpdateService') });
  await scaleTo(4);
  await clock.run({ until: () => log.of('ecs', 'rollout-started').length > 3 });
  expect(pipeline.service(web)?.desiredCount).toBe(4);
  await scaleTo(5);
  await pipeline.runUntilIdle();

  expect((await pipeline.executions('release'))[0]).toMatchObject({ outcome: 'SUCCEEDED' });
  expect(pipeline.service(web)).toMatchObject({ desiredCount: 5, runningTasks: { length: 5 } });
  expect(pipeline.running(web)).toEqual([digest]);
});
