import { permissions } from '../../stack/permissions.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import * as byAbort from '../../verification/fault-matrix/abort-scenarios.js';
import { allOf, type Calls, isMachine } from '../../verification/fault-matrix/calls.js';
import * as byOperator from '../../verification/fault-matrix/operator-scenarios.js';
import * as byPush from '../../verification/fault-matrix/push-scenarios.js';

// Permissions that another call needs, or calls that Lambda makes for event sources and dead-letter queues.
const madeByOthers = [
  'ecs.TagResource',
  'iam.PassRole',
  'sqs.DeleteMessage',
  'sqs.GetQueueAttributes',
  'sqs.ReceiveMessage',
  'sqs.SendMessage',
];

/** The calls that IAM permits to each function. IAM is enforced, so there are no others. */
const permitted = (): Calls =>
  Object.fromEntries(
    Object.entries(permissions({ stage: 'dev', configuration: readConfiguration('slipway.yml'), form: 'service' })).map(
      ([name, statements]) => {
        const actions = statements.flatMap(({ Action }) => Action).map((action) => action.replace(':', '.'));
        return [name, [...new Set(actions)].filter((action) => !madeByOthers.includes(action)).sort()];
      },
    ),
  );

test('the fault matrix tests every call that a function may make', () => {
  const tested = allOf([...Object.values(byOperator), ...Object.values(byPush), ...Object.values(byAbort)]);

  expect(Object.fromEntries(Object.entries(tested).filter(([name]) => !isMachine(name)))).toEqual(permitted());
});
