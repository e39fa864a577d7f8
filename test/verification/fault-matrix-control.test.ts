import { cancel, expiredHold, hold, keptBack, unhold } from '../../verification/fault-matrix/control-scenarios.js';
import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import { givenPackagedStack } from '../support/packaged-stack.js';

const oneService = () => givenPackagedStack('test/support/one-service.yml');

describe('an operator holds a service: Slipway', () => defineTests(hold, 0));
describe('an operator releases a hold that kept a push back: Slipway', () => defineTests(unhold, 1, oneService));
describe('the time of a hold that kept a push back passes: Slipway', () => defineTests(expiredHold, 2, oneService));
describe('a push arrives during a hold: Slipway', () => defineTests(keptBack, 3, oneService));
describe('an operator cancels a deployment: Slipway', () => defineTests(cancel, 4));
