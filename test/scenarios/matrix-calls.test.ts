import { permissions } from '../../stack/permissions.js';
import { readConfiguration } from '../../stack/read-configuration.js';
import * as byHand from '../support/matrix/by-hand.js';
import * as byPush from '../support/matrix/by-push.js';
import { allOf, type Calls, isMachine } from '../support/matrix/calls.js';
import * as deaths from '../support/matrix/deaths.js';

// Asked for by another call, or made by Lambda, which brings messages to a function and puts away what it could not do.
const notItsOwn = [
  'ecs.TagResource',
  'iam.PassRole',
  'sqs.DeleteMessage',
  'sqs.GetQueueAttributes',
  'sqs.ReceiveMessage',
  'sqs.SendMessage',
];

/** What each function may call: IAM is enforced, so there is nothing else that it does. */
const permitted = (): Calls =>
  Object.fromEntries(
    Object.entries(permissions({ stage: 'dev', configuration: readConfiguration('slipway.yml'), form: 'service' })).map(
      ([name, statements]) => {
        const actions = statements.flatMap(({ Action }) => Action).map((action) => action.replace(':', '.'));
        return [name, [...new Set(actions)].filter((action) => !notItsOwn.includes(action)).sort()];
      },
    ),
  );

test('everything that a function may call is tried with everything that can go wrong', () => {
  const tried = allOf([...Object.values(byHand), ...Object.values(byPush), ...Object.values(deaths)]);

  expect(Object.fromEntries(Object.entries(tried).filter(([name]) => !isMachine(name)))).toEqual(permitted());
});
