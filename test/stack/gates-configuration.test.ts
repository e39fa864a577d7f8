import { parseConfiguration } from '../../stack/read-configuration.js';
import { issuesIn, today, withRepository } from './given-configuration.js';

/** A file whose second stage, production, has this from line 6 on. */
const withGate = (...lines: string[]) =>
  withRepository(
    'tags: [v1]',
    'stages:',
    '  - {name: staging, services: [a/b]}',
    ...lines.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)),
    '    name: production',
    '    services: [a/c]',
  );
const productionOf = (text: string) => parseConfiguration(text, 'slipway.yml', today).repositories.app?.stages[1];

const hours = 'days: [mon], from: "09:00", to: "16:00", timezone: Europe/Berlin';

test('every setting of a stage is normalised', () => {
  const text = withGate(
    'tags: ["semver:^1.4"]',
    'requires: staging',
    'approval: {timeout: 3d, remindAfter: 90m}',
    'window: {days: [mon, fri], from: "22:00", to: "02:00", timezone: Europe/Berlin, outside: skip}',
    'freeze: [{from: "2026-12-20", to: "2027-01-03", reason: holidays}, {from: "2027-04-01", to: "2027-04-01", timezone: UTC}]',
    'parallel: 40',
    'onFailure: rollBackAll',
    'rollBackScope: release',
    'alarms: require',
  );

  expect(productionOf(text)).toEqual({
    name: 'production',
    services: [{ service: 'a/c', cluster: 'a', name: 'c', timeoutSeconds: 1800 }],
    tags: ['semver:^1.4'],
    requires: 'staging',
    approval: { timeoutSeconds: 259_200, remindAfterSeconds: 5400 },
    window: { days: ['mon', 'fri'], from: '22:00', to: '02:00', timezone: 'Europe/Berlin', outside: 'skip' },
    freeze: [
      { from: '2026-12-20', to: '2027-01-03', timezone: 'Europe/Berlin', reason: 'holidays' },
      { from: '2027-04-01', to: '2027-04-01', timezone: 'UTC' },
    ],
    parallel: 40,
    onFailure: 'rollBackAll',
    rollBackScope: 'release',
    alarms: 'require',
  });
});

test.each([
  ['true', { timeoutSeconds: 86_400, remindAfterSeconds: 43_200 }],
  ['{}', { timeoutSeconds: 86_400, remindAfterSeconds: 43_200 }],
  ['{timeout: 3h}', { timeoutSeconds: 10_800, remindAfterSeconds: 5400 }],
  ['{remindAfter: 23h}', { timeoutSeconds: 86_400, remindAfterSeconds: 82_800 }],
  ['false', undefined],
])('approval: %s has its defaults', (approval, expected) => {
  expect(productionOf(withGate(`approval: ${approval}`))?.approval).toEqual(expected);
});

test('tags may be in every stage instead of the repository, which may limit the waits of a release', () => {
  const text = withRepository(
    'maxWait: 20d',
    'stages:',
    '  - {name: staging, services: [a/b], tags: ["main-*"]}',
    '  - {name: production, services: [{service: a/c, base: latest}], tags: [/^v/], approval: {timeout: 20d}}',
  );

  expect(parseConfiguration(text, 'slipway.yml').repositories.app).toMatchObject({
    tags: [],
    maxWaitSeconds: 1_728_000,
    stages: [{ tags: ['main-*'] }, { tags: ['/^v/'], services: [{ base: 'latest' }] }],
  });
});

test('times of day and dates are the same without quotes', () => {
  const window = 'window: {days: [mon], from: 09:00, to: 24:00, timezone: UTC}';

  expect(productionOf(withGate(window, 'freeze: [{from: 2026-12-20, to: 2027-01-03}]'))).toMatchObject({
    window: { from: '09:00', to: '24:00' },
    freeze: [{ from: '2026-12-20', to: '2027-01-03' }],
  });
});

test('YAML 1.1 takes them for a number and a point in time: they need quotes there', () => {
  const gate = withGate('window: {days: [mon], from: 09:00, to: "16:00", timezone: UTC}', 'freeze: [{from: 2026-12-20, to: "2027-01-03"}]');

  expect(issuesIn(`%YAML 1.1\n---\n${gate}`)).toEqual([
    expect.stringMatching(/^slipway\.yml:8: .*window\.from is 09:00; expected .*; did you mean "09:00"\?$/),
    expect.stringMatching(/^slipway\.yml:9: .*freeze\[0\]\.from is 2026-12-20; expected .*; did you mean "2026-12-20"\?$/),
  ]);
});

const ZONE = 'a time zone of the IANA database, like Europe/Berlin or UTC';
const DATE = 'a date that exists, like "2026-12-20"';
const DAYS = 'mon, tue, wed, thu, fri, sat, sun';
const WAIT = 'a time from 1m to 90d, like 12h or 3d';

test.each([
  ['requires: production', 'requires is "production", the stage itself; expected an earlier stage: staging'],
  [
    'requires: stagin',
    'requires is "stagin", which is no stage of the repository; expected an earlier stage: staging; did you mean staging?',
  ],
  ['requires: qa', 'requires is "qa", which is no stage of the repository; expected an earlier stage: staging'],
  ['requires: a/b', 'requires is "a/b"; expected a name of at most 32 letters, digits, - and _'],
  ['rollBackScope: release', 'rollBackScope is "release" without onFailure: rollBackAll; expected both, or neither'],
  ['rollBackScope: all', 'rollBackScope is "all"; expected stage or release'],
  ['onFailure: rollback', 'onFailure is "rollback"; expected stop or rollBackAll; did you mean rollBackAll?'],
  ['alarms: required', 'alarms is "required"; expected warn or require; did you mean require?'],
  ['parallel: 41', 'parallel is 41; expected a whole number from 1 to 40'],
  ['parallel: 0', 'parallel is 0; expected a whole number from 1 to 40'],
  ['approval: "yes"', 'approval is "yes"; expected true, or the fields timeout and remindAfter; did you mean true?'],
  ['approval: {timout: 3h}', 'approval.timout is not known; expected timeout, remindAfter; did you mean timeout?'],
  ['approval: {timeout: 91d}', `approval.timeout is "91d"; expected ${WAIT}`],
  ['approval: {timeout: 24}', `approval.timeout is 24; expected ${WAIT}; did you mean 24h?`],
  ['approval: {remindAfter: "12"}', `approval.remindAfter is "12"; expected ${WAIT}; did you mean 12h?`],
  ['approval: {timeout: 720}', `approval.timeout is 720; expected ${WAIT}; did you mean 12h?`],
  ['approval: {timeout: 86400}', `approval.timeout is 86400; expected ${WAIT}; did you mean 24h?`],
  ['approval: {timeout: 48 hours}', `approval.timeout is "48 hours"; expected ${WAIT}; did you mean 2d?`],
  [
    'approval: {timeout: 15d}',
    'approval.timeout is "15d", longer than maxWait of the repository; expected a timeout of at most 14d, or a longer maxWait',
  ],
  ['approval: {timeout: 4h, remindAfter: 4h}', 'approval.remindAfter is "4h"; expected less than the timeout, 4h'],
  ['approval: {remindAfter: 1d}', 'approval.remindAfter is "1d"; expected less than the timeout, 24h'],
  [
    `window: {${hours.replace('16:00', '09:00')}}`,
    'window.to is "09:00", as is from: the window never opens; expected another time, or from "00:00" to "24:00" for the whole day',
  ],
  [`window: {${hours.replace('[mon]', '[]')}}`, `window.days is an empty list; expected a list of at least one of ${DAYS}`],
  [`window: {${hours.replace('[mon]', '[mon, tue, mon]')}}`, 'window.days[2] is "mon", as is days[0]; expected each day once'],
  [`window: {${hours.replace('[mon]', '[Monday]')}}`, `window.days[0] is "Monday"; expected one of ${DAYS}; did you mean mon?`],
  [
    `window: {${hours.replace('[mon]', 'mon-thu')}}`,
    `window.days is "mon-thu"; expected a list of at least one of ${DAYS}; did you mean [mon, tue, wed, thu]?`,
  ],
  ...(
    [
      ['9:00', '"9:00"', '09:00'],
      ['900', '900', '09:00'],
      ['4pm', '"4pm"', '16:00'],
      ['12 am', '"12 am"', '00:00'],
      ['"08:30:00"', '"08:30:00"', '08:30'],
      ['9h', '"9h"', '09:00'],
      ['24:00', '"24:00"'],
      ['noon', '"noon"'],
    ] as const
  ).map(([from, shown, meant]) => [
    `window: {${hours.replace('"09:00"', from)}}`,
    `window.from is ${shown}; expected a time from 00:00 to 23:59, like "09:00"${meant ? `; did you mean "${meant}"?` : ''}`,
  ]),
  [`window: {${hours.replace('16:00', '24:01')}}`, 'window.to is "24:01"; expected a time from 00:00 to 24:00, like "16:00"'],
  ...(
    [
      ['Europe/Berln', 'Europe/Berlin'],
      ['berlin', 'Europe/Berlin'],
      ['New York', 'America/New_York'],
      ['GMT', 'UTC'],
      ['Mars/Olympus'],
      // Node.js knows these, as those of one country.
      ['PST'],
      ['IST'],
      ['+02:00'],
    ] as const
  ).map(([zone, meant]) => [
    `window: {${hours.replace('Europe/Berlin', zone)}}`,
    `window.timezone is "${zone}"; expected ${ZONE}${meant ? `; did you mean ${meant}?` : ''}`,
  ]),
  [`window: {${hours}, outside: queue}`, 'window.outside is "queue"; expected wait or skip'],
  ['freeze: []', 'freeze is an empty list; expected a list of at least one freeze, each with from and to'],
  ['freeze: [{from: "2026-12-20"}]', `freeze[0].to is missing; expected ${DATE}`],
  ['freeze: [{from: "2026-02-30", to: "2027-01-03"}]', `freeze[0].from is "2026-02-30"; expected ${DATE}`],
  ['freeze: [{from: 20.12.2026, to: "2027-01-03"}]', `freeze[0].from is "20.12.2026"; expected ${DATE}; did you mean "2026-12-20"?`],
  ['freeze: [{from: 20261220, to: "2027-01-03"}]', `freeze[0].from is 20261220; expected ${DATE}; did you mean "2026-12-20"?`],
  [
    'freeze: [{from: "2026-12-20", to: "2026-12-19"}]',
    'freeze[0].to is "2026-12-19", before from, "2026-12-20"; expected that day or a later one',
  ],
  [
    'freeze: [{from: "2026-11-20", to: "2026-11-26"}]',
    'freeze[0].to is "2026-11-26", which is over: in UTC it is 2026-11-27; expected a later day, or the freeze taken out',
  ],
  [
    'freeze: [{from: "2026-11-27", to: "2026-11-27", timezone: Pacific/Kiritimati}]',
    'freeze[0].to is "2026-11-27", which is over: in Pacific/Kiritimati it is 2026-11-28; expected a later day, or the freeze taken out',
  ],
  ['freeze: [{from: "2026-12-20", to: "2027-01-03", timezone: Mars/Olympus}]', `freeze[0].timezone is "Mars/Olympus"; expected ${ZONE}`],
  ['tags: ["!*-arm64"]', 'tags only excludes; expected at least one pattern without !'],
  [
    'tags: ["semver:^1.x.y.z"]',
    'tags[0] is "semver:^1.x.y.z"; expected a range of npm\'s semver after the colon, like semver:^1.4 or semver:>=1.4 <3',
  ],
  ['tags: [/(/]', 'tags[0] is "/(/": missing closing ) at (; expected a regular expression of RE2'],
])('%s is refused', (gate, issue) => {
  expect(issuesIn(withGate(gate))).toEqual([`slipway.yml:6: repositories.app.stages[1].${issue}`]);
});

test('a freeze is not over on its last day', () => {
  expect(issuesIn(withGate('freeze: [{from: "2026-11-20", to: "2026-11-27"}]'))).toEqual(['']);
});

test('a stage cannot require one that comes later, nor the first one any', () => {
  const text = withRepository(
    'tags: [v1]',
    'stages:',
    '  - {name: staging, services: [a/b], requires: production}',
    '  - {name: production, services: [a/c]}',
  );

  expect(issuesIn(text)).toEqual([
    'slipway.yml:5: repositories.app.stages[0].requires is "production", which comes later; expected no requires in the first stage',
  ]);
});

test('a repository without tags needs them in each of its stages', () => {
  const text = withRepository(
    'stages:',
    '  - {name: staging, services: [a/b], tags: ["main-*"]}',
    '  - {name: production, services: [a/c]}',
  );

  expect(issuesIn(text)).toEqual([
    'slipway.yml:5: repositories.app.stages[1].tags is missing; expected a list of at least one pattern, like ["main-*", "semver:^1.4"], ' +
      'in the repository or in each of its stages',
  ]);
});

test.each([
  ['100d', ''],
  ['0d', ''],
  ['two weeks', ''],
  ['14 days', '; did you mean 14d?'],
])('maxWait: %s is refused', (maxWait, meant) => {
  expect(issuesIn(withRepository('tags: [v1]', `maxWait: ${maxWait}`, 'stages: [{name: only, services: [a/b]}]'))).toEqual([
    `slipway.yml:4: repositories.app.maxWait is "${maxWait}"; expected ${WAIT}${meant}`,
  ]);
});

test('the default timeout of an approval must fit into maxWait, too', () => {
  const text = withRepository('tags: [v1]', 'maxWait: 12h', 'stages: [{name: only, services: [a/b], approval: true}]');

  expect(issuesIn(text)).toEqual([
    'slipway.yml:5: repositories.app.stages[0].approval has the default timeout, 24h, longer than maxWait of the repository; ' +
      'expected a timeout of at most 12h, or a longer maxWait',
  ]);
});
