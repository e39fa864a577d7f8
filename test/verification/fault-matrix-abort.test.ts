import { abortedAfterFailingUpdate, abortedAfterUpdate, abortedBeforeUpdate } from '../../verification/fault-matrix/abort-scenarios.js';
import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import { twoStages } from '../../verification/fault-matrix/push-scenarios.js';

describe('a deployment is aborted before its update request: Slipway', () => defineTests(abortedBeforeUpdate, 4));
describe('a deployment is aborted after its update request: Slipway', () => defineTests(abortedAfterUpdate, 5));
describe('a deployment that fails is aborted after its update request: Slipway', () => defineTests(abortedAfterFailingUpdate, 6));
describe('a push goes through two stages: Slipway', () => defineTests(twoStages, 7));
