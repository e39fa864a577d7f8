import { isOnQuarantined } from '../../core/quarantined.js';
import type { DeploymentRecord, ServiceState } from '../../core/records.js';
import type { Observation } from '../../core/rollout/rollout-decision.js';
import { digest, good, otherDigest, registry, startedAt } from './given.js';
import { base, other, rollout, serviceOn } from './looks.js';

const quarantine = [{ digest, reason: 'CRASHED', at: startedAt }];
const state: ServiceState = { quarantine, lastGood: good({ digest: otherDigest }) };
const ledTo = (taskDefinition: string, ...digests: string[]) =>
  rollout({ rollback: { taskDefinition, revision: 'revision of it', digests } });

test.each<[boolean, string, Partial<Observation>, ServiceState, Partial<DeploymentRecord>]>([
  [true, 'ECS resolved a digest that is', { rollout: ledTo(other, digest) }, state, {}],
  [false, 'ECS resolved another digest', { rollout: ledTo(other, otherDigest) }, state, {}],
  [false, 'the service has since gone elsewhere', { rollout: ledTo(base, digest) }, state, {}],
  [true, 'it is the base, whose image is', { service: serviceOn(base) }, state, {}],
  [false, 'it is the base, whose digest nobody knows', { service: serviceOn(base) }, state, { previousImage: `${registry}/app:v1` }],
  [false, 'it is the base, which has no image of ours', { service: serviceOn(base) }, state, { previousImage: '' }],
  [false, 'nothing is quarantined', { rollout: ledTo(other, digest) }, { ...state, quarantine: [] }, {}],
  [false, 'nothing was ever good', { rollout: ledTo(other, digest) }, { quarantine }, {}],
  [false, 'the last good image is quarantined as well', { rollout: ledTo(other, digest) }, { ...state, lastGood: good({ digest }) }, {}],
  [false, 'there is no service', { service: undefined, rollout: undefined }, state, {}],
])('that the service is on a quarantined image is %s where %s', (expected, _, look, decided, record) => {
  const isOn = isOnQuarantined(
    { base, previousImage: `${registry}/app@${digest}`, ...record },
    { service: serviceOn(other), rollout: rollout(), ...look },
    decided,
  );

  expect(isOn).toBe(expected);
});
