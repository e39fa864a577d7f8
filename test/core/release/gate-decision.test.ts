import fc from 'fast-check';
import type { Repository, Stage } from '../../../core/configuration/configuration.js';
import { decideArrival, type Gate } from '../../../core/release/gate.js';
import { decideAtGate } from '../../../core/release/gate-decision.js';
import { digest, otherDigest, releaseExecution } from '../given.js';

const takenAt = '2026-11-23T12:00:00.000Z';
const at = (hours: number): string => new Date(Date.parse(takenAt) + hours * 3_600_000).toISOString();

const production: Stage = { name: 'production', services: [], approval: { timeoutSeconds: 24 * 3600, remindAfterSeconds: 12 * 3600 } };
const repository: Repository = { name: 'my-learn-app', tags: ['v*'], stages: [production] };

const gate = (more: Partial<Gate> = {}): Gate => ({
  release: 'repository#my-learn-app release#1',
  execution: releaseExecution,
  digest,
  tag: 'v1.4.2',
  pushedAt: takenAt,
  takenAt,
  visit: 1000,
  ...more,
});

type Situation = Parameters<typeof decideAtGate>[0];
const decide = (more: Partial<Situation> = {}) =>
  decideAtGate({
    gate: gate(),
    release: {},
    stage: 'production',
    repository,
    settings: production,
    opening: { isOpen: true },
    now: takenAt,
    ...more,
  });

const asked = gate({ approval: 'AWAITING', deadline: at(24), requestedAt: takenAt });
const withoutApproval: Stage = { name: 'production', services: [] };
const shut = { isOpen: false, opensAt: at(20), because: 'window', says: 'its window is every day 09:00-16:00 UTC' } as const;

describe('approval', () => {
  test('is asked for, until the time-out of the stage', () => {
    expect(decide()).toEqual({ action: 'ask', deadline: at(24) });
  });

  test('ends no later than the longest wait of a release, of which waits at earlier gates are a part', () => {
    const short = { ...repository, maxWaitSeconds: 10 * 3600 };

    expect(decide({ repository: short })).toEqual({ action: 'ask', deadline: at(10) });
    expect(decide({ repository: short, release: { waitedSeconds: 4 * 3600 } })).toEqual({ action: 'ask', deadline: at(6) });
  });

  test('is not asked for where the configuration does not, or where an operator forced the release', () => {
    expect(decide({ settings: withoutApproval })).toEqual({ action: 'begin' });
    expect(decide({ release: { force: true } })).toEqual({ action: 'begin' });
  });

  test('is requested by a message, again if that is not known to have been published', () => {
    const unpublished = gate({ approval: 'AWAITING', deadline: at(24) });

    expect(decide({ gate: unpublished })).toEqual({ action: 'wait', until: at(12), publish: { kind: 'request' } });
    expect(decide({ gate: asked })).toEqual({ action: 'wait', until: at(12) });
  });

  test('is reminded of once', () => {
    expect(decide({ gate: asked, now: at(12) })).toEqual({ action: 'wait', until: at(24), publish: { kind: 'reminder' } });
    expect(decide({ gate: { ...asked, remindedAt: at(12) }, now: at(13) })).toEqual({ action: 'wait', until: at(24) });
  });

  test('is not reminded of at its end', () => {
    const late: Stage = { ...production, approval: { timeoutSeconds: 24 * 3600, remindAfterSeconds: 24 * 3600 } };

    expect(decide({ gate: asked, settings: late })).toEqual({ action: 'wait', until: at(24) });
  });

  test('ends without an answer at its deadline, and not before', () => {
    expect(decide({ gate: { ...asked, remindedAt: at(12) }, now: '2026-11-24T11:59:59.999Z' })).toMatchObject({ action: 'wait' });
    expect(decide({ gate: asked, now: at(24) })).toEqual({ action: 'timeOut' });
  });

  test.each([
    ['REJECTED', 'REJECTED'],
    ['TIMED_OUT', 'APPROVAL_TIMED_OUT'],
  ] as const)('%s ends the release as FAILED, even if the configuration no longer asks', (approval, reason) => {
    for (const settings of [production, withoutApproval])
      expect(decide({ gate: { ...asked, approval }, settings })).toMatchObject({ action: 'end', result: { outcome: 'FAILED', reason } });
  });

  test('that is given holds, also after its deadline', () => {
    expect(decide({ gate: { ...asked, approval: 'APPROVED' }, now: at(30) })).toEqual({ action: 'begin' });
  });

  test('is no longer waited for once the configuration does not ask', () => {
    expect(decide({ gate: asked, settings: withoutApproval })).toEqual({ action: 'begin' });
  });
});

describe('a window or a freeze', () => {
  test('comes after approval', () => {
    expect(decide({ opening: shut })).toMatchObject({ action: 'ask' });
    expect(decide({ opening: shut, gate: { ...asked, approval: 'APPROVED' } })).toEqual({
      action: 'wait',
      until: at(20),
      publish: { kind: 'window', because: 'window', reason: shut.says },
    });
  });

  test('is waited for, and announced once for each time that it opens', () => {
    expect(decide({ opening: shut, settings: withoutApproval, gate: gate({ announced: at(20) }) })).toEqual({
      action: 'wait',
      until: at(20),
    });
    expect(decide({ opening: shut, settings: withoutApproval, gate: gate({ announced: at(10) }) })).toMatchObject({
      publish: { kind: 'window' },
    });
  });

  test('is passed by an operator with a word of its own, and not by force', () => {
    expect(decide({ opening: shut, settings: withoutApproval, release: { ignoreWindow: true } })).toEqual({ action: 'begin' });
    expect(decide({ opening: shut, settings: withoutApproval, release: { force: true } })).toMatchObject({ action: 'wait' });
  });

  test('ends the release as skipped if the stage says so, or if it never opens', () => {
    const skipping: Stage = {
      ...withoutApproval,
      window: { days: ['mon'], from: '09:00', to: '16:00', timezone: 'UTC', outside: 'skip' },
    };
    const end = { action: 'end', result: { outcome: 'SKIPPED', reason: 'OUTSIDE_WINDOW' } };

    expect(decide({ opening: shut, settings: skipping })).toMatchObject(end);
    expect(decide({ opening: { ...shut, opensAt: undefined }, settings: withoutApproval })).toMatchObject(end);
  });

  test('is not waited for longer than a release may wait in all', () => {
    const short = { ...repository, maxWaitSeconds: 10 * 3600 };
    const of = (now: string, more: Partial<Gate> = {}) =>
      decide({ opening: shut, settings: withoutApproval, repository: short, gate: gate(more), now });

    expect(of(at(1))).toMatchObject({ action: 'wait', until: at(10), publish: { kind: 'window', opensAt: at(20) } });
    expect(of(at(1), { announced: at(10) })).toEqual({ action: 'wait', until: at(10) });
    expect(of(at(10))).toMatchObject({ action: 'end', result: { outcome: 'SKIPPED', reason: 'OUTSIDE_WINDOW' } });
  });
});

test('a stage that has begun begins again, also outside its window', () => {
  for (const opening of [shut, { isOpen: true } as const])
    expect(decide({ gate: { ...asked, approval: 'APPROVED', passedAt: at(1) }, opening, now: at(30) })).toEqual({ action: 'begin' });
});

test('a cancelled release ends, also after its approval', () => {
  for (const approval of ['AWAITING', 'APPROVED'] as const)
    expect(decide({ gate: { ...asked, approval, cancelledAt: at(1), cancelledBy: 'ada' } })).toMatchObject({
      action: 'end',
      result: { outcome: 'FAILED', reason: 'CANCELLED', message: expect.stringContaining('by ada') },
    });
});

test('what it waits until is always ahead, so that no look follows another at once', () => {
  const approvals = fc.constantFrom(undefined, 'AWAITING', 'APPROVED', 'REJECTED', 'TIMED_OUT');
  fc.assert(
    fc.property(approvals, fc.integer({ min: 0, max: 40 * 3600 }), fc.boolean(), fc.boolean(), (approval, seconds, isOpen, isReminded) => {
      const now = new Date(Date.parse(takenAt) + seconds * 1000).toISOString();
      const opening = isOpen ? ({ isOpen: true } as const) : { ...shut, opensAt: new Date(Date.parse(now) + 1).toISOString() };
      const found = decide({
        gate: { ...asked, ...(isReminded && { remindedAt: at(12) }), approval } as Gate,
        opening,
        now,
      });
      if (found.action === 'wait') expect(Date.parse(found.until)).toBeGreaterThan(Date.parse(now));
    }),
  );
});

describe('a release that reaches a gate', () => {
  const rules = {
    takes: (tag: string) => tag.startsWith('v'),
    compareVersions: (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0),
  };
  const arrival = { release: 'repository#my-learn-app release#2', digest: otherDigest, tag: 'v1.4.3', pushedAt: at(1) };

  test('takes it if it is free', () => {
    expect(decideArrival(undefined, arrival, rules)).toEqual({ action: 'take', supersedes: false });
  });

  test('takes it from an older one, and leaves it to a newer one', () => {
    expect(decideArrival(gate(), arrival, rules)).toEqual({ action: 'take', supersedes: true });
    expect(decideArrival(gate({ pushedAt: at(2) }), arrival, rules)).toEqual({ action: 'superseded' });
  });

  test('leaves it where the stage does not take the tags of both, whichever is newer', () => {
    for (const tag of ['main-1', undefined]) {
      expect(decideArrival(gate({ ...(tag === undefined ? {} : { tag }) }), { ...arrival, tag: 'main-2' }, rules).action).toBe('refused');
      const { tag: _, ...untagged } = gate();
      expect(decideArrival(tag === undefined ? untagged : gate({ tag }), arrival, rules).action).toBe('refused');
    }
  });

  test('goes by the version where a semver pattern took both, whenever they were pushed', () => {
    const versioned = { ...arrival, isVersioned: true };

    expect(decideArrival(gate({ tag: 'v1.5.0', isVersioned: true }), versioned, rules)).toEqual({ action: 'superseded' });
    expect(decideArrival(gate({ tag: 'v1.5.0' }), versioned, rules)).toEqual({ action: 'take', supersedes: true });
    expect(decideArrival(gate({ tag: 'v1.4.3', isVersioned: true }), versioned, rules)).toEqual({ action: 'take', supersedes: true });
  });

  test('has an order with each other one: exactly one of two is newer', () => {
    const tags = fc.constantFrom('v1', 'v2', 'v3');
    const arrivals = fc.record({
      digest: fc.constantFrom(digest, otherDigest),
      tag: tags,
      pushedAt: fc.constantFrom(at(0), at(1)),
      isVersioned: fc.boolean(),
    });
    fc.assert(
      fc.property(arrivals, arrivals, (one, other) => {
        fc.pre(one.digest !== other.digest);
        const first = decideArrival(gate(one), { ...other, release: 'two' }, rules).action;
        const second = decideArrival(gate(other), { ...one, release: 'two' }, rules).action;
        expect([first, second].sort()).toEqual(['superseded', 'take']);
      }),
    );
  });
});
