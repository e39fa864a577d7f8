import { type Configuration, type Stage, weekdays } from '../../../core/configuration/configuration.js';
import { gateKey } from '../../../core/records/record-name.js';
import type { ReleaseRecord } from '../../../core/records/records.js';
import type { Gate } from '../../../core/release/gate.js';
import type { StageGateInput } from '../../../core/step/contracts.js';
import { orderOf } from '../../../core/step/visit.js';
import { passGates } from '../../../functions/release/pass-gates.js';
import type { StageCheck, StageToCheck } from '../../../functions/shared/preflight.js';
import { deploymentRecord, digest, image, later, otherDigest, releaseExecution, releaseRecord } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { givenTokens } from '../given-waiting.js';

const name = 'repository#my-learn-app release#1';
const newerName = 'repository#my-learn-app release#2';
const newerExecution = releaseExecution.replace(/[^:]+$/, 'newer');
const place = { repository: 'my-learn-app', stage: 'production' };
const hours = (count: number): string => new Date(Date.parse(later) + count * 3_600_000).toISOString();

const approval = { timeoutSeconds: 24 * 3600, remindAfterSeconds: 12 * 3600 };
const configurationOf = (production: Partial<Stage>): Configuration => ({
  notifications: { sns: true },
  repositories: {
    'my-learn-app': {
      name: 'my-learn-app',
      tags: ['main-*', 'v*'],
      stages: [
        { name: 'staging', services: [{ service: 'staging/web', cluster: 'staging', name: 'web', timeoutSeconds: 1800 }] },
        { name: 'production', services: [], ...production },
      ],
    },
  },
});

type Given = {
  readonly production?: Partial<Stage>;
  readonly releases?: Readonly<Record<string, ReleaseRecord>>;
  readonly findings?: StageCheck['findings'];
  readonly ended?: readonly string[];
  readonly states?: NonNullable<Parameters<typeof givenTable>[0]>['states'];
  readonly deployments?: object;
};

const given = ({ production = { approval }, releases = {}, findings = [], ended = [], states = {}, deployments = {} }: Given = {}) => {
  const table = givenTable({ records: { [name]: releaseRecord({ stage: 'production' }), ...releases, ...deployments }, states });
  const { tokens, taken } = givenTokens();
  const published: { readonly id: string; readonly waiting: { readonly kind: string } }[] = [];
  const topic = { publish: async ({ json }: { readonly json: string }) => void published.push(JSON.parse(json)) };
  const checked: string[] = [];
  const images: (string | undefined)[] = [];
  const deps = {
    ...table,
    configuration: configurationOf(production),
    executions: { isRunning: async (arn: string) => !ended.includes(arn) },
    tokens,
    topic,
    scans: { of: () => Promise.reject(new Error('no stage here waits for a scan')) },
    partsToScan: () => Promise.reject(new Error('no stage here waits for a scan')),
    check: async ({ image, stage, isCurrent }: StageToCheck) => {
      checked.push(`${stage.name}${isCurrent ? '' : ' later'}`);
      images.push(image.tag);
      return { findings, services: [] };
    },
  };
  let number = 0;
  const look = (changes: Partial<StageGateInput> = {}) => {
    number++;
    return passGates(deps)({
      record: name,
      stage: 'production',
      execution: releaseExecution,
      visit: { number, retry: 0 },
      now: later,
      token: `token ${number}`,
      deadline: '',
      ...changes,
    });
  };
  const gate = () => table.gates.of(place);
  return { ...table, table, taken, topic, published, checked, images, look, gate };
};

const newer = releaseRecord({
  stage: 'production',
  execution: newerExecution,
  image: { ...image, digest: otherDigest, tag: 'main-8' },
  pushedAt: hours(1),
});
const asNewer = { record: newerName, execution: newerExecution };

describe('a stage without gates', () => {
  test('begins at once, with the services of the plan, and without an item', async () => {
    const { look, gate, record } = given({ production: {} });

    expect(await look()).toMatchObject({
      action: 'proceed',
      stage: 'production',
      services: [{ service: 'production/web' }, { service: 'production/worker' }],
    });
    expect(await gate()).toBeUndefined();
    expect(await record(name)).toMatchObject({ begun: 'production' });
  });

  test('that has begun begins again, also if it has a gate by now', async () => {
    const { look, published } = given({ releases: { [name]: releaseRecord({ stage: 'production', begun: 'production' }) } });

    expect(await look()).toMatchObject({ action: 'proceed' });
    expect(published).toEqual([]);
  });

  test('begins with its before task, alone, also if it has begun and the answer was lost', async () => {
    const before = { service: 'production/web', name: 'before-1' };
    const { deployments = [] } = releaseRecord().stages?.[1] ?? {};
    const stages = [{ name: 'production', parallel: 5, deployments, before }];
    const { look, record } = given({ production: {}, releases: { [name]: releaseRecord({ stage: 'production', stages }) } });

    const answer = await look();

    expect(answer).toMatchObject({ action: 'prepare', services: [{ ...before, delaySeconds: 0 }], parallel: 1 });
    expect(await record(name)).toMatchObject({ begun: 'production' });
    expect(await look()).toEqual(answer);
  });

  test('is left to the result of the release, if it has one', async () => {
    const result = { outcome: 'FAILED', reason: 'ABORTED', message: 'it was aborted' } as const;
    const { look } = given({ releases: { [name]: releaseRecord({ stage: 'production', result }) } });

    expect(await look()).toMatchObject({ action: 'finish', result });
  });
});

describe('a stage with approval', () => {
  test('is requested once, and waits for the reminder', async () => {
    const { look, gate, published, record } = given();

    expect(await look()).toBeUndefined();
    expect(await look()).toBeUndefined();

    expect(published).toMatchObject([{ id: `${releaseExecution} production request`, waiting: { kind: 'request', until: hours(24) } }]);
    expect(await gate()).toMatchObject({ approval: 'AWAITING', digest, deadline: hours(24), requestedAt: later, token: 'token 2' });
    expect(await record(name)).toMatchObject({ waiting: { stage: 'production', for: 'approval', since: later, until: hours(24) } });
  });

  test('begins once it is approved, and the record says who approved it', async () => {
    const { look, gates, record } = given();
    await look();
    await gates.decide(place, name, 'APPROVED', { at: hours(1), by: 'ada', reason: 'looks good' });

    expect(await look({ now: hours(2) })).toMatchObject({ action: 'proceed' });

    expect(await record(name)).toMatchObject({
      begun: 'production',
      waitedSeconds: 7200,
      approvals: [{ stage: 'production', by: 'ada', reason: 'looks good', at: hours(1) }],
    });
  });

  test('that is rejected ends the release, and no stage can be added to it', async () => {
    const { look, gates, record } = given();
    await look();
    await gates.decide(place, name, 'REJECTED', { at: hours(1), by: 'ada' });

    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'REJECTED' } });
    expect(await record(name)).toMatchObject({ decided: true });
  });

  test('is reminded of once, and looks at its deadline', async () => {
    const { look, published } = given();
    await look();

    expect(await look({ now: hours(11.5) })).toMatchObject({ action: 'wait', deadline: hours(12) });
    expect(await look({ now: hours(12) })).toBeUndefined();
    expect(await look({ now: hours(13) })).toBeUndefined();
    expect(await look({ now: hours(23.5), deadline: hours(24) })).toBeUndefined();
    expect(published.map(({ waiting }) => waiting.kind)).toEqual(['request', 'reminder']);
  });

  test.each([
    ['the deadline first', 'TIMED_OUT', 'APPROVAL_TIMED_OUT'],
    ['the answer first', 'APPROVED', undefined],
  ] as const)('of an answer and the deadline in one moment, the first write holds: %s', async (_, first, reason) => {
    const { look, gates, gate } = given();
    await look();
    const approve = () => gates.decide(place, name, 'APPROVED', { at: hours(24), by: 'ada' });
    if (first === 'APPROVED') await approve();

    const answer = await look({ now: hours(24) });

    expect(answer).toMatchObject(
      reason === undefined ? { action: 'proceed' } : { action: 'finish', result: { outcome: 'FAILED', reason } },
    );
    expect(await approve()).toBeUndefined();
    expect(await gate()).toMatchObject({ approval: first });
  });

  test('is cancelled by an operator, but not once it has passed', async () => {
    const { look, gates } = given();
    await look();
    await gates.cancel(place, name, { at: hours(1), by: 'ada', reason: 'wrong tag' });

    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'CANCELLED' } });

    const other = given();
    await other.look();
    await other.gates.decide(place, name, 'APPROVED', { at: later });
    await other.look();
    expect(await other.gates.cancel(place, name, { at: later })).toBeUndefined();
  });

  test('an answer that comes while the checks run, or a cancellation, is not lost', async () => {
    const { look, gates, table } = given();
    await look();
    await gates.decide(place, name, 'APPROVED', { at: later });
    const pass = table.gates.pass.bind(table.gates);
    let isFirst = true;
    table.gates.pass = async (...args) => {
      if (isFirst) await gates.cancel(place, name, { at: later });
      isFirst = false;
      return pass(...args);
    };

    expect(await look()).toMatchObject({ action: 'finish', result: { reason: 'CANCELLED' } });
  });

  test('a visit that runs late stores no token and decides nothing', async () => {
    const { look, gate } = given();
    await look({ visit: { number: 5, retry: 0 }, token: 'newer' });

    expect(await look({ visit: { number: 4, retry: 1 }, token: 'older' })).toBeUndefined();
    expect(await gate()).toMatchObject({ token: 'newer', visit: orderOf({ number: 5, retry: 0 }) });
  });

  test('a request whose message was not published is published by the next visit', async () => {
    const { look, gates, published } = given();
    await look();
    const { requestedAt: _, ...unpublished } = (await gates.of(place)) as Gate;
    await gates.take(place, unpublished, unpublished);
    published.length = 0;

    await look();

    expect(published).toMatchObject([{ waiting: { kind: 'request' } }]);
  });
});

test('a topic that refuses the request does not end the release, which asks again at its next look', async () => {
  const { look, gate, topic, published, record } = given();
  const { publish } = topic;
  topic.publish = async () => {
    throw Object.assign(new Error('the key is disabled'), { name: 'KMSDisabledException', $metadata: { httpStatusCode: 400 } });
  };

  expect(await look()).toBeUndefined();
  expect(await gate()).not.toHaveProperty('requestedAt');
  expect(await record(name)).toMatchObject({ waiting: { for: 'approval' } });
  topic.publish = publish;
  await look({ now: hours(1) });

  expect(published).toMatchObject([{ waiting: { kind: 'request' } }]);
});

test('a stage that a later push added is checked with the tag of that push', async () => {
  const stages = [{ name: 'production', deployments: [], tag: 'v1.4.0' }];
  const { look, images } = given({ releases: { [name]: releaseRecord({ stage: 'production', stages }) } });
  await look();

  expect(images).toEqual(['v1.4.0']);
});

describe('a stage that is closed', () => {
  const frozen: Partial<Stage> = { freeze: [{ from: '2026-01-01', to: '2027-01-20', timezone: 'UTC' }] };

  test('is announced once, also where the release may not wait until it opens', async () => {
    const { look, published, gate } = given({ production: frozen });
    await look();
    await look({ now: hours(1) });
    await look({ now: hours(2) });

    expect(published).toMatchObject([{ waiting: { kind: 'window', until: hours(14 * 24) } }]);
    expect(await gate()).toMatchObject({ announced: hours(14 * 24) });
  });

  test('is said to be in a request for approval', async () => {
    const { look, published } = given({ production: { ...frozen, approval } });
    await look();

    expect(published).toMatchObject([{ waiting: { kind: 'request', closed: { opensAt: '2027-01-21T00:00:00.000Z', isSkipped: false } } }]);
  });

  test('is what the release waits for once an open request is not asked for any more', async () => {
    const { gates, look, published, record } = given({ production: frozen });
    await look();
    await gates.ask(place, name, hours(1));
    await gates.note(place, name, { announced: hours(1) });

    await look();

    expect(published.at(-1)).toMatchObject({ waiting: { kind: 'window', until: hours(14 * 24) } });
    expect(await record(name)).toMatchObject({ waiting: { for: 'window', until: hours(14 * 24) } });
  });
});

test('a stage with a window does not begin by a time that many retries ago was now', async () => {
  const window: Stage['window'] = { days: [...weekdays], from: '00:00', to: '23:59', timezone: 'UTC' };
  const { look, record } = given({ production: { window } });

  expect(await look({ visit: { number: 1, retry: 6 }, now: later })).toMatchObject({ action: 'wait' });
  expect(await record(name)).not.toHaveProperty('begun');
  expect(await look({ visit: { number: 2, retry: 1 }, now: later })).toMatchObject({ action: 'proceed' });
});

test('a stage that slipway.yml does not name any more has no gates to pass, and does not begin', async () => {
  const renamed = given({ production: { name: 'live', approval } });

  expect(await renamed.look()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'NOT_CONFIGURED' } });
  expect(await renamed.record(name)).not.toHaveProperty('begun');
});

describe('two releases at one gate', () => {
  test('the newer one takes it from the older one, which it wakes, and which ends', async () => {
    const { look, taken, gate } = given({ releases: { [newerName]: newer } });
    await look();

    expect(await look(asNewer)).toBeUndefined();
    expect(taken).toEqual([['token 1', 'Woken']]);
    expect(await gate()).toMatchObject({ release: newerName, digest: otherDigest, approval: 'AWAITING' });
    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' } });
    expect(await gate()).toMatchObject({ release: newerName });
  });

  test.each([
    ['has passed', async ({ gates }: ReturnType<typeof given>) => void (await gates.pass(place, newerName, later, 'AWAITING'))],
    ['has left', ({ gates }: ReturnType<typeof given>) => gates.leave(place, newerName)],
  ])('the older one ends also if the newer one %s before the older one looks', async (_, then) => {
    const all = given({ releases: { [newerName]: newer } });
    await all.look();
    await all.look(asNewer);
    await then(all);
    const gate = await all.gate();

    expect(await all.look()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' } });
    expect(await all.gate()).toEqual(gate);
    expect(all.published).toHaveLength(2);
  });

  test('the older one ends also if its stage has no gate any more', async () => {
    const before = given({ releases: { [newerName]: newer } });
    await before.look();
    await before.look(asNewer);
    const displaced = await before.record(name);
    const { look } = given({ production: {}, releases: { [name]: displaced as ReleaseRecord } });

    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'SUPERSEDED', reason: 'NEWER_RELEASE' } });
  });

  test('the older one keeps its gate if the newer one ended before it took that', async () => {
    const { look, gates } = given({ releases: { [newerName]: newer } });
    await look();
    jest.spyOn(gates, 'take').mockRejectedValueOnce(new Error('killed'));
    await expect(look(asNewer)).rejects.toThrow('killed');
    await gates.decide(place, name, 'APPROVED', { at: later });

    expect(await look()).toMatchObject({ action: 'proceed' });
  });

  test('the older one that arrives last ends, and leaves the newer one alone', async () => {
    const { look, taken, gate } = given({ releases: { [newerName]: newer } });
    await look(asNewer);

    expect(await look()).toMatchObject({ action: 'finish', result: { reason: 'NEWER_RELEASE' } });
    expect({ taken, gate: await gate() }).toMatchObject({ taken: [], gate: { release: newerName } });
  });

  test('one whose digest was pushed again while it waits is the newer one', async () => {
    const { look, gate, records } = given({ releases: { [newerName]: newer } });
    await look();
    await records.claim('my-learn-app', digest, { execution: releaseExecution, record: name, pushes: { production: hours(2) } });

    expect(await look(asNewer)).toMatchObject({ action: 'finish', result: { reason: 'NEWER_RELEASE' } });
    expect(await gate()).toMatchObject({ release: name });
  });

  test('of two of one digest, the one that was started later is the newer one', async () => {
    const again = { ...newer, image: { ...image, tag: 'main-7' }, force: true };
    const { look, gate, records } = given({ releases: { [newerName]: again } });
    await look();
    await records.claim('my-learn-app', digest, { execution: newerExecution, record: newerName, pushes: { production: hours(1) } });

    expect(await look(asNewer)).toMatchObject({ action: 'proceed' });
    expect(await gate()).toMatchObject({ release: newerName, passedAt: later });
  });

  test('an older version that an operator starts later is the newer one', async () => {
    const stages = [{ name: 'production', isVersioned: true, deployments: [] } as const];
    const waiting = releaseRecord({ stage: 'production', stages, image: { ...image, tag: 'v1.4.0' } });
    const byHand = { ...newer, stages, image: { ...image, digest: otherDigest, tag: 'v1.3.0' }, trigger: { kind: 'hand' } as const };
    const { look, gate } = given({ releases: { [name]: waiting, [newerName]: byHand } });
    await look();

    expect(await look(asNewer)).toBeUndefined();
    expect(await gate()).toMatchObject({ release: newerName });
  });

  test('an approval of the older one does not count for the newer one', async () => {
    const { look, gates } = given({ releases: { [newerName]: newer } });
    await look();
    await gates.decide(place, name, 'APPROVED', { at: later });

    await look(asNewer);

    expect(await look(asNewer)).toBeUndefined();
    expect(await look()).toMatchObject({ action: 'finish', result: { reason: 'NEWER_RELEASE' } });
  });

  test('one whose execution has ended, or that has passed, is no obstacle', async () => {
    const gone = given({ releases: { [newerName]: newer }, ended: [newerExecution] });
    await gone.look(asNewer);
    expect(await gone.look()).toBeUndefined();
    expect(await gone.gate()).toMatchObject({ release: name });

    const passed = given({ releases: { [newerName]: newer } });
    await passed.look();
    await passed.gates.decide(place, name, 'APPROVED', { at: later });
    await passed.gates.pass(place, name, later, 'APPROVED');
    expect(await passed.look(asNewer)).toBeUndefined();
    // Its answer was lost: what took the gate has written that it had passed.
    expect(await passed.look()).toMatchObject({ action: 'proceed' });
  });

  test('a start that waits for nothing itself begins beside one that it does not displace, which keeps the gate', async () => {
    const hotfix = { ...newer, force: true, ignoreWindow: true, image: { ...newer.image!, tag: 'hotfix' } };
    const { look, gate, taken } = given({ releases: { [newerName]: hotfix } });
    await look();

    expect(await look(asNewer)).toMatchObject({ action: 'proceed' });
    expect({ gate: await gate(), taken }).toMatchObject({ gate: { release: name, approval: 'AWAITING' }, taken: [] });
  });

  test('such a start begins beside a newer one, too', async () => {
    const hotfix = releaseRecord({ stage: 'production', force: true, trigger: { kind: 'hand' }, pushedAt: '2026-11-23T11:00:00.000Z' });
    const { look, gate } = given({ releases: { [name]: hotfix, [newerName]: newer } });
    await look(asNewer);

    expect(await look()).toMatchObject({ action: 'proceed' });
    expect(await gate()).toMatchObject({ release: newerName, approval: 'AWAITING' });
  });

  test('a release that an operator forced past the tags keeps the gate, and a push that comes then ends with that reason', async () => {
    const forced = releaseRecord({ stage: 'production', image: { ...image, tag: 'hotfix' } });
    const { look, gate } = given({ releases: { [name]: forced, [newerName]: newer } });
    await look();

    expect(await look(asNewer)).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'GATE_TAKEN' } });
    expect(await gate()).toMatchObject({ release: name });
  });
});

describe('what a stage requires', () => {
  const production = { requires: 'staging' };

  test('is that the digest has succeeded there', async () => {
    const { look, passed } = given({ production });

    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'STAGE_REQUIRED' } });
    await passed.add('my-learn-app', digest, 'staging', 1);
    expect(await look()).toMatchObject({ action: 'proceed' });
  });

  test('is not met by a digest that is quarantined there', async () => {
    const quarantine = [{ digest, reason: 'ROLLED_BACK_BY_OPERATOR', at: later }];
    const { look, passed } = given({ production, states: { 'staging/web': { sources: { 'my-learn-app': { quarantine } } } } });
    await passed.add('my-learn-app', digest, 'staging', 1);

    expect(await look()).toMatchObject({ action: 'finish', result: { reason: 'STAGE_REQUIRED' } });
  });

  test('makes a release PARTIAL that has deployed an earlier stage', async () => {
    const result = { outcome: 'SUCCEEDED', reason: 'DEPLOYED', message: '1 of 1 tasks run it' } as const;
    const deployments = { [`service#staging/web deployment#${later}#staging-web-1`]: deploymentRecord({ service: 'staging/web', result }) };
    const { look } = given({ production, deployments });

    expect(await look()).toMatchObject({ result: { outcome: 'PARTIAL', reason: 'STAGE_REQUIRED' } });
  });
});

describe('the checks before a stage', () => {
  const finding = { code: 'SERVICE_NOT_DEPLOYABLE', service: 'production/web', message: 'production/web does not exist' } as const;

  test('end the release if one blocks, with nothing begun', async () => {
    const { look, record } = given({ production: {}, findings: [{ ...finding, severity: 'block' }] });

    expect(await look()).toMatchObject({
      action: 'finish',
      result: { outcome: 'FAILED', reason: 'PREFLIGHT', message: expect.stringContaining(finding.message) },
    });
    expect(await record(name)).not.toHaveProperty('begun');
  });

  test('believe only after several looks that a revision is missing: reads may be stale', async () => {
    const missing = { ...finding, code: 'REVISION_MISSING', severity: 'block' } as const;
    const { look } = given({ production: {}, findings: [missing] });

    await expect(look({ visit: { number: 1, retry: 4 } })).rejects.toMatchObject({ name: 'TransientAwsError' });
    expect(await look({ visit: { number: 1, retry: 5 } })).toMatchObject({ result: { reason: 'PREFLIGHT' } });
  });

  test('are kept in the record if they only warn', async () => {
    const { look, record } = given({ production: {}, findings: [{ ...finding, severity: 'warn' }] });

    expect(await look()).toMatchObject({ action: 'proceed' });
    expect(await record(name)).toMatchObject({ warnings: [finding.message] });
  });

  test('are those of the later stages, too, before the first one', async () => {
    const { look, checked } = given({ production: {}, releases: { [name]: releaseRecord({ stage: 'staging' }) } });

    await look({ stage: 'staging' });
    await look();

    expect(checked).toEqual(['staging', 'production later', 'production']);
  });
});

test('an item of another version is not decided on', async () => {
  const { look, table } = given();
  await table.gates.take(place, { ...({} as Gate), release: 'x' }, undefined);

  await expect(look()).rejects.toMatchObject({
    name: 'UnreadableGate',
    message: expect.stringContaining(gateKey('my-learn-app', 'production').sk),
  });
});

describe('a stage that is deployed wholly or not at all', () => {
  const whole = releaseRecord({
    stage: 'production',
    stages: (releaseRecord().stages ?? []).map((one) => ({ ...one, onFailure: 'rollBackAll' as const })),
  });
  const quarantine = [{ digest, reason: 'CRASHED', at: later }];
  const quarantined = { sources: { 'my-learn-app': { quarantine } } };
  const hold = { at: later, by: 'bob' };
  const splitBy = (states: NonNullable<Given['states']>) => given({ production: {}, releases: { [name]: whole }, states });

  test('does not begin if one of its services would be skipped', async () => {
    const { look, record } = splitBy({ 'production/web': quarantined });

    expect(await look()).toMatchObject({
      action: 'finish',
      result: { outcome: 'SKIPPED', reason: 'QUARANTINED', message: expect.stringContaining('production/web would be skipped') },
    });
    expect(await record(name)).not.toHaveProperty('begun');
  });

  test('is kept back whole by the hold of one service, and starts with its end', async () => {
    const { look, states } = splitBy({ 'production/web': { hold } });

    expect(await look()).toMatchObject({ action: 'finish', result: { outcome: 'SKIPPED', reason: 'ON_HOLD' } });
    expect((await states.of('production/web')).sources?.['my-learn-app']?.withheld).toMatchObject({ digest, release: name, hold });
    expect((await states.of('production/worker')).sources).toBeUndefined();
  });

  test('begins if all of its services would be skipped, or the others run the image already', async () => {
    expect(await splitBy({ 'production/web': quarantined, 'production/worker': quarantined }).look()).toMatchObject({ action: 'proceed' });
    const lastDeployed = { digest, pushedAt: later };
    const running = { sources: { 'my-learn-app': { lastDeployed } } };
    expect(await splitBy({ 'production/web': quarantined, 'production/worker': running }).look()).toMatchObject({ action: 'proceed' });
  });

  test('begins by hand on hold, and is not asked where each service goes by itself', async () => {
    const byHand = { ...whole, trigger: { kind: 'hand' } as const };
    expect(await given({ production: {}, releases: { [name]: byHand }, states: { 'production/web': { hold } } }).look()).toMatchObject({
      action: 'proceed',
    });
    expect(await given({ production: {}, states: { 'production/web': { hold } } }).look()).toMatchObject({ action: 'proceed' });
  });
});

test('the request says which services would be skipped as things are', async () => {
  const states = { 'production/web': { hold: { at: later, by: 'bob' } } };
  const { look, published } = given({ states });

  await look();

  expect(published).toMatchObject([{ findings: [{ code: 'ON_HOLD', severity: 'warn', service: 'production/web' }] }]);
});
