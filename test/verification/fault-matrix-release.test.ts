import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import * as byRelease from '../../verification/fault-matrix/release-scenarios.js';
import { stacks } from '../../verification/fault-matrix/stages.js';

describe('a release waits for approval and gets it: Slipway', () => defineTests(byRelease.approved, 0, stacks.approval));
describe('a release waits for approval and is rejected: Slipway', () => defineTests(byRelease.rejected, 1, stacks.afterStaging));
describe('a release is cancelled at a gate: Slipway', () => defineTests(byRelease.cancelledAtGate, 2, stacks.approval));
describe('a request for approval is not answered: Slipway', () => defineTests(byRelease.unanswered, 3, stacks.approval));
describe('a newer release reaches a gate where one waits: Slipway', () => defineTests(byRelease.supersededAtGate, 4, stacks.approval));
describe('a release is aborted while it waits: Slipway', () => defineTests(byRelease.abortedAtGate, 5, stacks.approval));
describe('a release waits for a window: Slipway', () => defineTests(byRelease.outsideWindow, 6, stacks.window));
describe('a service fails, and its stage is rolled back: Slipway', () => defineTests(byRelease.oneFails, 7, stacks.rollBackAll));
describe('a deployment of a stage is aborted: Slipway', () => defineTests(byRelease.oneIsAborted, 8, stacks.rollBackAll));
describe('a release is rolled back by hand: Slipway', () => defineTests(byRelease.rolledBackByHand, 9, stacks.stop));
describe('a stage joins a release: Slipway', () => defineTests(byRelease.joined, 10, stacks.promotion));
describe('a stage is checked before it begins: Slipway', () => defineTests(byRelease.checked, 11, stacks.latest));
describe('the newest revision is copied: Slipway', () => defineTests(byRelease.copiesLatest, 0, stacks.latest));
describe('a plan is asked for: Slipway', () => defineTests(byRelease.planned, 1, stacks.latest));
describe('what ran is asked for: Slipway', () => defineTests(byRelease.asked, 1, stacks.latest));
