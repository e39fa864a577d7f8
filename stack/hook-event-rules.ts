import type { Configuration } from '../core/configuration/configuration.js';
import { scannedRepositories, verifyingAlarms } from '../core/configuration/hooks.js';
import type { Resources } from './cloudformation.js';
import { eventRules, ofAccount, type Rules } from './event-rules.js';

/** The rules of verifications and scans. There are none for what slipway.yml does not configure. */
export const hookEventRules = (stage: string, configuration: Configuration): Resources =>
  Object.fromEntries([
    ...eventRules(stage, verifyingAlarms(configuration), alarms),
    ...scans.flatMap((rules) => eventRules(stage, scannedRepositories(configuration), rules)),
  ]);

/** A composite alarm has the same event as a metric alarm (CloudWatch guide, "Alarm events and EventBridge"). */
const alarms: Rules = {
  id: 'AlarmRule',
  name: 'alarms',
  description: 'Wakes a deployment that is verified: an alarm of slipway.yml goes into ALARM.',
  target: 'handleAlarmEvent',
  // As in ecs-events.yml: the deployment has looked for itself by then.
  retry: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 1200 },
  patternOf: (names) => ({
    source: ['aws.cloudwatch'],
    ...ofAccount,
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: names, state: { value: ['ALARM'] } },
  }),
};

// A release waits for its scan without a look of its own until the time of slipway.yml is over.
const ofScans = {
  target: 'handleScanEvent',
  retry: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 6 * 3600 },
};

/** Basic and enhanced scanning have events of their own. Which of them a registry has is not known here, and may change. */
const scans: readonly Rules[] = [
  {
    ...ofScans,
    id: 'BasicScanRule',
    name: 'scans-basic',
    description: 'Wakes a release: Amazon ECR has scanned an image of slipway.yml.',
    patternOf: (names) => ({
      source: ['aws.ecr'],
      ...ofAccount,
      'detail-type': ['ECR Image Scan'],
      detail: { 'repository-name': names },
    }),
  },
  {
    ...ofScans,
    id: 'EnhancedScanRule',
    name: 'scans-enhanced',
    description: 'Wakes a release: Amazon Inspector has scanned an image of slipway.yml.',
    patternOf: (names) => ({
      source: ['aws.inspector2'],
      ...ofAccount,
      'detail-type': ['Inspector2 Scan'],
      // The ARN of the repository, here.
      detail: { 'repository-name': names.map((name) => ({ suffix: `:repository/${name}` })) },
    }),
  },
];
