import { checkApi } from '../../../core/query/api.js';
import { parseQueryRequest } from '../../../core/query/parse-request.js';
import { digest } from '../given.js';

const image = { repository: 'my-learn-app', tag: 'v1' };

test.each<[string, object]>([
  ['without its version, as an operator types it', { query: 'status' }],
  ['of one service', { api: 1, query: 'status', service: 'production/web' }],
  ['of some services, without what ended', { query: 'status', services: ['production/web'], last: false }],
  ['of what is in progress', { query: 'progress' }],
  ['of a history', { query: 'history', repository: 'my-learn-app', limit: 100, next: 'abc' }],
  ['of a release by its name', { query: 'release', release: 'push-1' }],
  ['of a release by tag and digest', { query: 'release', ...image, digest }],
  ['by hand', { query: 'plan', ...image, byHand: true }],
  ['of a log', { query: 'log', service: 'production/web', lines: 200 }],
])('a request %s', (_, request) => {
  expect(parseQueryRequest(request)).toEqual({ api: 1, ...request });
});

test('a time in any form of ISO 8601 is one of UTC', () => {
  const request = { query: 'release', ...image, since: '2026-11-23T10:00:05+01:00' };

  expect(parseQueryRequest(request)).toMatchObject({ since: '2026-11-23T09:00:05.000Z' });
});

test.each<[string, unknown, string]>([
  ['no object', 'status', 'a string'],
  ['null', null, 'null'],
  ['nothing', {}, 'empty'],
  ['no query', { api: 1 }, '"query"'],
  ['a query that does not exist', { query: 'delete' }, 'installation, status'],
  ['a version that is no number', { api: 'one', query: 'status' }, '"api"'],
  ['a version between two', { api: 1.5, query: 'status' }, '"api"'],
  ['an unknown key', { query: 'status', repositry: 'x' }, 'did you mean "repository"?'],
  ['a key of every object', { query: 'status', constructor: 'x' }, 'constructor'],
  ['a repository and a service', { query: 'history', repository: 'a', service: 'b/c' }, 'both "repository" and "service"'],
  ['a service and some', { query: 'status', service: 'a/b', services: ['a/b'] }, 'both "service" and "services"'],
  ['none of the services', { query: 'status', services: [] }, 'expected 1 to 500 services'],
  ['too many services', { query: 'status', services: Array.from({ length: 501 }, (_, at) => `a/${at}`) }, 'expected 1 to 500 services'],
  ['a history of nothing', { query: 'history' }, 'neither "repository" nor "service"'],
  ['a limit of none', { query: 'history', repository: 'a', limit: 0 }, 'from 1 to 100'],
  ['too many lines', { query: 'log', service: 'a/b', lines: 201 }, 'from 1 to 200'],
  ['a release and an image', { query: 'release', release: 'x', tag: 'v1' }, 'both "release" and "tag"'],
  ['neither of them', { query: 'release' }, 'neither "release" nor "repository"'],
  ['an image without tag and digest', { query: 'release', repository: 'a' }, 'neither "tag" nor "digest"'],
  ['a plan of no image', { query: 'plan', repository: 'a' }, 'neither "tag" nor "digest"'],
  ['half a digest', { query: 'explain', repository: 'a', digest: 'sha256:abc' }, '64 hexadecimal digits'],
  ['a tag that ECR does not have', { query: 'explain', repository: 'a', tag: 'a b' }, 'a tag of ECR'],
  ['a day without a time', { query: 'release', ...image, since: '2026-11-23' }, 'a time such as'],
])('%s is rejected', (_, request, says) => {
  expect(() => parseQueryRequest(request)).toThrow(says);
});

test('a query that is almost right is named', () => {
  expect(() => parseQueryRequest({ query: 'sttus' })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', suggestion: 'status' }));
});

test('a secret in what is rejected is not repeated', () => {
  expect(() => parseQueryRequest({ query: 'status', password: 'hunter2' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});

describe('versions of the API', () => {
  const versions = { current: 4, oldest: 3 };

  test.each([3, 4])('%d is answered', (asked) => expect(() => checkApi(asked, versions)).not.toThrow());

  test('a command line that is older has to be updated', () => {
    expect(() => checkApi(2, versions)).toThrow(
      expect.objectContaining({ code: 'API_TOO_OLD', message: expect.stringContaining('update the command line') }),
    );
  });

  test('for one that is newer the stack has to be deployed', () => {
    expect(() => checkApi(5, versions)).toThrow(
      expect.objectContaining({ code: 'API_TOO_NEW', message: expect.stringContaining('deploy this version of the stack') }),
    );
  });

  test('are looked at before members that this version does not know', () => {
    expect(() => parseQueryRequest({ api: 2, query: 'another', more: 1 })).toThrow(expect.objectContaining({ code: 'API_TOO_NEW' }));
  });
});
