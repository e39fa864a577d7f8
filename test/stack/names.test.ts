import { stageIssue } from '../../stack/names.js';

const functions = ['notify', 'registerRevision'];

test('a stage may be as long as the longest name of a function allows', () => {
  expect(stageIssue('x'.repeat(39), { only: undefined, functions })).toBeUndefined();
  expect(stageIssue('x'.repeat(40), { only: undefined, functions: ['notify'] })).toBeUndefined();
  expect(stageIssue('feature-JIRA-1234-a-very-long-branch-name', { only: undefined, functions })).toBe(
    'stage is "feature-JIRA-1234-a-very-long-branch-name", and slipway-feature-JIRA-1234-a-very-long-branch-name-registerRevision ' +
      'has 66 characters of the 64 that Lambda allows; expected a stage of at most 39, like feature-JIRA-1234-a-very-long-branch-na',
  );
});

test('a stage that is cut does not end in a hyphen', () => {
  expect(stageIssue(`${'x'.repeat(38)}-xx`, { only: undefined, functions })).toMatch(/ like x{38}$/);
});

test('a file that names its stage has no other', () => {
  expect(stageIssue('prod', { only: 'prod', functions })).toBeUndefined();
  expect(stageIssue('dev', { only: 'prod', functions })).toBe(
    'stage is "dev"; expected prod, the stage of the file: a second stack would deploy the same services',
  );
});
