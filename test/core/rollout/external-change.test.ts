import type { DeploymentRecord } from '../../../core/records/records.js';
import { externalChange, type ImageChange, mayBeExternalChange } from '../../../core/rollout/external-change.js';
import { deploymentRecord, revisionArn } from '../given.js';

const push = (changes: Partial<DeploymentRecord> = {}) =>
  deploymentRecord({ trigger: { kind: 'push' }, pushedAt: '2026-11-23T12:00:00Z', ...changes });
const after = Date.parse('2026-11-23T12:01:00Z');

test.each<[string, DeploymentRecord, Omit<Parameters<typeof mayBeExternalChange>[1], 'revision'>, boolean]>([
  ['registered by another deployer since the push', push(), { registeredAt: after, tags: [{ key: 'team', value: 'a' }] }, true],
  ['registered before the push', push(), { registeredAt: Date.parse('2026-11-23T12:00:00Z'), tags: [] }, false],
  ['without a time of registration', push(), { registeredAt: Number.NaN, tags: [] }, false],
  ['that Slipway registered', push(), { registeredAt: after, tags: [{ key: 'slipway:execution', value: 'arn' }] }, false],
  ['before a start by hand', push({ trigger: { kind: 'hand' } }), { registeredAt: after, tags: [] }, false],
  ['before a redeployment', push({ operation: { kind: 'redeploy' } }), { registeredAt: after, tags: [] }, false],
])('whether a revision %s may be an external change', (_, record, revision, expected) => {
  expect(mayBeExternalChange(record, { revision: revisionArn(9), ...revision }, undefined)).toBe(expected);
});

test.each([
  [revisionArn(9), false],
  [revisionArn(3), true],
])('if the expected revisions are known, whether %s may be an external change: %s', (revision, expected) => {
  const old = { revision, registeredAt: 0, tags: [{ key: 'slipway:execution', value: 'arn' }] };

  expect(mayBeExternalChange(push(), old, [revisionArn(8), revisionArn(9)])).toBe(expected);
});

const change = (changes: Partial<ImageChange> = {}): ImageChange => ({
  at: '2026-11-23T12:02:00.000Z',
  before: ['app:1'],
  after: ['app:hotfix'],
  ...changes,
});

test('a push before an external change of the image is skipped', () => {
  expect(externalChange(push(), revisionArn(9), change())).toEqual({
    outcome: 'SKIPPED',
    reason: 'EXTERNAL_CHANGE',
    message: expect.stringMatching(/2026-11-23T12:00:00Z.*web:9.*2026-11-23T12:02:00.000Z/),
  });
});

test.each<[string, ImageChange | undefined]>([
  ['with a change of its environment alone', change({ before: ['app:1', 'app@sha256:ours'], after: ['app:1'] })],
  ['with a rollout that began before the push', change({ at: '2026-11-23T11:59:00.000Z' })],
  ['that was created after the push', change({ before: [] })],
  ['without a rollout in ECS', undefined],
])('a service %s is deployed to', (_, seen) => {
  expect(externalChange(push(), revisionArn(9), seen)).toBeUndefined();
});
