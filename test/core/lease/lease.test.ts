import fc from 'fast-check';
import {
  appliedHold,
  type DeploymentCandidate,
  decideLease,
  type LeaseAction,
  type Liveness,
  leaseSkipReason,
} from '../../../core/lease/lease.js';
import { hasPriorityOver, placeOf } from '../../../core/lease/priority.js';
import type { Priority, ServiceState, Source } from '../../../core/records/records.js';
import type { Reason } from '../../../core/result/result.js';
import { digest, lease, otherDigest, priority, queueEntry, startedAt, stateOf } from '../given.js';

const earlier = '2026-11-23T11:59:00.000Z';
const later = '2026-11-23T12:01:00.000Z';
const me = 'me';
const mine = { execution: me, priority: priority({ isByHand: false, execution: me }) };
const push = (execution: string, pushedAt: string): Priority => priority({ isByHand: false, execution, pushedAt });
const heldBy = (execution: string, pushedAt: string = startedAt, itsDigest = otherDigest) => ({
  lease: lease({ execution, priority: { ...push(execution, pushedAt), digest: itsDigest } }),
});
const heldByHand = (execution: string) => ({ lease: lease({ execution, priority: priority({ execution }) }) });
const queuedAs = (execution: string, pushedAt: string = startedAt) => ({
  queued: { 'my-learn-app': queueEntry({ execution, priority: push(execution, pushedAt) }) },
});
const heldByOther = (execution: string) => ({
  lease: lease({ execution, priority: { ...push(execution, later), source: 'my-proxy' } }),
});
/** In the place of another source, or of operators. */
const queuedElsewhere = (execution: string, since: string, place = 'my-proxy') =>
  ({ [place]: queueEntry({ execution, since }) }) satisfies ServiceState['queued'];

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
    ['the holder is draining, and the requester is queued', { ...heldBy('a'), ...queuedAs(me) }, { a: 'draining' }, { action: 'queue' }],
    ['the holder abandoned the rollout', heldBy('a', later), { a: 'abandoned' }, { action: 'queue' }],
    [
      'the holder abandoned the rollout, and the requester is queued',
      { ...heldBy('a'), ...queuedAs(me) },
      { a: 'abandoned' },
      { action: 'queue' },
    ],
    ['an older holder runs', heldBy('a', earlier), { a: 'running' }, { action: 'queue' }],
    [
      'an older holder runs, and the requester is queued',
      { ...heldBy('a', earlier), ...queuedAs(me) },
      { a: 'running' },
      { action: 'queue' },
    ],
    ['a newer holder runs', heldBy('a', later), { a: 'running' }, { action: 'superseded', to: 'a' }],
    ['an operator’s deployment runs', heldByHand('a'), { a: 'running' }, { action: 'queue' }],
    [
      'an operator’s deployment runs, and the requester is queued',
      { ...heldByHand('a'), ...queuedAs(me) },
      { a: 'running' },
      { action: 'queue' },
    ],
    [
      'a newer holder runs, and the requester is queued',
      { ...heldBy('a', later), ...queuedAs(me) },
      { a: 'running' },
      { action: 'superseded', to: 'a' },
    ],
    ['an older one is queued', queuedAs('b', earlier), { b: 'running' }, { action: 'take' }],
    ['a newer one is queued', queuedAs('b', later), { b: 'running' }, { action: 'superseded', to: 'b' }],
    ['a newer one is queued and draining', queuedAs('b', later), { b: 'draining' }, { action: 'take' }],
    ['a newer one is queued and has ended', queuedAs('b', later), { b: 'ended' }, { action: 'take' }],
    [
      'an older holder runs, and an older one is queued',
      { ...heldBy('a', earlier), ...queuedAs('b', earlier) },
      { a: 'running', b: 'running' },
      { action: 'queue' },
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
      { action: 'queue' },
    ],
    [
      'the holder has ended, and an older one is queued',
      { ...heldBy('a'), ...queuedAs('b', earlier) },
      { a: 'ended', b: 'running' },
      { action: 'take', takeOverFrom: 'a' },
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
    ['a newer push of the same image is deployed', heldBy('a', later, digest), { a: 'running' }, { action: 'queue' }],
    ['a newer holder of another source runs', heldByOther('a'), { a: 'running' }, { action: 'queue' }],
    [
      'a newer holder of another source runs, and the requester is queued',
      { ...heldByOther('a'), ...queuedAs(me) },
      { a: 'running' },
      { action: 'queue' },
    ],
    ['the lease is free, and another source waits', { queued: queuedElsewhere('b', later) }, { b: 'running' }, { action: 'queue' }],
    [
      'the lease is free, and another source’s deployment has ended',
      { queued: queuedElsewhere('b', earlier) },
      { b: 'ended' },
      { action: 'take' },
    ],
    [
      'the lease is free, and another source has waited longer',
      { queued: { ...queuedAs(me).queued, ...queuedElsewhere('b', earlier) } },
      { b: 'running' },
      { action: 'queue' },
    ],
    [
      'the lease is free, and another source has waited less long',
      { queued: { ...queuedAs(me).queued, ...queuedElsewhere('b', later) } },
      { b: 'running' },
      { action: 'take' },
    ],
    [
      'the lease is free, an operator waits, and the requester has waited longer',
      { queued: { ...queuedAs(me).queued, ...queuedElsewhere('b', later, 'OPERATOR') } },
      { b: 'running' },
      { action: 'queue' },
    ],
    [
      'it replaces an older push whose place has been taken for longer than another source’s',
      { queued: { ...queuedAs('a', earlier).queued, ...queuedElsewhere('b', later) } },
      { a: 'running', b: 'running' },
      { action: 'take' },
    ],
    [
      'the holder has ended, and another source waits',
      { ...heldBy('a'), queued: queuedElsewhere('b', later) },
      { a: 'ended', b: 'running' },
      { action: 'queue' },
    ],
  ])('if %s', (_, state, liveness, expected) => {
    expect(decide(state, liveness)).toEqual(expected);
  });
});

describe('the action of an operator’s start', () => {
  const waiting = (pushedAt: string, source = 'my-learn-app') =>
    queueEntry({ execution: 'a', priority: priority({ execution: 'a', pushedAt, source }) });
  const behind = (entry: ReturnType<typeof waiting>): LeaseState => ({ ...heldByHand('b'), queued: { OPERATOR: entry } });
  const refused = (by: ReturnType<typeof waiting>): LeaseAction => ({ action: 'refused', by });
  const [first, newer, ofOther] = [waiting(earlier), waiting(later), waiting(earlier, 'my-proxy')] as const;

  test.each<[string, LeaseState, Liveness, LeaseAction]>([
    ['another one waits', behind(first), 'running', refused(first)],
    ['another one waits that was started later', behind(newer), 'running', refused(newer)],
    ['another one waits with an image of another source', behind(ofOther), 'running', refused(ofOther)],
    ['the lease is free, and another one has not taken it yet', { queued: { OPERATOR: first } }, 'running', refused(first)],
    ['another one that waited is draining', behind(first), 'draining', { action: 'queue' }],
    ['another one that waited has ended', behind(first), 'ended', { action: 'queue' }],
    ['the lease is free, and another one that waited has ended', { queued: { OPERATOR: first } }, 'ended', { action: 'take' }],
    [
      'it has the lease, and another one waits behind it',
      { ...heldByHand(me), queued: { OPERATOR: newer } },
      'running',
      { action: 'take' },
    ],
    ['it is the one that waits', behind({ ...first, execution: me }), 'running', { action: 'queue' }],
    ['another one has the lease, and none waits', heldByHand('b'), 'running', { action: 'queue' }],
  ])('if %s', (_, state, liveness, expected) => {
    const requester = { execution: me, priority: priority({ execution: me }) };

    expect(decideLease(state, requester, (other) => (other === 'a' ? liveness : 'running'))).toEqual(expected);
  });
});

describe('for every state of a lease and every liveness,', () => {
  const liveness: readonly Liveness[] = ['running', 'draining', 'ended', 'abandoned'];
  const anyExecution = fc.constantFrom(me, 'a', 'b', 'c', 'd');
  const anyPriority = (execution: string): fc.Arbitrary<Priority> =>
    fc.record({
      isByHand: fc.boolean(),
      source: fc.constantFrom('my-learn-app', 'my-proxy'),
      pushedAt: fc.constantFrom(earlier, startedAt, later),
      digest: fc.constantFrom(digest, otherDigest),
      execution: fc.constant(execution),
    });
  const anyEntry = (execution: string) =>
    fc
      .record({ priority: anyPriority(execution), since: fc.constantFrom(earlier, startedAt, later) })
      .map((one) => queueEntry({ execution, ...one }));
  const anyLiveness = fc.constantFrom(...liveness);
  const situation = fc
    .record({
      holder: fc.option(anyExecution.chain(anyPriority), { nil: undefined }),
      queued: fc.array(anyExecution.chain(anyEntry), { maxLength: 4 }),
      own: anyPriority(me),
      known: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), anyLiveness),
    })
    .map(({ holder, queued, own, known }) => {
      // An execution has one priority, and so one place at most.
      const others = queued.filter(({ execution }) => execution !== me);
      const seen: LeaseState = {
        ...(holder && { lease: lease({ execution: holder.execution, priority: holder.execution === me ? own : holder }) }),
        queued: Object.fromEntries(others.map((one) => [placeOf(one.priority), one])),
      };
      const isMine = queued.length > others.length;
      const state = isMine ? { ...seen, queued: { ...seen.queued, [placeOf(own)]: queueEntry({ execution: me, priority: own }) } } : seen;
      const livenessOf = (other: string): Liveness => known[other] ?? 'running';
      const inPlace = state.queued?.[placeOf(own)];
      return { seen: state, own, inPlace, livenessOf, answer: decideLease(state, { execution: me, priority: own }, livenessOf) };
    });
  type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;
  const always = (holds: (one: Situation) => boolean) => fc.assert(fc.property(situation, holds), { numRuns: 1000 });

  test('a lease is taken only if it is free, the requester’s, or held by the named execution that has ended', () => {
    always(
      ({ seen: { lease: held }, livenessOf, answer }) =>
        answer.action !== 'take' ||
        (held === undefined || held.execution === me
          ? answer.takeOverFrom === undefined
          : answer.takeOverFrom === held.execution && livenessOf(held.execution) === 'ended'),
    );
  });

  test('a requester is superseded only by one of its own place that runs and has priority', () => {
    always(({ seen, own, inPlace, livenessOf, answer }) => {
      if (answer.action !== 'superseded') return true;
      const to = [seen.lease, inPlace].filter((one) => one !== undefined && one.execution === answer.to);
      return (
        answer.to !== me &&
        livenessOf(answer.to) === 'running' &&
        to.some((one) => one !== undefined && placeOf(one.priority) === placeOf(own) && hasPriorityOver(one.priority, own))
      );
    });
  });

  test('an operator’s start ends only if another one that runs has the place, whichever is newer', () => {
    always(({ seen: { lease: held }, own, inPlace, livenessOf, answer }) => {
      if (!own.isByHand) return answer.action !== 'refused';
      const isTaken = inPlace !== undefined && inPlace.execution !== me && livenessOf(inPlace.execution) === 'running';
      const isRefused = answer.action === 'refused' && answer.by === inPlace;
      return answer.action !== 'superseded' && isRefused === (isTaken && held?.execution !== me);
    });
  });

  test('a push without priority over a running one in its place, or over a running automatic holder of its source with another image, is superseded', () => {
    always(({ seen: { lease: held }, own, inPlace, livenessOf, answer }) => {
      if (own.isByHand) return true;
      const hasLowerPriorityThan = (other: { execution: string; priority: Priority } | undefined): boolean =>
        other !== undefined && other.execution !== me && livenessOf(other.execution) === 'running' && hasPriorityOver(other.priority, own);
      if (hasLowerPriorityThan(inPlace)) return answer.action === 'superseded';
      const isExcepted = held?.priority.isByHand === true || held?.priority.digest === own.digest;
      return !hasLowerPriorityThan(held) || isExcepted || answer.action === 'superseded';
    });
  });

  test('an operator’s deployment that holds the lease supersedes no requester: a newer push follows it', () => {
    always(({ seen: { lease: held }, inPlace, answer }) => {
      if (held?.priority.isByHand !== true || answer.action !== 'superseded') return true;
      return answer.to === inPlace?.execution;
    });
  });

  test('of all that wait for a free lease, exactly one may take it', () => {
    always(({ seen: { queued = {} }, livenessOf }) => {
      const running = Object.values(queued).filter(({ execution }) => livenessOf(execution) === 'running');
      const takers = running.filter((one) => decideLease({ queued }, one, livenessOf).action === 'take');
      return takers.length === Math.min(1, running.length);
    });
  });
});

describe('the lease holder', () => {
  const candidate: DeploymentCandidate = { isByHand: false, isForced: false, repository: 'my-learn-app', digest, pushedAt: startedAt };
  const byHand = { ...candidate, isByHand: true };
  const quarantine = [{ digest, reason: 'CRASHED', at: earlier }];
  const deployed = (changes: Partial<NonNullable<Source['lastDeployed']>>): Source => ({
    lastDeployed: { digest: otherDigest, tag: 'main-6', pushedAt: later, ...changes },
  });
  const release = (tag: string): Source => deployed({ tag, pushedAt: earlier });
  const version = (tag: string): DeploymentCandidate => ({ ...candidate, isVersioned: true, tag });
  const sameSecond = deployed({ digest: `sha256:${'f'.repeat(64)}`, tag: 'main-8', pushedAt: '2026-11-23T12:00:00Z' });

  test.each<[string, Source, DeploymentCandidate, Reason | undefined]>([
    ['of a source that was never deployed', {}, candidate, undefined],
    ['with a digest in quarantine', { quarantine }, candidate, 'QUARANTINED'],
    ['with a digest in quarantine, started by hand', { quarantine }, byHand, 'QUARANTINED'],
    ['with a digest in quarantine, by force but not by hand', { quarantine }, { ...candidate, isForced: true }, 'QUARANTINED'],
    ['with a digest in quarantine, by hand and force', { quarantine }, { ...byHand, isForced: true }, undefined],
    ['with another digest in quarantine', { quarantine: [{ ...quarantine[0]!, digest: otherDigest }] }, candidate, undefined],
    ['with a digest in quarantine of another source', { quarantine }, { ...candidate, repository: 'my-proxy' }, undefined],
    ['with an image that is older than what runs', deployed({}), candidate, 'OLDER_PUSH'],
    [
      'with an image that is older than what runs without a tag',
      { lastDeployed: { digest: otherDigest, pushedAt: later } },
      candidate,
      'OLDER_PUSH',
    ],
    ['with an older image, started by hand', deployed({}), byHand, undefined],
    ['with an image that is older than another source’s', deployed({}), { ...candidate, repository: 'my-proxy' }, undefined],
    ['with an image of the same second', deployed({ pushedAt: '2026-11-23T12:00:00Z' }), candidate, undefined],
    ['with an image of the same second, of a lower digest', sameSecond, candidate, 'OLDER_PUSH'],
    ['with a later push of an older version', release('v1.10.0'), version('v1.9.3'), 'OLDER_VERSION'],
    ['with a later push of a pre-release of what runs', release('v2.0.0'), version('v2.0.0-rc.1'), 'OLDER_VERSION'],
    [
      'with an older version, whose tag no semver pattern matched',
      release('v1.10.0'),
      { ...version('v1.9.3'), isVersioned: false },
      undefined,
    ],
    ['with an older version, started by hand', release('v1.10.0'), { ...version('v1.9.3'), isByHand: true }, undefined],
    ['with an older version than another source’s', release('v1.10.0'), { ...version('v1.9.3'), repository: 'my-proxy' }, undefined],
    ['with the same version, pushed again', release('v1.9.3'), version('1.9.3'), undefined],
    ['with a newer version', release('v1.9.3'), version('v1.10.0'), undefined],
    [
      'with a newer version that was pushed before',
      { lastDeployed: { digest: otherDigest, tag: 'v1.9.3', pushedAt: later } },
      version('v1.10.0'),
      undefined,
    ],
    ['with a version, beside a tag that is none', release('main-7'), version('v1.9.3'), undefined],
    [
      'with a version, beside a revision without a tag',
      { lastDeployed: { digest: otherDigest, pushedAt: earlier } },
      version('v1.9.3'),
      undefined,
    ],
    [
      'with an older version of the digest that runs',
      { lastDeployed: { digest, tag: 'v2.0.0', pushedAt: later } },
      version('v1.9.3'),
      undefined,
    ],
    ['with an older push of what runs', deployed({ digest }), candidate, undefined],
    ['with a newer image', deployed({ pushedAt: earlier }), candidate, undefined],
    ['of a rollback whose image is not known yet', { quarantine }, { ...byHand, repository: '', digest: '' }, undefined],
  ])('%s', (_, source, one, reason) => {
    const result = leaseSkipReason(stateOf(source), one);

    expect(result?.outcome).toBe(reason && 'SKIPPED');
    expect(result?.reason).toBe(reason);
  });

  test.each<[string, string, Reason | undefined]>([
    ['as it was when the digest failed', otherDigest, 'QUARANTINED'],
    ['another one now', digest, undefined],
  ])('with a digest in quarantine, beside another source’s image that is %s', (_, proxy, reason) => {
    const others = [{ repository: 'my-proxy', digest: otherDigest }];
    const source = { quarantine: [{ ...quarantine[0]!, others }] };
    const state: ServiceState = {
      sources: { 'my-learn-app': source, 'my-proxy': { lastDeployed: { digest: proxy, pushedAt: startedAt } } },
    };

    expect(leaseSkipReason(state, candidate)?.reason).toBe(reason);
  });

  test.each<[string, Source, string[]]>([
    ['how the digest failed and when', { quarantine }, ['CRASHED', earlier, '"force": true']],
    ['what runs and when it was pushed', deployed({}), ['main-6', startedAt, later]],
    ['when what runs without a tag was pushed', { lastDeployed: { digest: otherDigest, pushedAt: later } }, [later]],
    ['that both are of the same second', sameSecond, ['main-8', 'same second']],
  ])('reports %s', (_, source, facts) => {
    const message = leaseSkipReason(stateOf(source), candidate)?.message;

    for (const fact of facts) expect(message).toContain(fact);
  });

  test('is kept back by the hold of its service, or else of every service, until its end', () => {
    const hold = { at: earlier, by: 'ada' };
    const everywhere = { at: later };

    expect(appliedHold({ hold }, everywhere, later)).toBe(hold);
    expect(appliedHold({}, everywhere, later)).toBe(everywhere);
    expect(appliedHold({}, undefined, later)).toBeUndefined();
    expect(appliedHold({ hold: { ...hold, until: later } }, undefined, earlier)).toMatchObject(hold);
    expect(appliedHold({ hold: { ...hold, until: later } }, undefined, later)).toBeUndefined();
    expect(appliedHold({ hold: { ...hold, until: later } }, everywhere, later)).toBe(everywhere);
  });
});
