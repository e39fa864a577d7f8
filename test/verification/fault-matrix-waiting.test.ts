import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import {
  abortedBeforeLook,
  abortedHolder,
  abortedInQueue,
  abortedWhileWaiting,
  cancelBeforeUpdate,
  heldInQueue,
  lateRollBack,
  replacedInQueue,
  rollbackOfHolder,
} from '../../verification/fault-matrix/waiting-scenarios.js';
import { givenPackagedStack } from '../support/packaged-stack.js';

const oneService = () => givenPackagedStack('test/support/one-service.yml');

describe('a push replaces another one in the queue: Slipway', () => defineTests(replacedInQueue, 0, oneService));
describe('a service is held while a push waits for the lease: Slipway', () => defineTests(heldInQueue, 1, oneService));
describe('an operator rolls back what another deployment watches: Slipway', () => defineTests(rollbackOfHolder, 2));
describe('a deployment is cancelled while it waits for another rollout: Slipway', () => defineTests(cancelBeforeUpdate, 3));
describe('the holder of the lease is aborted: Slipway', () => defineTests(abortedHolder, 4));
describe('a deployment is aborted in the queue: Slipway', () => defineTests(abortedInQueue, 5));
describe('a deployment is aborted between its token and its look: Slipway', () => defineTests(abortedBeforeLook, 6));
describe('a deployment is aborted while it waits: Slipway', () => defineTests(abortedWhileWaiting, 7));
describe('RollBack runs once more when it is over: Slipway', () => defineTests(lateRollBack, 8));
