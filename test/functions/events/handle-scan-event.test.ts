import { handleScanEvent } from '../../../functions/events/handle-scan-event.js';
import { configuration, digest, later, otherDigest, releaseExecution } from '../../core/given.js';
import { givenTable } from '../../support/given-table.js';
import { sdkError } from '../given-failure.js';
import { givenTokens } from '../given-waiting.js';

const release = 'repository#my-learn-app release#1';
const place = { repository: 'my-learn-app', stage: configuration.repositories['my-learn-app']?.stages[0]?.name ?? '' };
const event = (imageDigest = digest, repository = 'my-learn-app') => ({
  source: 'aws.ecr',
  'detail-type': 'ECR Image Scan',
  time: later,
  detail: { 'repository-name': repository, 'image-digest': imageDigest },
});

const given = async (gate: object = { scans: { since: later, parts: [{ digest: otherDigest }, { digest }] } }, ...closed: string[]) => {
  const table = givenTable();
  const { tokens, taken } = givenTokens(...closed);
  await table.gates.take(
    place,
    { release, execution: releaseExecution, digest, pushedAt: later, takenAt: later, visit: 1, token: 'token', ...gate },
    undefined,
  );
  const handle = handleScanEvent({ configuration, gates: table.gates, tokens });
  return { ...table, handle, taken, gate: () => table.gates.of(place) };
};

test('an event of a scan that a release waits for is written to its gate, then wakes it', async () => {
  const { handle, taken, gate } = await given();

  expect(await handle(event())).toEqual({ did: 'woken', repository: 'my-learn-app', digest });

  expect(taken).toEqual([['token', 'Woken']]);
  expect(await gate()).toMatchObject({ scanEvent: { digest, at: later } });
  // The same event again: the visit that waited is over.
  expect(await handle(event())).toMatchObject({ did: 'unwatched' });
});

test.each<[string, unknown]>([
  ['of another manifest', event(`sha256:${'7'.repeat(64)}`)],
  ['of another repository', event(digest, 'another')],
])('an event %s wakes nothing', async (_, other) => {
  const { handle, taken, gate } = await given();
  expect(await handle(other)).toMatchObject({ did: 'unwatched' });
  expect(taken).toEqual([]);
  expect(await gate()).not.toHaveProperty('scanEvent');
});

test('what is no event of a scan is left alone', async () => {
  expect(await (await given()).handle({ source: 'aws.ecs' })).toEqual({ did: 'unknown' });
});

test.each<[string, object]>([
  ['that waits for approval', {}],
  ['that has passed', { scans: { since: later, parts: [{ digest }] }, passedAt: later }],
])('a release %s is not woken', async (_, gate) => {
  const { handle, taken } = await given(gate);
  expect(await handle(event())).toMatchObject({ did: 'unwatched' });
  expect(taken).toEqual([]);
});

test('is tried again while AWS fails for a moment', async () => {
  const { gates, tokens } = { ...(await given()), ...givenTokens() };
  let failures = 2;
  const of = async (asked: typeof place) => {
    if (failures-- > 0) throw sdkError('ThrottlingException');
    return gates.of(asked);
  };
  const handle = handleScanEvent({ configuration, tokens, gates: { of, noteScanEvent: (...all) => gates.noteScanEvent(...all) } });
  expect(await handle(event())).toMatchObject({ did: 'woken' });
});
