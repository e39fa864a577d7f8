import fc from 'fast-check';
import { type Candidate, decideLease, type Liveness, leaseSkipReason, type Move } from '../../../core/lease/lease.js';
import { hasPriorityOver, type Priority } from '../../../core/lease/priority.js';
import type { ServiceState } from '../../../core/records/records.js';
import type { Reason } from '../../../core/result/result.js';
import { digest, good, lease, otherDigest, priority, startedAt } from '../given.js';

const earlier = '2026-11-23T11:59:00.000Z';
const later = '2026-11-23T12:01:00.000Z';
const me = 'me';
const mine = { execution: me, priority: priority({ isByHand: false, execution: me }) };
const push = (execution: string, pushedAt: string): Priority => priority({ isByHand: false, execution, pushedAt });
const heldBy = (execution: string, pushedAt: string = startedAt) => ({ lease: lease({ execution, priority: push(execution, pushedAt) }) });
const heldByHand = (execution: string) => ({ lease: lease({ execution, priority: priority({ execution }) }) });
const inLine = (execution: string, pushedAt: string = startedAt) => ({ queued: { execution, priority: push(execution, pushedAt) } });

type ReleasedService = Pick<ServiceState, 'lease' | 'queued'>;
const move = (sight: ReleasedService, liveness: Record<string, Liveness> = {}): Move =>
  decideLease(sight, mine, (other) => {
    const life = liveness[other];
    if (life === undefined) throw new Error(`${other} is unknown`);
    return life;
  });

describe('the move of who wants to deploy', () => {
  test.each<[string, ReleasedService, Record<string, Liveness>, Move]>([
    ['the lease is free', {}, {}, { move: 'take' }],
    ['the lease is mine', heldBy(me), {}, { move: 'take' }],
    ['the lease is free and the place in line mine', inLine(me), {}, { move: 'take' }],
    ['the holder is dead', heldBy('a'), { a: 'dead' }, { move: 'take', over: 'a' }],
    ['the holder is dead, and I am in line', { ...heldBy('a'), ...inLine(me) }, { a: 'dead' }, { move: 'take', over: 'a' }],
    ['a dead holder was newer', heldBy('a', later), { a: 'dead' }, { move: 'take', over: 'a' }],
    ['the holder has just ended', heldBy('a', later), { a: 'ended' }, { move: 'queue' }],
    ['the holder has just ended, and I am in line', { ...heldBy('a'), ...inLine(me) }, { a: 'ended' }, { move: 'wait' }],
    ['the holder left the service in the middle', heldBy('a', later), { a: 'orphaned' }, { move: 'queue' }],
    ['the holder left the service in the middle, and I am in line', { ...heldBy('a'), ...inLine(me) }, { a: 'orphaned' }, { move: 'wait' }],
    ['an older holder runs', heldBy('a', earlier), { a: 'running' }, { move: 'queue' }],
    ['an older holder runs, and I am in line', { ...heldBy('a', earlier), ...inLine(me) }, { a: 'running' }, { move: 'wait' }],
    ['a newer holder runs', heldBy('a', later), { a: 'running' }, { move: 'yield', to: 'a' }],
    ['an operator’s deployment runs', heldByHand('a'), { a: 'running' }, { move: 'queue' }],
    ['an operator’s deployment runs, and I am in line', { ...heldByHand('a'), ...inLine(me) }, { a: 'running' }, { move: 'wait' }],
    ['a newer holder runs, and I am in line', { ...heldBy('a', later), ...inLine(me) }, { a: 'running' }, { move: 'yield', to: 'a' }],
    ['an older one is in line', inLine('b', earlier), { b: 'running' }, { move: 'take', instead: 'b' }],
    ['a newer one is in line', inLine('b', later), { b: 'running' }, { move: 'yield', to: 'b' }],
    ['a newer one was in line and ended', inLine('b', later), { b: 'ended' }, { move: 'take', instead: 'b' }],
    ['a newer one was in line and is dead', inLine('b', later), { b: 'dead' }, { move: 'take', instead: 'b' }],
    [
      'an older holder runs, and an older one is in line',
      { ...heldBy('a', earlier), ...inLine('b', earlier) },
      { a: 'running', b: 'running' },
      { move: 'queue', instead: 'b' },
    ],
    [
      'an older holder runs, and a newer one is in line',
      { ...heldBy('a', earlier), ...inLine('b', later) },
      { a: 'running', b: 'running' },
      { move: 'yield', to: 'b' },
    ],
    [
      'an older holder runs, and a newer one who was in line is dead',
      { ...heldBy('a', earlier), ...inLine('b', later) },
      { a: 'running', b: 'dead' },
      { move: 'queue', instead: 'b' },
    ],
    [
      'the holder is dead, and an older one is in line',
      { ...heldBy('a'), ...inLine('b', earlier) },
      { a: 'dead', b: 'running' },
      { move: 'take', over: 'a', instead: 'b' },
    ],
    [
      'the holder is dead, and a newer one is in line',
      { ...heldBy('a'), ...inLine('b', later) },
      { a: 'dead', b: 'running' },
      { move: 'yield', to: 'b' },
    ],
    [
      'the lease is mine, and a newer one came before I did anything',
      { ...heldBy(me), ...inLine('b', later) },
      { b: 'running' },
      { move: 'yield', to: 'b' },
    ],
  ])('where %s', (_, sight, liveness, expected) => {
    expect(move(sight, liveness)).toEqual(expected);
  });
});

describe('whatever there is to be seen,', () => {
  const liveness: readonly Liveness[] = ['running', 'ended', 'dead', 'orphaned'];
  const who = fc.constantFrom(me, 'a', 'b');
  const anyRank = (execution: string): fc.Arbitrary<Priority> =>
    fc.record({
      isByHand: fc.boolean(),
      pushedAt: fc.constantFrom(earlier, startedAt, later),
      digest: fc.constantFrom(digest, otherDigest),
      execution: fc.constant(execution),
    });
  const sight = fc
    .record({
      holder: fc.option(
        who.chain((execution) => anyRank(execution)),
        { nil: undefined },
      ),
      queued: fc.option(
        who.chain((execution) => anyRank(execution)),
        { nil: undefined },
      ),
      mine: anyRank(me),
      liveness: fc.record({ a: fc.constantFrom(...liveness), b: fc.constantFrom(...liveness) }),
    })
    .map(({ holder, queued, mine: own, liveness: orUndefined }) => {
      const seen: ReleasedService = {
        ...(holder && { lease: lease({ execution: holder.execution, priority: holder }) }),
        ...(queued && { queued: { execution: queued.execution, priority: queued } }),
      };
      const livenessOf = (other: string): Liveness => (other === 'a' || other === 'b' ? orUndefined[other] : 'running');
      return { seen, own, livenessOf, answer: decideLease(seen, { execution: me, priority: own }, livenessOf) };
    });
  const always = (
    holds: (one: { seen: ReleasedService; own: Priority; livenessOf: (other: string) => Liveness; answer: Move }) => boolean,
  ) => fc.assert(fc.property(sight, holds), { numRuns: 1000 });

  test('a lease is taken only where it is free, mine, or that of the dead one that is named', () => {
    always(
      ({ seen: { lease: held }, livenessOf, answer }) =>
        answer.move !== 'take' ||
        (held === undefined || held.execution === me
          ? answer.over === undefined
          : answer.over === held.execution && livenessOf(held.execution) === 'dead'),
    );
  });

  test('an applicant yields only to one that runs and outranks it', () => {
    always(({ seen, own, livenessOf, answer }) => {
      if (answer.move !== 'yield') return true;
      const to = [seen.lease, seen.queued].filter((one) => one !== undefined && one.execution === answer.to);
      return (
        answer.to !== me && livenessOf(answer.to) === 'running' && to.some((one) => one !== undefined && hasPriorityOver(one.priority, own))
      );
    });
  });

  test('no applicant proceeds or waits that is outranked by one in line that runs, or by an automatic one that has the lease', () => {
    always(({ seen: { lease: held, queued }, own, livenessOf, answer }) => {
      const isOutrankedBy = (other: ReleasedService['queued']): boolean =>
        other !== undefined && other.execution !== me && livenessOf(other.execution) === 'running' && hasPriorityOver(other.priority, own);
      if (isOutrankedBy(queued)) return answer.move === 'yield';
      return !isOutrankedBy(held) || held?.priority.isByHand === true || answer.move === 'yield';
    });
  });

  test('no applicant ends for an operator’s deployment that has the lease: what is newer comes after it', () => {
    always(({ seen: { lease: held, queued }, answer }) => {
      if (held?.priority.isByHand !== true || answer.move !== 'yield') return true;
      return answer.to === queued?.execution;
    });
  });

  test('who waits is in line, and who is not takes the place', () => {
    always(({ seen, answer }) => answer.move !== 'wait' || seen.queued?.execution === me);
    always(({ seen, answer }) => answer.move !== 'queue' || seen.queued?.execution !== me);
  });

  test('a place in line is taken only from the one that is named', () => {
    always(({ seen, answer }) => {
      if (answer.move === 'wait' || answer.move === 'yield') return true;
      return answer.instead === (seen.queued?.execution === me ? undefined : seen.queued?.execution);
    });
  });
});

describe('the holder', () => {
  const candidate: Candidate = { isByHand: false, isForced: false, digest, pushedAt: startedAt };
  const byHand = { ...candidate, isByHand: true };
  const hold = { at: earlier };
  const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];

  test.each<[string, ServiceState, ServiceState['hold'], Candidate, Reason | undefined]>([
    ['of a service without a past', {}, undefined, candidate, undefined],
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
  ])('%s', (_, state, everywhere, one, reason) => {
    const result = leaseSkipReason(state, everywhere, one);

    expect(result?.outcome).toBe(reason && 'SKIPPED');
    expect(result?.reason).toBe(reason);
  });

  test.each<[string, ServiceState, string[]]>([
    [
      'whose hold it is rather than that of every service',
      { hold: { at: earlier, by: 'ann', reason: 'migration' } },
      [earlier, 'ann', 'migration'],
    ],
    ['what the digest ended in and when', { quarantine }, ['CRASHED', earlier, '"force": true']],
    ['what runs and when it was pushed', { lastGood: good({ pushedAt: later }) }, ['main-6', startedAt, later]],
    ['when what runs without a tag was pushed', { lastGood: { revision: 'r', digest: otherDigest, pushedAt: later, at: later } }, [later]],
    [
      'that both are of the same second',
      { lastDeployed: { digest: `sha256:${'f'.repeat(64)}`, tag: 'main-8', pushedAt: startedAt } },
      ['main-8', 'same second'],
    ],
  ])('is told %s', (_, state, facts) => {
    const message = leaseSkipReason(state, state.hold && { at: later }, candidate)?.message;

    for (const fact of facts) expect(message).toContain(fact);
  });
});
