import { parseScanEvent } from '../../../core/input/scan-event.js';
import { digest } from '../given.js';

const basic = {
  version: '0',
  source: 'aws.ecr',
  'detail-type': 'ECR Image Scan',
  time: '2026-11-23T12:00:00Z',
  resources: ['arn:aws:ecr:eu-west-1:123456789012:repository/team/app'],
  detail: {
    'scan-status': 'COMPLETE',
    'repository-name': 'team/app',
    'finding-severity-counts': { CRITICAL: 10, MEDIUM: 9 },
    'image-digest': digest,
    'image-tags': [],
  },
};
const enhanced = {
  ...basic,
  source: 'aws.inspector2',
  'detail-type': 'Inspector2 Scan',
  detail: {
    ...basic.detail,
    'scan-status': 'INITIAL_SCAN_COMPLETE',
    'repository-name': 'arn:aws-eusc:ecr:eusc-de-east-1:123456789012:repository/team/app',
  },
};

test.each([
  ['basic', basic],
  ['enhanced', enhanced],
])('an event of %s scanning names the repository and the manifest', (_, event) => {
  expect(parseScanEvent(event)).toEqual({ repository: 'team/app', digest, time: '2026-11-23T12:00:00.000Z' });
});

test.each([
  ['of another service', { ...basic, source: 'aws.ecs' }],
  ['of another kind', { ...basic, 'detail-type': 'ECR Image Action' }],
  ['without a digest', { ...basic, detail: { ...basic.detail, 'image-digest': undefined } }],
  ['with the name of a repository in place of its ARN', { ...enhanced, detail: basic.detail }],
  ['at no time', { ...basic, time: 'now' }],
  ['that is none', 'COMPLETE'],
])('an event %s is none of a scan', (_, event) => {
  expect(parseScanEvent(event)).toBeUndefined();
});
