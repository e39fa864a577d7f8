import { diagnose } from '../../../core/doctor/diagnose.js';
import { lifecycleOf, rulesOf } from '../../../core/doctor/lifecycle-policy.js';
import { digest, facts, image, now, repository, where } from './given-facts.js';

const rule = (selection: object, rulePriority = 1, type = 'expire') => ({ rulePriority, selection, action: { type } });
const policy = (...rules: object[]) => JSON.stringify({ rules });

const expired = (text: string, images: Parameters<typeof lifecycleOf>[1]) =>
  [...lifecycleOf(rulesOf(text), images, now)].filter(([, { expires }]) => expires).map(([one]) => one);

const old = '2026-01-01T00:00:00Z';
const images = [image('a', ['main-3'], '2026-11-22T00:00:00Z'), image('b', ['main-2', 'v1'], old), image('c', [], old)];
const days = (countNumber: number) => ({ countType: 'sinceImagePushed', countUnit: 'days', countNumber });
const more = (countNumber: number) => ({ countType: 'imageCountMoreThan', countNumber });

test.each<[string, string, string[]]>([
  ['any image by count: the oldest', policy(rule({ tagStatus: 'any', ...more(1) })), ['b', 'c']],
  ['untagged images by age', policy(rule({ tagStatus: 'untagged', ...days(14) })), ['c']],
  ['tagged images by age', policy(rule({ tagStatus: 'tagged', tagPrefixList: ['main-'], ...days(14) })), ['b']],
  ['images with tags for every prefix', policy(rule({ tagStatus: 'tagged', tagPrefixList: ['main-', 'v'], ...more(0) })), ['b']],
  ['a pattern with a wildcard', policy(rule({ tagStatus: 'tagged', tagPatternList: ['*-3'], ...more(0) })), ['a']],
  ['a pattern is the whole tag', policy(rule({ tagStatus: 'tagged', tagPatternList: ['main'], ...more(0) })), []],
  [
    'an image that a rule of higher priority selects is left alone by the others',
    policy(rule({ tagStatus: 'any', ...more(0) }, 9), rule({ tagStatus: 'tagged', tagPrefixList: ['main-'], ...more(5) }, 1)),
    ['c'],
  ],
  ['an archive transition', policy(rule({ tagStatus: 'any', ...more(0) }, 1, 'transition')), []],
  ['by a time that is not the push', policy(rule({ tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 1 })), []],
])('%s', (_, text, letters) => {
  expect(expired(text, images)).toEqual(letters.map(digest));
});

const found = (lifecyclePolicy: string, deployed: string[] = []) =>
  diagnose(
    facts({
      repositories: new Map([
        [
          'shop',
          {
            value: repository({
              lifecyclePolicy: { value: lifecyclePolicy },
              images: { value: [image('a'), image('b', [], '2026-11-19T09:00:00Z')] },
            }),
          },
        ],
      ]),
      deployed: new Map([['production/web', deployed.map((letter) => ({ repository: 'shop', digest: digest(letter) }))]]),
    }),
    { where, own: { version: '1.0.0', schema: 2 }, now },
  );

test('a rule that expires the image to which a service would be rolled back is an error', () => {
  const untagged = policy(rule({ tagStatus: 'untagged', ...days(1) }));
  expect(found(untagged, ['a'])).toEqual([]);
  expect(found(untagged, ['a', 'b'])).toMatchObject([{ code: 'LIFECYCLE_EXPIRES', severity: 'error', subject: 'shop' }]);
  expect(found(untagged, ['a', 'b'])[0]?.message).toContain('production/web would be rolled back to');
});

test('a rule by age expires what runs on a day that is named', () => {
  const [finding] = found(policy(rule({ tagStatus: 'any', ...days(30) })));
  expect(finding).toMatchObject({ code: 'LIFECYCLE_BY_AGE', severity: 'warning' });
  expect(finding?.message).toContain('2026-12-20');
});

test('a rule that keeps as many images as Slipway remembers is no finding, one fewer is', () => {
  expect(found(policy(rule({ tagStatus: 'any', ...more(10) })))).toEqual([]);
  expect(found(policy(rule({ tagStatus: 'any', ...more(9) })))).toMatchObject([{ code: 'LIFECYCLE_KEEPS_FEW' }]);
});
