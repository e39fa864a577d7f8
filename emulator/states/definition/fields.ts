/** What each type of state may have when its query language is JSONata (states-language.net, step-functions/latest/dg). */
const common = ['Type', 'Comment', 'QueryLanguage'];
const flow = ['Next', 'End'];
const fallible = ['Retry', 'Catch'];

export const stateFields: Readonly<Record<string, readonly string[]>> = {
  Pass: [...common, ...flow, 'Output', 'Assign'],
  Task: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Choice: [...common, 'Output', 'Assign', 'Choices', 'Default'],
  Wait: [...common, ...flow, 'Output', 'Assign', 'Seconds', 'Timestamp'],
  Succeed: [...common, 'Output'],
  Fail: [...common, 'Error', 'Cause'],
  Parallel: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Arguments', 'Branches'],
  Map: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Items', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
};

/** Fields that AWS has and the emulator lacks. */
export const fieldsNotEmulated: Readonly<Record<string, readonly string[]>> = {
  Task: ['Credentials'],
  Map: ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label', 'ToleratedFailureCount', 'ToleratedFailurePercentage'],
};

export const machineFields = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'QueryLanguage', 'Version'];
export const branchFields = ['Comment', 'StartAt', 'States'];
export const processorFields = [...branchFields, 'ProcessorConfig'];
export const choiceRuleFields = ['Comment', 'Condition', 'Next', 'Output', 'Assign'];
export const catcherFields = ['Comment', 'ErrorEquals', 'Next', 'Output', 'Assign'];
export const retrierFields = [
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];
