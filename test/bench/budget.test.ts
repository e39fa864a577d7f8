import { budgetOf, clientsIn, overBudget } from '../../bench/budget.js';

test.each([
  [0, 233_000, 82_000],
  [1, 233_000, 82_000],
  [2, 273_000, 94_000],
  [3, 313_000, 106_000],
])('with %d clients of the SDK a function may have %d bytes, %d gzipped', (clients, bytes, gzipped) => {
  expect(budgetOf(clients)).toEqual({ bytes, gzipped });
});

test('a function at its limits keeps to its budget', () => {
  expect(overBudget({ clients: 2, bytes: 273_000, gzipped: 94_000, ratio: 0.4 })).toEqual([]);
});

test('the limits that a function exceeds are listed', () => {
  expect(overBudget({ clients: 1, bytes: 233_001, gzipped: 82_001, ratio: 0.41 })).toEqual([
    'size over 233 KB',
    'gzipped over 82 KB',
    'import over 0.4 ×',
  ]);
  expect(overBudget({ clients: 3, bytes: 313_001, gzipped: 1, ratio: 0.1 })).toEqual(['size over 313 KB']);
});

test('a function without the SDK imports as long as its default bundle', () => {
  expect(overBudget({ clients: 0, bytes: 41_700, gzipped: 14_800, ratio: 1.02 })).toEqual([]);
});

test('a client counts if any of its code is in the bundle, once', () => {
  expect(
    clientsIn({
      'node_modules/@aws-sdk/client-ecs/dist-es/ECSClient.js': { bytesInOutput: 800 },
      'node_modules/@aws-sdk/client-ecs/dist-es/schemas/schemas_0.js': { bytesInOutput: 9_000 },
      'node_modules/@aws-sdk/client-dynamodb/dist-es/DynamoDBClient.js': { bytesInOutput: 800 },
      'node_modules/@aws-sdk/client-sts/dist-es/STSClient.js': { bytesInOutput: 0 },
      'node_modules/@aws-sdk/core/dist-es/index.js': { bytesInOutput: 10 },
    }),
  ).toEqual(['dynamodb', 'ecs']);
});
