import fc from 'fast-check';
import { executionName } from '../../../core/records/execution-name.js';

test('equal identities have equal names, others different ones', () => {
  expect(executionName(['production/web', 'resumes'], ['a', 'b'])).toBe(executionName(['production/web', 'resumes'], ['a', 'b']));
  expect(executionName(['app'], ['team/app'])).not.toBe(executionName(['app'], ['team-app']));
  expect(executionName(['production/web'], ['one'])).toMatch(/^production-web-[0-9a-f]{16}$/);
});

test('Step Functions accepts every name', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), fc.array(fc.string()), (words, identity) => {
      expect(executionName(words, identity)).toMatch(/^[0-9A-Za-z-]{1,80}$/);
    }),
  );
});
