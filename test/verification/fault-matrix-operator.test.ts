import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import {
  crashing,
  failedByEcs,
  healthy,
  labelled,
  lateUpdate,
  lostUpdate,
  queued,
  rollbackByOperator,
  rolledBackByEcs,
  slackRateLimited,
} from '../../verification/fault-matrix/operator-scenarios.js';

describe('an operator deploys a healthy image: Slipway', () => defineTests(healthy, 0));
describe('an operator deploys an image that crashes: Slipway', () => defineTests(crashing, 1));
describe('ECS fails a rollout without a rollback: Slipway', () => defineTests(failedByEcs, 2));
describe('ECS rolls a deployment back by itself: Slipway', () => defineTests(rolledBackByEcs, 3));
describe('an operator rolls back: Slipway', () => defineTests(rollbackByOperator, 3));
describe('a deployment is queued behind another one: Slipway', () => defineTests(queued, 4));
describe('an update is lost before it reaches ECS: Slipway', () => defineTests(lostUpdate, 0));
describe('an update takes effect just before it is sent again: Slipway', () => defineTests(lateUpdate, 1));
describe('the commit of an image is only in its configuration: Slipway', () => defineTests(labelled, 2));
describe('Slack limits the rate of messages: Slipway', () => defineTests(slackRateLimited, 3));
