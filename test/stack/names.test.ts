import { stageIssue } from '../../stack/names.js';

const services: string[] = [];
const functions = ['notify', 'registerRevision'];

test('a stage may be as long as the longest name of a function allows', () => {
  expect(stageIssue('x'.repeat(39), { only: undefined, functions, services })).toBeUndefined();
  expect(stageIssue('x'.repeat(40), { only: undefined, functions: ['notify'], services })).toBeUndefined();
  expect(stageIssue('feature-JIRA-1234-a-very-long-branch-name', { only: undefined, functions, services })).toBe(
    'stage is "feature-JIRA-1234-a-very-long-branch-name", and slipway-feature-JIRA-1234-a-very-long-branch-name-registerRevision ' +
      'has 66 characters of the 64 that Lambda allows; expected a stage of at most 39, like feature-JIRA-1234-a-very-long-branch-na',
  );
});

test('a stage that is cut does not end in a hyphen', () => {
  expect(stageIssue(`${'x'.repeat(38)}-xx`, { only: undefined, functions, services })).toMatch(/ like x{38}$/);
});

test('a file that names its stage has no other', () => {
  expect(stageIssue('prod', { only: 'prod', functions, services })).toBeUndefined();
  expect(stageIssue('dev', { only: 'prod', functions, services })).toBe(
    'stage is "dev"; expected prod, the stage of the file: a second stack would deploy the same services',
  );
});

test('a stage may be as long as the longest name of a service with a before task allows', () => {
  const of = (length: number) => ({ only: undefined, functions, services: ['web', 'x'.repeat(length)] });

  expect(stageIssue('y'.repeat(22), of(90))).toBeUndefined();
  expect(stageIssue('prod', of(108))).toBeUndefined();
  expect(stageIssue('prod', of(109))).toBe(
    `stage is "prod", and slipway-prod-before/${'x'.repeat(109)} has 129 characters of the 128 that Amazon ECS allows; ` +
      'expected a stage of at most 3, like pro',
  );
});
