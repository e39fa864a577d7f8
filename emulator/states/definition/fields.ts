/** What each type of state may have (states-language.net, step-functions/latest/dg). */
const common = ['Type', 'Comment', 'QueryLanguage'];
const flow = ['Next', 'End'];
const fallible = ['Retry', 'Catch'];

/** In the order in which AWS lists the types. */
export const stateFields: Readonly<Record<string, readonly string[]>> = {
  Task: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Wait: [...common, ...flow, 'Output', 'Assign', 'Seconds', 'Timestamp'],
  Pass: [...common, ...flow, 'Output', 'Assign'],
  Succeed: [...common, 'Output'],
  Fail: [...common, 'Error', 'Cause'],
  Choice: [...common, 'Output', 'Assign', 'Choices', 'Default'],
  Parallel: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Arguments', 'Branches'],
  Map: [...common, ...flow, ...fallible, 'Output', 'Assign', 'Items', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
};

/** Those that only JSONata has. */
export const jsonataFields = ['Output', 'Arguments', 'Items'];

/** Those that only JSONPath has: the emulator evaluates no paths, and runs JSONPath states that have none. */
export const jsonPathFields = [
  ...['InputPath', 'OutputPath', 'ResultPath', 'Parameters', 'ResultSelector', 'Result', 'SecondsPath', 'TimestampPath'],
  ...['TimeoutSecondsPath', 'HeartbeatSecondsPath', 'ErrorPath', 'CausePath'],
];

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
