import fc from 'fast-check';
import { type DeploymentCandidate, decideLease, type LeaseAction, type Liveness, leaseSkipReason } from '../../../core/lease/lease.js';
import { hasPriorityOver } from '../../../core/lease/priority.js';
import type { Priority, ServiceState } from '../../../core/records/records.js';
import type { Reason } from '../../../core/result/result.js';
import { digest, good, lease, otherDigest, priority, startedAt } from '../given.js';

const earlier = '2026-11-23T11:59:00.000Z';
const later = '2026-11-23T12:01:00.000Z';
const me = 'me';
const mine = { execution: me, priority: priority({ isByHand: false, execution: me }) };
const push = (execution: string, pushedAt: string): Priority => priority({ isByHand: false, execution, pushedAt });
const heldBy = (execution: string, pushedAt: string = startedAt) => ({ lease: lease({ execution, priority: push(execution, pushedAt) }) });
const heldByHand = (execution: string) => ({ lease: lease({ execution, priority: priority({ execution }) }) });
const queuedAs = (execution: string, pushedAt: string = startedAt) => ({ queued: { execution, priority: push(execution, pushedAt) } });

type LeaseState = Pick<ServiceState, 'lease' | 'queued'>;
const decide = (state: LeaseState, liveness: Record<string, Liveness> = {}): LeaseAction =>
  decideLease(state, mine, (other) => {
    const known = liveness[other];
    if (known === undefined) throw new Error(`${other} is unknown`);
    return known;
  });

describe('the action of a requester', () => {
  test.each<[string, LeaseState, Record<string, Liveness>, LeaseAction]>([
    ['the lease is free', {}, {}, { action: 'take' }],
    ['the requester has the lease', heldBy(me), {}, { action: 'take' }],
    ['the lease is free and the requester is queued', queuedAs(me), {}, { action: 'take' }],
    ['the holder has ended', heldBy('a'), { a: 'ended' }, { action: 'take', takeOverFrom: 'a' }],
    [
      'the holder has ended, and the requester is queued',
      { ...heldBy('a'), ...queuedAs(me) },
      { a: 'ended' },
      { action: 'take', takeOverFrom: 'a' },
    ],
    ['the holder has ended and was newer', heldBy('a', later), { a: 'ended' }, { action: 'take', takeOverFrom: 'a' }],
    ['the holder is draining', heldBy('a', later), { a: 'draining' }, { action: 'queue' }],
    ['the holder is draining, and the requester is queued', { ...heldBy('a'), ...queuedAs(me) }, { a: 'draining' }, { action: 'wait' }],
    ['the holder abandoned the rollout', heldBy('a', later), { a: 'abandoned' }, { action: 'queue' }],
    [
      'the holder abandoned the rollout, and the requester is queued',
      { ...heldBy('a'), ...queuedAs(me) },
      { a: 'abandoned' },
      { action: 'wait' },
    ],
    ['an older holder runs', heldBy('a', earlier), { a: 'running' }, { action: 'queue' }],
    [
      'an older holder runs, and the requester is queued',
      { ...heldBy('a', earlier), ...queuedAs(me) },
      { a: 'running' },
      { action: 'wait' },
    ],
    ['a newer holder runs', heldBy('a', later), { a: 'running' }, { action: 'superseded', to: 'a' }],
    ['an operator’s deployment runs', heldByHand('a'), { a: 'running' }, { action: 'queue' }],
    [
      'an operator’s deployment runs, and the requester is queued',
      { ...heldByHand('a'), ...queuedAs(me) },
      { a: 'running' },
      { action: 'wait' },
    ],
    [
      'a newer holder runs, and the requester is queued',
      { ...heldBy('a', later), ...queuedAs(me) },
      { a: 'running' },
      { action: 'superseded', to: 'a' },
    ],
    ['an older one is queued', queuedAs('b', earlier), { b: 'running' }, { action: 'take', replaceQueued: 'b' }],
    ['a newer one is queued', queuedAs('b', later), { b: 'running' }, { action: 'superseded', to: 'b' }],
    ['a newer one is queued and draining', queuedAs('b', later), { b: 'draining' }, { action: 'take', replaceQueued: 'b' }],
    ['a newer one is queued and has ended', queuedAs('b', later), { b: 'ended' }, { action: 'take', replaceQueued: 'b' }],
    [
      'an older holder runs, and an older one is queued',
      { ...heldBy('a', earlier), ...queuedAs('b', earlier) },
      { a: 'running', b: 'running' },
      { action: 'queue', replaceQueued: 'b' },
    ],
    [
      'an older holder runs, and a newer one is queued',
      { ...heldBy('a', earlier), ...queuedAs('b', later) },
      { a: 'running', b: 'running' },
      { action: 'superseded', to: 'b' },
    ],
    [
      'an older holder runs, and a newer one that is queued has ended',
      { ...heldBy('a', earlier), ...queuedAs('b', later) },
      { a: 'running', b: 'ended' },
      { action: 'queue', replaceQueued: 'b' },
    ],
    [
      'the holder has ended, and an older one is queued',
      { ...heldBy('a'), ...queuedAs('b', earlier) },
      { a: 'ended', b: 'running' },
      { action: 'take', takeOverFrom: 'a', replaceQueued: 'b' },
    ],
    [
      'the holder has ended, and a newer one is queued',
      { ...heldBy('a'), ...queuedAs('b', later) },
      { a: 'ended', b: 'running' },
      { action: 'superseded', to: 'b' },
    ],
    [
      'the requester has the lease, and a newer one is queued',
      { ...heldBy(me), ...queuedAs('b', later) },
      { b: 'running' },
      { action: 'superseded', to: 'b' },
    ],
  ])('if %s', (_, state, liveness, expected) => {
    expect(decide(state, liveness)).toEqual(expected);
  });
});

describe('for every state of a lease and every liveness,', () => {
  const liveness: readonly Liveness[] = ['running', 'draining', 'ended', 'abandoned'];
  const anyExecution = fc.constantFrom(me, 'a', 'b');
  const anyPriority = (execution: string): fc.Arbitrary<Priority> =>
    fc.record({
      isByHand: fc.boolean(),
      pushedAt: fc.constantFrom(earlier, startedAt, later),
      digest: fc.constantFrom(digest, otherDigest),
      execution: fc.constant(execution),
    });
  const situation = fc
    .record({
      holder: fc.option(
        anyExecution.chain((execution) => anyPriority(execution)),
        { nil: undefined },
      ),
      queued: fc.option(
        anyExecution.chain((execution) => anyPriority(execution)),
        { nil: undefined },
      ),
      mine: anyPriority(me),
      liveness: fc.record({ a: fc.constantFrom(...liveness), b: fc.constantFrom(...liveness) }),
    })
    .map(({ holder, queued, mine: own, liveness: known }) => {
      const seen: LeaseState = {
        ...(holder && { lease: lease({ execution: holder.execution, priority: holder }) }),
        ...(queued && { queued: { execution: queued.execution, priority: queued } }),
      };
      const livenessOf = (other: string): Liveness => (other === 'a' || other === 'b' ? known[other] : 'running');
      return { seen, own, livenessOf, answer: decideLease(seen, { execution: me, priority: own }, livenessOf) };
    });
  const always = (
    holds: (one: { seen: LeaseState; own: Priority; livenessOf: (other: string) => Liveness; answer: LeaseAction }) => boolean,
  ) => fc.assert(fc.property(situation, holds), { numRuns: 1000 });

  test('a lease is taken only if it is free, the requester’s, or held by the named execution that has ended', () => {
    always(
      ({ seen: { lease: held }, livenessOf, answer }) =>
        answer.action !== 'take' ||
        (held === undefined || held.execution === me
          ? answer.takeOverFrom === undefined
          : answer.takeOverFrom === held.execution && livenessOf(held.execution) === 'ended'),
    );
  });

  test('a requester is superseded only by one that runs and has priority', () => {
    always(({ seen, own, livenessOf, answer }) => {
      if (answer.action !== 'superseded') return true;
      const to = [seen.lease, seen.queued].filter((one) => one !== undefined && one.execution === answer.to);
      return (
        answer.to !== me && livenessOf(answer.to) === 'running' && to.some((one) => one !== undefined && hasPriorityOver(one.priority, own))
      );
    });
  });

  test('a requester without priority over a running queued one, or over a running automatic holder, is superseded', () => {
    always(({ seen: { lease: held, queued }, own, livenessOf, answer }) => {
      const hasLowerPriorityThan = (other: LeaseState['queued']): boolean =>
        other !== undefined && other.execution !== me && livenessOf(other.execution) === 'running' && hasPriorityOver(other.priority, own);
      if (hasLowerPriorityThan(queued)) return answer.action === 'superseded';
      return !hasLowerPriorityThan(held) || held?.priority.isByHand === true || answer.action === 'superseded';
    });
  });

  test('an operator’s deployment that holds the lease supersedes no requester: a newer push follows it', () => {
    always(({ seen: { lease: held, queued }, answer }) => {
      if (held?.priority.isByHand !== true || answer.action !== 'superseded') return true;
      return answer.to === queued?.execution;
    });
  });

  test('a requester that waits is queued, and one that is not queued enters the queue', () => {
    always(({ seen, answer }) => answer.action !== 'wait' || seen.queued?.execution === me);
    always(({ seen, answer }) => answer.action !== 'queue' || seen.queued?.execution !== me);
  });

  test('a queued execution is replaced only by name', () => {
    always(({ seen, answer }) => {
      if (answer.action === 'wait' || answer.action === 'superseded') return true;
      return answer.replaceQueued === (seen.queued?.execution === me ? undefined : seen.queued?.execution);
    });
  });
});

describe('the lease holder', () => {
  const candidate: DeploymentCandidate = { isByHand: false, isForced: false, digest, pushedAt: startedAt };
  const byHand = { ...candidate, isByHand: true };
  const hold = { at: earlier };
  const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];

  test.each<[string, ServiceState, ServiceState['hold'], DeploymentCandidate, Reason | undefined]>([
    ['of a service that was never deployed', {}, undefined, candidate, undefined],
    ['of a service on hold', { hold }, undefined, candidate, 'ON_HOLD'],
    ['while everything is on hold', {}, hold, candidate, 'ON_HOLD'],
    ['of a service on hold, started by hand', { hold }, hold, byHand, undefined],
    ['with a digest in quarantine', { quarantine }, undefined, candidate, 'QUARANTINED'],
    ['with a digest in quarantine, started by hand', { quarantine }, undefined, byHand, 'QUARANTINED'],
    ['with a digest in quarantine, by force but not by hand', { quarantine }, undefined, { ...candidate, isForced: true }, 'QUARANTINED'],
    ['with a digest in quarantine, by hand and force', { quarantine }, undefined, { ...byHand, isForced: true }, undefined],
    ['with another digest in quarantine', { quarantine: [{ ...quarantine[0]!, digest: otherDigest }] }, undefined, candidate, undefined],
    ['with an image that is older than what runs', { lastGood: good({ pushedAt: later }) }, undefined, candidate, 'OLDER_PUSH'],
    [
      'with an image that is older than what runs without a tag',
      { lastGood: { revision: 'r', digest: otherDigest, pushedAt: later, at: later } },
      undefined,
      candidate,
      'OLDER_PUSH',
    ],
    ['with an older image, started by hand', { lastGood: good({ pushedAt: later }) }, undefined, byHand, undefined],
    ['with an image of the same second', { lastGood: good({ pushedAt: '2026-11-23T12:00:00Z' }) }, undefined, candidate, undefined],
    [
      'with an image of the same second, of a lower digest',
      { lastDeployed: { digest: `sha256:${'f'.repeat(64)}`, tag: 'main-8', pushedAt: '2026-11-23T12:00:00Z' } },
      undefined,
      candidate,
      'OLDER_PUSH',
    ],
    ['with an older push of what runs', { lastGood: good({ pushedAt: later, digest }) }, undefined, candidate, undefined],
    ['with a newer image', { lastGood: good({ pushedAt: earlier }) }, undefined, candidate, undefined],
    ['of a rollback whose image is not known yet', { quarantine }, hold, { ...byHand, digest: '' }, undefined],
  ])('%s', (_, state, holdOfAll, one, reason) => {
    const result = leaseSkipReason(state, holdOfAll, one);

    expect(result?.outcome).toBe(reason && 'SKIPPED');
    expect(result?.reason).toBe(reason);
  });

  test.each<[string, ServiceState, string[]]>([
    [
      'the hold of the service, not the one of every service',
      { hold: { at: earlier, by: 'ann', reason: 'migration' } },
      [earlier, 'ann', 'migration'],
    ],
    ['how the digest failed and when', { quarantine }, ['CRASHED', earlier, '"force": true']],
    ['what runs and when it was pushed', { lastGood: good({ pushedAt: later }) }, ['main-6', startedAt, later]],
    ['when what runs without a tag was pushed', { lastGood: { revision: 'r', digest: otherDigest, pushedAt: later, at: later } }, [later]],
    [
      'that both are of the same second',
      { lastDeployed: { digest: `sha256:${'f'.repeat(64)}`, tag: 'main-8', pushedAt: startedAt } },
      ['main-8', 'same second'],
    ],
  ])('reports %s', (_, state, facts) => {
    const message = leaseSkipReason(state, state.hold && { at: later }, candidate)?.message;

    for (const fact of facts) expect(message).toContain(fact);
  });
});
