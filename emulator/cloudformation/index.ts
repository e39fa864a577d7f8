import type { EmulatedAccount } from '../emulated-account.js';
import { describeStackEvents } from './operations/describe-stack-events.js';
import { describeStacks } from './operations/describe-stacks.js';
import { listStackResources } from './operations/list-stack-resources.js';

/** CloudFormation's requests read what `Emulator.deploy` deployed. */
export const createCloudFormation = (account: EmulatedAccount): void => {
  account.add([describeStacks, listStackResources, describeStackEvents]);
};
