import { defineTests } from '../../verification/fault-matrix/define-tests.js';
import * as byHooks from '../../verification/fault-matrix/hook-scenarios.js';
import { stacks } from '../../verification/fault-matrix/stages.js';

describe('an image migrates and is verified: Slipway', () => defineTests(byHooks.hookedPush, 0, stacks.hooks));
describe('a migration fails: Slipway', () => defineTests(byHooks.failingMigration, 1, stacks.hooks));
describe('an operator cancels a migration: Slipway', () => defineTests(byHooks.cancelledMigration, 2, stacks.hooks));
describe('a deployment is aborted while its migration runs: Slipway', () => defineTests(byHooks.abortedMigration, 3, stacks.hooks));
describe('an alarm flaps during the bake: Slipway', () => defineTests(byHooks.alarmInBake, 4, stacks.hooks));
describe('a newer push comes during the bake: Slipway', () => defineTests(byHooks.pushInBake, 5, stacks.hooks));
describe('a deployment is aborted during its bake: Slipway', () => defineTests(byHooks.abortedBake, 6, stacks.hooks));
describe('tasks crash during the bake: Slipway', () => defineTests(byHooks.crashInBake, 7, stacks.hooks));
describe('a release waits for a scan: Slipway', () => defineTests(byHooks.scanned, 8, stacks.scan));
describe('a plan of a scanned image is asked for: Slipway', () => defineTests(byHooks.plannedScan, 9, stacks.scan));
describe('a stage migrates ahead of its services: Slipway', () => defineTests(byHooks.migratedStage, 10, stacks.migratedStage));
