import { Random } from '../../../emulator/random.js';
import { circuitBreaker, givenService } from './given-service.js';

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html (November 2026)
const next: Record<string, readonly string[]> = {
  PENDING: ['IN_PROGRESS', 'ROLLBACK_REQUESTED', 'STOP_REQUESTED', 'STOPPED'],
  IN_PROGRESS: ['SUCCESSFUL', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'STOPPED'],
  STOP_REQUESTED: ['STOPPED'],
  ROLLBACK_REQUESTED: ['SUCCESSFUL', 'ROLLBACK_IN_PROGRESS', 'STOPPED'],
  ROLLBACK_IN_PROGRESS: ['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'],
  SUCCESSFUL: [],
  STOPPED: [],
  ROLLBACK_SUCCESSFUL: [],
  ROLLBACK_FAILED: [],
};

const canBecome = (from: string, to: string): boolean => from === to || (next[from] ?? []).some((status) => canBecome(status, to));

const tags = ['1', '2', 'crash', 'sick', 'slow', 'later', 'missing'] as const;

test.each(Array.from({ length: 24 }, (_, seed) => seed))(
  'random operations (seed %d) lead only to documented transitions and end in a steady state',
  async (seed) => {
    const choice = new Random(seed);
    const { account, ecs, register, update, call, minutes, describe } = await givenService(
      {
        seed,
        assumptions: { exitAfterRunning: seed % 2 === 0 ? 'counted' : 'notCounted' },
      },
      { deploymentConfiguration: seed % 4 === 0 ? {} : circuitBreaker(seed % 4 !== 1) },
      { healthCheck: { command: ['CMD', 'true'], interval: 10 } },
    );
    const shown = () => ecs.service('production', 'web');
    const seen = new Map<string, string>();
    const look = (): void => {
      for (const { arn, status } of shown()?.serviceDeployments ?? []) {
        const before = seen.get(arn) ?? 'PENDING';
        if (!canBecome(before, status)) throw new Error(`${arn} went from ${before} to ${status}`);
        seen.set(arn, status);
      }
    };

    for (let step = 0; step < 12; step++) {
      const what = choice.between(0, 5);
      const tag = tags[choice.between(0, tags.length - 1)] ?? '1';
      if (what <= 2) await update({ taskDefinition: await register(tag, { healthCheck: { command: ['CMD', 'true'], interval: 10 } }) });
      else if (what === 3) await update({ desiredCount: choice.between(0, 4) });
      else if (what === 4)
        await call('StopServiceDeployment', { serviceDeploymentArn: shown()?.serviceDeployments[0]?.arn }).catch(() => {});
      else await update({ forceNewDeployment: true });
      const waitMs = choice.between(0, 4) ** 3 * 3000;
      for (let waited = 0; waited < waitMs; waited += 1000) {
        await account.clock.advance(1000);
        look();
      }
    }
    const good = await register('2');
    await update({ taskDefinition: good, desiredCount: 3, deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 } });
    await minutes(20);
    look();

    expect(shown()?.serviceDeployments[0]?.status).toBe('SUCCESSFUL');
    expect(shown()?.runningTasks.map(({ taskDefinition }) => taskDefinition)).toEqual([good, good, good]);
    expect((await describe()).deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 3, runningCount: 3 },
    ]);
    const open = [...seen.values()].filter((status) => (next[status] ?? []).length > 0);
    expect(open).toEqual([]);
  },
);
