import type { DeploymentRecord, ServiceState } from '../../../core/records/records.js';
import type { Observation } from '../../../core/rollout/observation.js';
import { isOnQuarantined } from '../../../core/rollout/quarantine.js';
import { digest, good, otherDigest, registry, startedAt, stateOf } from '../given.js';
import { other, previous, rollout, serviceOn } from './observations.js';

const quarantine = [{ digest, reason: 'CRASHED', at: startedAt }];
const state = stateOf({ quarantine }, { knownGood: [good({ digest: otherDigest })] });
const ledTo = (taskDefinition: string, ...digests: string[]) =>
  rollout({ rollback: { taskDefinition, revision: 'revision of it', digests } });

test.each<[boolean, string, Partial<Observation>, ServiceState, Partial<DeploymentRecord>]>([
  [true, 'ECS resolved a digest that is quarantined', { rollout: ledTo(other, digest) }, state, {}],
  [false, 'ECS resolved another digest', { rollout: ledTo(other, otherDigest) }, state, {}],
  [false, 'the service has since gone elsewhere', { rollout: ledTo(previous, digest) }, state, {}],
  [true, 'it is the previous revision, whose image is quarantined', { service: serviceOn(previous) }, state, {}],
  [
    false,
    'it is the previous revision, whose digest is not known',
    { service: serviceOn(previous) },
    state,
    { previousImage: `${registry}/app:v1` },
  ],
  [false, 'it is the previous revision, which has no image of ours', { service: serviceOn(previous) }, state, { previousImage: '' }],
  [false, 'nothing is quarantined', { rollout: ledTo(other, digest) }, { ...state, sources: {} }, {}],
  [false, 'no revision is known to be good', { rollout: ledTo(other, digest) }, stateOf({ quarantine }), {}],
  [
    false,
    'the last known good image is quarantined as well',
    { rollout: ledTo(other, digest) },
    { ...state, knownGood: [good({ digest })] },
    {},
  ],
  [false, 'there is no service', { service: undefined, rollout: undefined }, state, {}],
])('that the service is on a quarantined image is %s if %s', (expected, _, observed, decided, record) => {
  const isOn = isOnQuarantined(
    { previousRevision: previous, previousImage: `${registry}/app@${digest}`, ...record },
    { service: serviceOn(other), rollout: rollout(), ...observed },
    decided,
  );

  expect(isOn).toBe(expected);
});
