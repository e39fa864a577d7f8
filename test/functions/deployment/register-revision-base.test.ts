import { deploymentRecord, digest, lease, registry, revisionArn } from '../../core/given.js';
import { given, name, previousRevision } from './given-registration.js';

const ours = [{ key: 'slipway:execution', value: 'an-execution' }];
const cpu = (value: string, containerDefinitions: readonly object[] = previousRevision.containerDefinitions) => ({
  ...previousRevision,
  cpu: value,
  containerDefinitions,
});
const [app] = previousRevision.containerDefinitions;

test('copies the newest revision that Slipway did not register, and records which one', async () => {
  const { table, registered, run } = given({
    latest: {
      6: { definition: cpu('1'), tags: [] },
      8: { definition: cpu('512'), tags: [{ key: 'team', value: 'b' }] },
      9: { definition: cpu('1024'), tags: [] },
      10: { definition: cpu('2048'), tags: ours },
    },
  });

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect(registered).toMatchObject([
    { cpu: '1024', containerDefinitions: [{ image: `${registry}/my-learn-app@${digest}` }, { image: 'nginx:1' }] },
  ]);
  expect(await table.record(name)).toMatchObject({ base: revisionArn(9), previousRevision: revisionArn(7) });
});

test.each<[string, Parameters<typeof given>[0]]>([
  ['is newer', { latest: {} }],
  ['is newer but those that Slipway registered', { latest: { 8: { definition: cpu('512'), tags: ours } } }],
  ['is asked for', {}],
  [
    'is copied by an operator’s redeployment',
    { latest: { 8: { definition: cpu('512'), tags: [] } }, record: deploymentRecord({ operation: { kind: 'redeploy' } }) },
  ],
])('copies the revision that runs if no other %s', async (_, changes) => {
  const { table, registered, run } = given({ state: { lease: lease() }, ...changes });

  expect(await run()).toMatchObject({ action: 'proceed' });
  expect(registered).toMatchObject([{ cpu: '256' }]);
  expect(await table.record(name)).not.toHaveProperty('base');
});

test('gives up after twenty revisions of its own', async () => {
  const failed = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [9 + index, { definition: cpu('2048'), tags: ours }]));
  const { described, registered, run } = given({ latest: { 8: { definition: cpu('512'), tags: [] }, ...failed } });

  await run();

  expect(described).toHaveLength(21);
  expect(registered).toMatchObject([{ cpu: '256' }]);
});

test('rejects a newest revision without the container', async () => {
  const { registered, run } = given({ latest: { 8: { definition: cpu('512', [{ name: 'web', image: 'nginx:1' }]), tags: [] } } });

  expect(await run()).toMatchObject({ action: 'finish', result: { outcome: 'FAILED', reason: 'INVALID_SERVICE' } });
  expect(registered).toEqual([]);
});

test('the container of the newest revision gets the image in place of any other, and a new sidecar stays', async () => {
  const { registered, run } = given({
    latest: {
      8: {
        definition: cpu('512', [
          { name: 'tracer', image: 'tracer:1' },
          { ...app, image: 'placeholder:1' },
        ]),
        tags: [],
      },
    },
  });

  await run();

  expect(registered).toMatchObject([
    {
      containerDefinitions: [
        { name: 'tracer', image: 'tracer:1' },
        { name: 'app', image: `${registry}/my-learn-app@${digest}` },
      ],
    },
  ]);
});
