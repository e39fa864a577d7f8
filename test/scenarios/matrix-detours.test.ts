import { backByHand, inLine, labelled, lateUpdate, lostUpdate, slow } from '../support/matrix/by-hand.js';
import { twoStages } from '../support/matrix/by-push.js';
import { deadAfter, deadAfterCrash, deadBefore } from '../support/matrix/deaths.js';
import { tried } from '../support/matrix/matrix.js';

describe('a rollback by hand', () => tried(backByHand, 3));
describe('a deployment that waits in line for another one', () => tried(inLine, 4));
describe('an update that is lost on its way to ECS', () => tried(lostUpdate, 0));
describe('an update that comes to ECS when it is about to be sent again', () => tried(lateUpdate, 1));
describe('an image whose commit stands in its configuration', () => tried(labelled, 2));
describe('a message for which Slack asks for patience', () => tried(slow, 3));
describe('a deployment that is aborted before it has changed anything', () => tried(deadBefore, 4));
describe('a deployment that is aborted after it has changed its service', () => tried(deadAfter, 5));
describe('a deployment of an image that crashes, aborted after it has changed its service,', () => tried(deadAfterCrash, 6));
describe('a push that goes through two stages', () => tried(twoStages, 7));
