import { type Packaged, packageStack } from '../../stack/package-stack.js';
import { crashingPush, healthyPush, newStack, overtaken, twoTags, unheardPush } from '../support/matrix/by-push.js';
import { deadRelease } from '../support/matrix/deaths.js';
import { tried } from '../support/matrix/matrix.js';

let packaged: Packaged;
beforeAll(() => {
  packaged = packageStack('test/support/one-service.yml');
}, 60_000);
afterAll(() => packaged.remove());
const oneService = () => packaged;

describe('a push of a healthy image', () => tried(healthyPush, 5, oneService));
describe('a push of an image that crashes', () => tried(crashingPush, 6, oneService));
describe('a push of one image under two tags', () => tried(twoTags, 7, oneService));
describe('a stack that has just been deployed', () => tried(newStack, 1, oneService));
describe('a push that nobody heard of', () => tried(unheardPush, 8, oneService));
describe('a push that is heard of after a person has deployed another image', () => tried(overtaken, 9, oneService));
describe('a release that is aborted with its deployment under way', () => tried(deadRelease, 10, oneService));
