import { digest, otherDigest } from '../core/given.js';
import { givenTable } from '../support/given-table.js';

const expiresAt = 1_900_000_000;

test('the stages in which a digest has succeeded are kept by repository and digest', async () => {
  const { passed } = givenTable();
  await passed.add('my-learn-app', digest, 'staging', expiresAt);
  await passed.add('my-learn-app', digest, 'production', expiresAt);
  await passed.add('my-learn-app', digest, 'staging', expiresAt);

  expect(await passed.of('my-learn-app', digest)).toEqual(new Set(['staging', 'production']));
  expect(await passed.of('my-learn-app', otherDigest)).toEqual(new Set());
  expect(await passed.of('my-proxy', digest)).toEqual(new Set());
});

test('an item expires as records do, counted from the last stage', async () => {
  const { passed, table } = givenTable();
  await passed.add('my-learn-app', digest, 'staging', expiresAt);
  await passed.add('my-learn-app', digest, 'production', expiresAt + 1);

  expect(await table.get({ pk: 'repository#my-learn-app', sk: `passed#${digest}` })).toMatchObject({ expiresAt: expiresAt + 1 });
});

test('a digest that was rolled back from stages has not succeeded there any more', async () => {
  const { passed } = givenTable();
  await passed.add('my-learn-app', digest, 'staging', expiresAt);
  await passed.add('my-learn-app', digest, 'production', expiresAt);

  await passed.remove('my-learn-app', digest, ['staging', 'live']);
  expect(await passed.of('my-learn-app', digest)).toEqual(new Set(['production']));
  await passed.remove('my-learn-app', digest, ['production']);
  expect(await passed.of('my-learn-app', digest)).toEqual(new Set());
  await passed.remove('my-learn-app', otherDigest, ['staging']);
  expect(await passed.of('my-learn-app', otherDigest)).toEqual(new Set());
});
