import { loadSteps } from '../../stack/steps.js';
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
const permitted = async (): Promise<Calls> =>
  Object.fromEntries(
    (await loadSteps()).flatMap(({ key, permissions }) => {
      const actions = permissions.flatMap(({ allow }) => allow).map((action) => action.replace(':', '.'));
      const own = [...new Set(actions)].filter((action) => !notItsOwn.includes(action)).sort();
      return own.length > 0 ? [[key, own]] : [];
    }),
  );

test('everything that a function may call is tried with everything that can go wrong', async () => {
  const tried = allOf([...Object.values(byHand), ...Object.values(byPush), ...Object.values(deaths)]);

  expect(Object.fromEntries(Object.entries(tried).filter(([name]) => !isMachine(name)))).toEqual(await permitted());
});
