import type { Table } from '../../../aws/table.js';
import type { DeploymentRecord } from '../../../core/records/records.js';
import { acquireLease } from '../../../functions/deployment/acquire-lease.js';
import { handleAlarmEvent } from '../../../functions/events/handle-alarm-event.js';
import { deploymentRecord, execution, image, lease, otherDigest, priority, startedAt } from '../../core/given.js';
import { givenTokens, waiting } from '../given-waiting.js';
import { given as givenBeforeTask } from './given-before-task.js';
import { name } from './given-rollout.js';
import { baked, given as givenVerification, inBake, verifying } from './given-verification.js';

/** Has something else happen before the first request to the table, the second one and so on, then after all of them. */
const everywhere = async (runs: (position: number) => Promise<{ readonly isLast: boolean }>): Promise<void> => {
  for (let position = 0; position < 20; position++) if ((await runs(position)).isLast) return;
  throw new Error('there are more than 20 requests');
};

/** Has `act` happen before a request to the table. Answers whether it has happened. */
const interpose = (table: Table, position: number, act: () => Promise<unknown>): (() => boolean) => {
  let requests = 0;
  for (const method of ['get', 'change', 'replace', 'putOnce', 'delete', 'query'] as const) {
    const original = table[method].bind(table) as (...asked: unknown[]) => Promise<unknown>;
    const interposed = async (...asked: unknown[]): Promise<unknown> => {
      requests += 1;
      if (requests === position + 1) await act();
      return original(...asked);
    };
    Object.assign(table, { [method]: interposed });
  }
  return () => requests > position;
};

const token = 'token of the visit';

const settings = { alarms: ['web-5xx'], bakeSeconds: 300, yields: true };
const errorOf = (answer: object | undefined): unknown => answer && 'error' in answer && answer.error;

describe('what happens between any two requests of a look at a bake is seen by it, or wakes it:', () => {
  test.each([
    ['within the bake', inBake, {}],
    ['at its end', baked, {}],
    ['at its end, of an item that a resumption has opened', baked, { verifying: undefined } as object],
  ])('an alarm that is OK again, %s', async (_, now, watched) => {
    await everywhere(async (position) => {
      const { table, look } = givenVerification({ settings, watched });
      const { tokens, taken } = givenTokens();
      const handle = handleAlarmEvent({ configuration: verifying(settings), watch: table.watch, tokens });
      const event = {
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        detail: { alarmName: 'web-5xx', state: { value: 'ALARM', timestamp: inBake } },
      };
      const hasHappened = interpose(table.table, position, () => handle(event));

      const answer = await look(now);
      const isLast = !hasHappened();
      if (isLast) await handle(event);
      const isNoticed = taken.some(([one]) => one === token) || errorOf(answer) === 'VerificationFailed';
      expect({ position, isNoticed }).toEqual({ position, isNoticed: true });
      return { isLast };
    });
  });

  const waits = 'arn:aws:states:eu-west-1:123456789012:execution:slipway-dev-deployment:two';
  const itsRecord = 'service#production/web deployment#2';
  const pushed = { trigger: { kind: 'push' }, image: { ...image, digest: otherDigest }, pushedAt: baked } as const;

  const givenBoth = async (record: Partial<DeploymentRecord>) => {
    const held = lease({ execution, record: name, priority: priority({ isByHand: false, pushedAt: startedAt }) });
    const ours = { trigger: { kind: 'push' }, pushedAt: startedAt } as const;
    const found = givenVerification({ settings, state: { fencingToken: 4, lease: held }, record: ours });
    const { table, look } = found;
    await table.records.open(itsRecord, deploymentRecord({ execution: waits, ...record }));
    const { tokens, taken } = givenTokens();
    const ask = acquireLease({ executions: { livenessOf: async () => ({ isRunning: true, endedAt: undefined }) }, tokens, ...table });
    return {
      table: table.table,
      look: () => look(inBake),
      queue: () => ask(waiting({ execution: waits, record: itsRecord, now: inBake, token: 'of another visit' })),
      isNoticed: (answer: object | undefined) => taken.some(([one]) => one === token) || errorOf(answer) === 'Finish',
    };
  };

  test.each([
    ['an operator', {}],
    ['a newer push', pushed],
  ])('the place of %s in the queue', async (_, record) => {
    await everywhere(async (position) => {
      const { table, look, queue, isNoticed } = await givenBoth(record);
      const hasQueued = interpose(table, position, queue);
      const answer = await look();
      const isLast = !hasQueued();
      if (isLast) await queue();
      expect({ position, isNoticed: isNoticed(answer) }).toEqual({ position, isNoticed: true });
      return { isLast };
    });
  });

  test.each([
    ['an operator', {}],
    ['a newer push', pushed],
  ])('and a look between any two requests of AcquireLease for %s', async (_, record) => {
    await everywhere(async (position) => {
      const { table, look, queue, isNoticed } = await givenBoth(record);
      const looks: Awaited<ReturnType<typeof look>>[] = [];
      const hasLooked = interpose(table, position, async () => looks.push(await look()));
      await queue();
      const isLast = !hasLooked();
      if (isLast) looks.push(await look());
      expect({ position, isNoticed: isNoticed(looks[0]) }).toEqual({ position, isNoticed: true });
      return { isLast };
    });
  });
});

test.each([undefined, 'lost before', 'lost after'] as const)(
  'a visit of RunBeforeTask that goes on after the next one starts no second task (%s)',
  async (answer) => {
    await everywhere(async (position) => {
      const { ecs, table, visit, saved } = givenBeforeTask();
      if (answer) ecs.next.push(answer);
      const next = () => visit(5, { because: 'timedOut' }).catch(() => undefined);
      const hasHappened = interpose(table.table, position, next);

      await visit(0).catch(() => undefined);
      const isLast = !hasHappened();
      if (isLast) await next();
      await visit(30, { because: 'timedOut' });
      expect(ecs.tasks).toHaveLength(1);
      expect(await saved()).toMatchObject({ attempt: 1, task: ecs.tasks[0]?.arn });
      return { isLast };
    });
  },
);
