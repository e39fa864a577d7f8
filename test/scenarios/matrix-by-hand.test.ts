import { brokenOff, crashing, givenUp, healthy } from '../support/matrix/by-hand.js';
import { tried } from '../support/matrix/matrix.js';

// Each call of each function with one fault, in turns. With every fault, which takes half an hour: MATRIX=all npx jest test/scenarios/matrix
describe('a healthy image that is deployed by hand', () => tried(healthy, 0));
describe('an image that crashes, deployed by hand', () => tried(crashing, 1));
describe('an image that crashes, which ECS gives up and leaves there,', () => tried(givenUp, 2));
describe('an image that crashes, which ECS takes back by itself,', () => tried(brokenOff, 3));
