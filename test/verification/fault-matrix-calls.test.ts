import { loadSteps } from '../../stack/steps.js';
import * as byAbort from '../../verification/fault-matrix/abort-scenarios.js';
import { allOf, type Calls, isMachine } from '../../verification/fault-matrix/calls.js';
import * as byControl from '../../verification/fault-matrix/control-scenarios.js';
import * as byHooks from '../../verification/fault-matrix/hook-scenarios.js';
import * as byOperator from '../../verification/fault-matrix/operator-scenarios.js';
import * as byPush from '../../verification/fault-matrix/push-scenarios.js';
import * as byRelease from '../../verification/fault-matrix/release-scenarios.js';
import * as byWaiting from '../../verification/fault-matrix/waiting-scenarios.js';

// Permissions that another call needs, or calls that Lambda makes for event sources, dead-letter queues and network interfaces.
const madeByOthers = [
  'ec2.AssignPrivateIpAddresses',
  'ec2.CreateNetworkInterface',
  'ec2.DeleteNetworkInterface',
  'ec2.DescribeNetworkInterfaces',
  'ec2.DescribeSubnets',
  'ec2.UnassignPrivateIpAddresses',
  'ecs.TagResource',
  'iam.PassRole',
  'inspector2.ListCoverage',
  'inspector2.ListFindings',
  'sqs.DeleteMessage',
  'sqs.GetQueueAttributes',
  'sqs.ReceiveMessage',
  'sqs.SendMessage',
];

// An alarm while a rollout has failed, whose event was lost; and a service that is gone, to which no next image is deployed.
const rare: Calls = { handleAlarmEvent: ['states.SendTaskSuccess'], verify: ['ecs.ListServiceDeployments'] };

/** The calls that IAM permits to each function. IAM is enforced, so there are no others. */
const permitted = async (): Promise<Calls> =>
  Object.fromEntries(
    (await loadSteps()).flatMap(({ key, permissions }) => {
      const actions = permissions.flatMap(({ allow }) => allow).map((action) => action.replace(':', '.'));
      const others = [...madeByOthers, ...(rare[key] ?? [])];
      const own = [...new Set(actions)].filter((action) => !others.includes(action)).sort();
      return own.length > 0 ? [[key, own]] : [];
    }),
  );

test('the fault matrix tests every call that a function may make', async () => {
  const tested = allOf(
    [byOperator, byControl, byPush, byAbort, byWaiting, byRelease, byHooks].flatMap<{ calls: Calls }>((scenarios) =>
      Object.values(scenarios),
    ),
  );

  expect(Object.fromEntries(Object.entries(tested).filter(([name, calls]) => !isMachine(name) && calls.length > 0))).toEqual(
    await permitted(),
  );
});
