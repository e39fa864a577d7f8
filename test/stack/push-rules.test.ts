import fc from 'fast-check';
import { PATTERN_LIMIT } from '../../stack/event-patterns.js';
import { pushRules } from '../../stack/push-rules.js';

type Pattern = { detail: { 'repository-name': string[] } };

const patternsFor = (repositories: string[]) =>
  Object.values(pushRules('dev', repositories))
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties }) => Properties.EventPattern as Pattern);

test('one rule matches successful pushes with a tag to the configured repositories', () => {
  expect(patternsFor(['app', 'team/proxy'])).toEqual([
    {
      source: ['aws.ecr'],
      'detail-type': ['ECR Image Action', 'ECR Replication Action', 'ECR Pull Through Cache Action'],
      detail: {
        'repository-name': ['app', 'team/proxy'],
        'image-tag': [{ exists: true }],
        $or: [{ 'action-type': ['PUSH', 'REPLICATE'], result: ['SUCCESS'] }, { 'sync-status': ['SUCCESS'] }],
      },
    },
  ]);
});

test('a pattern that would be too long is split, with every repository in one part', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{2,255}$/), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(names, (repositories) => {
      const patterns = patternsFor(repositories);

      expect(patterns.flatMap(({ detail }) => detail['repository-name'])).toEqual(repositories);
      for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(PATTERN_LIMIT);
    }),
  );
});

test('each of several rules may send undelivered pushes to the queue', () => {
  const rules = pushRules(
    'dev',
    Array.from({ length: 30 }, (_, index) => `repository-${index}-${'x'.repeat(100)}`),
  );

  expect(rules.UndeliveredPushesPolicy).toMatchObject({
    Properties: {
      PolicyDocument: {
        Statement: [
          {
            Condition: { ArnEquals: { 'aws:SourceArn': [{ 'Fn::GetAtt': ['PushRule1', 'Arn'] }, { 'Fn::GetAtt': ['PushRule2', 'Arn'] }] } },
          },
          { Effect: 'Deny' },
        ],
      },
    },
  });
});
