import { abortedRelease } from '../../verification/fault-matrix/abort-scenarios.js';
import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import {
  crashingPush,
  externalChange,
  healthyPush,
  missedEvent,
  newStack,
  twoTags,
} from '../../verification/fault-matrix/push-scenarios.js';
import { givenPackagedStack } from '../support/packaged-stack.js';

const oneService = () => givenPackagedStack('test/support/one-service.yml');

describe('a healthy image is pushed: Slipway', () => defineTests(healthyPush, 5, oneService));
describe('an image that crashes is pushed: Slipway', () => defineTests(crashingPush, 6, oneService));
describe('one image is pushed under two tags: Slipway', () => defineTests(twoTags, 7, oneService));
describe('a stack has just been deployed: Slipway', () => defineTests(newStack, 1, oneService));
describe('the event of a push is lost: Slipway', () => defineTests(missedEvent, 8, oneService));
describe('the event of a push arrives after an external change: Slipway', () => defineTests(externalChange, 9, oneService));
describe('a release is aborted while its deployment runs: Slipway', () => defineTests(abortedRelease, 10, oneService));
