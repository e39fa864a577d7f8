import type { DeploymentRecord, Operation, ServiceState } from '../../../core/records/records.js';
import { acceptedDigests, imageFromTaskDefinition, sourceRevision } from '../../../core/task-definition/source-revision.js';
import { deploymentRecord, digest, good, otherDigest, registry, revisionArn } from '../given.js';

const current = revisionArn(8);
const lastGood = good({ revision: revisionArn(8), digest });
const previousGood = good({ revision: revisionArn(6), digest: otherDigest });
const record = (operation?: Operation): DeploymentRecord => deploymentRecord(operation && { operation });
const rollback = record({ kind: 'rollback' });

test.each<[string, DeploymentRecord, ServiceState, string]>([
  ['an image is what runs', record({ kind: 'image' }), { lastGood, previousGood }, current],
  ['an image, of a record of an older version, is what runs', record(), { lastGood, previousGood }, current],
  ['what runs once more is what runs', record({ kind: 'redeploy' }), { lastGood, previousGood }, current],
  ['a revision is that one', record({ kind: 'taskDefinition', taskDefinition: 'web:3' }), { lastGood, previousGood }, 'web:3'],
  ['a rollback from what is not good is the last good one', rollback, { lastGood: good(), previousGood }, revisionArn(6)],
  ['a rollback from the last good one is the good one before it', rollback, { lastGood, previousGood }, revisionArn(6)],
  ['a rollback from the only good one is what ran before it', rollback, { lastGood: { ...lastGood, previousRevision: 'web:1' } }, 'web:1'],
])('the base of %s', (_, one, state, expected) => {
  expect(sourceRevision(one, current, state)).toBe(expected);
});

test.each<[string, ServiceState]>([
  ['nothing was ever good', {}],
  ['only what runs was good', { lastGood }],
  ['what was good before is what runs, too', { lastGood, previousGood: good({ revision: current }) }],
  ['what was good before is the same image', { lastGood, previousGood: good({ digest }) }],
  ['what was good before is in quarantine by now', { lastGood, previousGood, quarantine: [{ digest: otherDigest, reason: 'x', at: 'y' }] }],
])('a rollback is refused where %s', (_, state) => {
  expect(() => sourceRevision(rollback, current, state)).toThrow(
    expect.objectContaining({
      name: 'RejectedInput',
      message:
        'there is nothing to go back to: no other deployment of production/web has been recorded as SUCCEEDED; start it with "image" or "taskDefinition"',
    }),
  );
});

describe('the image in a revision', () => {
  const revision = (image: string) => ({
    containerDefinitions: [
      { name: 'proxy', image: 'envoy:1' },
      { name: 'app', image },
    ],
  });

  test.each([
    [`${registry}/app@${digest}`, undefined, { registry, repository: 'app', digest }],
    [`${registry}/app@${digest}`, 'main-7', { registry, repository: 'app', tag: 'main-7', digest }],
    [`${registry}/app:v1@${digest}`, 'main-7', { registry, repository: 'app', tag: 'v1', digest }],
    [`${registry}/app:v1`, undefined, { registry, repository: 'app', tag: 'v1', digest: '' }],
    ['nginx:1.27', undefined, { registry: '', repository: 'nginx', digest: '' }],
  ])('%s, tagged %s', (image, tag, expected) => {
    expect(imageFromTaskDefinition(revision(image), ['app'], tag)).toEqual(expected);
  });

  test.each([[{}], [{ containerDefinitions: undefined }], [revision(`${registry}/app:v1`)]])(
    'is empty where none of the containers is there: %#',
    (definition) => {
      expect(imageFromTaskDefinition(definition, ['other'], undefined)).toEqual({ registry: '', repository: '', digest: '' });
    },
  );
});

test.each([
  ['it is not known', undefined, []],
  ['it has no digest', { digest: '', platformDigests: [] }, []],
  ['its platforms are not known', { digest }, []],
  ['it is for one platform', { digest, platformDigests: [] }, [digest]],
  ['it is for several', { digest, platformDigests: [otherDigest] }, [digest, otherDigest]],
])('the digests that prove an image, where %s', (_, image, expected) => {
  expect(acceptedDigests(image)).toEqual(expected);
});
