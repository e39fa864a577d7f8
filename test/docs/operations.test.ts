import { readFileSync } from 'node:fs';
import { operations, parseDeploymentInput } from '../../core/input/deployment-input.js';
import { reasonsByOutcome } from '../../core/result/result.js';
import { runbook } from '../../core/result/runbook.js';
import { anchors, blocks, pageNamed } from './pages.js';

const page = pageNamed('docs/operations.md');

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
const { Resources } = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as {
  Resources: Readonly<Record<string, Resource>>;
};

const named = (type: string, property: string): string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => String(Properties[property]).replace('slipway-dev-', 'slipway-prod-'));

/** What stands under a heading of this anchor, whatever its rank. */
const under = (anchor: string): string => {
  const parts = page.split(/^(?=#+ )/m);
  return parts.find((part) => anchors(part)[0] === anchor) ?? '';
};

test('every alarm that is packaged has a heading, and there is no heading for another', () => {
  const headings = [...page.matchAll(/^### `(slipway-prod-[\w-]+)`$/gm)].map(([, name = '']) => name);

  expect(headings.toSorted()).toEqual(named('AWS::CloudWatch::Alarm', 'AlarmName').toSorted());
});

test('every queue that takes dead letters, whoever puts them there, is read and emptied under its alarm', () => {
  const targets = JSON.stringify(Resources).matchAll(
    /"(?:deadLetterTargetArn|DeadLetterConfig|Destination)":(?:\{"Arn":)?\{"Fn::GetAtt":\["(\w+)"/g,
  );
  const queues = [...new Set([...targets].map(([, id = '']) => id))].map((id) =>
    String(Resources[id]?.Properties.QueueName).replace('slipway-dev-', 'slipway-prod-'),
  );

  expect(queues.toSorted()).toEqual(['slipway-prod-undelivered-messages', 'slipway-prod-undelivered-pushes']);
  for (const queue of queues) {
    expect(under(queue)).toMatch(/aws sqs receive-message|receive it as above/);
    expect(under(queue)).toMatch(/aws sqs (delete-message|start-message-move-task)/);
  }
});

describe.each(Object.entries(runbook))('a result of %s', (outcome, entries) => {
  test.each(Object.entries(entries))('with the entry %s has its heading', (_, { anchor, nextStep }) => {
    expect(anchors(page)).toContain(anchor);
    expect(nextStep.length).toBeLessThan(120);
  });

  test('has a heading for nothing else', () => {
    const section = page.split(/^### /m).find((part) => part.startsWith(`${outcome}\n`)) ?? '';
    const headings = [...section.matchAll(/^#### (.*)$/gm)].map(([line]) => anchors(line)[0]);

    expect(headings.toSorted()).toEqual(
      Object.values(entries)
        .map(({ anchor }) => anchor)
        .toSorted(),
    );
  });
});

test('every reason that has an operator do something is explained', () => {
  const rows = [...under('what-each-reason-asks-for').matchAll(/^\| ([A-Z_]+) \| (.+) \|$/gm)].map(([, reason]) => reason);
  const { SUPERSEDED, FAILED, ROLLED_BACK, ROLLBACK_FAILED, UNKNOWN } = reasonsByOutcome;

  expect(rows.toSorted()).toEqual([...new Set([SUPERSEDED, FAILED, ROLLED_BACK, ROLLBACK_FAILED, UNKNOWN].flat())].toSorted());
});

test('every order that a person can give has an example', () => {
  const given = blocks(page, 'json').map((code) => JSON.parse(code) as Record<string, unknown>);
  const missing = [...operations, 'resume', 'force', 'by', 'reason', 'tag', 'digest'].filter(
    (order) => !given.some((input) => order in input) && !page.includes(`"${order}": `),
  );

  expect(missing).toEqual([]);
  expect(operations.filter((order) => !given.some((input) => order in input))).toEqual([]);
  expect(given.filter((input) => 'hold' in input).map((input) => parseDeploymentInput(input))).toMatchObject([
    { isOn: true },
    { isOn: false },
  ]);
});
