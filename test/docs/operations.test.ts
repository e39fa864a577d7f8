import { readFileSync } from 'node:fs';
import { parseControlInput } from '../../core/input/control-input.js';
import { decisions } from '../../core/input/decide-input.js';
import { operations } from '../../core/input/deployment-input.js';
import { reasonsByOutcome } from '../../core/result/result.js';
import { runbook } from '../../core/result/runbook.js';
import { startedAt } from '../core/given.js';
import { anchors, blocks, inputs, pageNamed } from './pages.js';

const page = pageNamed('docs/operations.md');

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
const { Resources } = JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')) as {
  Resources: Readonly<Record<string, Resource>>;
};

const named = (type: string, property: string): string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => String(Properties[property]).replace('slipway-dev-', 'slipway-prod-'));

/** The text under a heading of any level, up to the next heading. */
const under = (anchor: string): string => {
  const parts = page.split(/^(?=#+ )/m);
  return parts.find((part) => anchors(part)[0] === anchor) ?? '';
};

test('exactly the alarms that are packaged have a heading', () => {
  const headings = [...page.matchAll(/^### `(slipway-prod-[\w-]+)`$/gm)].map(([, name = '']) => name);

  expect(headings.toSorted()).toEqual(named('AWS::CloudWatch::Alarm', 'AlarmName').toSorted());
});

test('every queue of dead letters is read and emptied under its alarm', () => {
  const targets = JSON.stringify(Resources).matchAll(
    /"(?:deadLetterTargetArn|DeadLetterConfig|Destination)":(?:\{"Arn":)?\{"Fn::GetAtt":\["(\w+)"/g,
  );
  const queues = [...new Set([...targets].map(([, id = '']) => id))].map((id) =>
    String(Resources[id]?.Properties.QueueName).replace('slipway-dev-', 'slipway-prod-'),
  );

  expect(queues.toSorted()).toEqual([
    'slipway-prod-undelivered-messages',
    'slipway-prod-undelivered-pushes',
    'slipway-prod-unhandled-events',
  ]);
  for (const queue of queues) {
    expect(under(queue)).toMatch(/aws sqs receive-message|receive it as above/);
    expect(under(queue)).toMatch(/aws sqs (delete-message|purge-queue|start-message-move-task)/);
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

// Their reasons are explained where another outcome has the same ones.
const explainedElsewhere = { PARTIAL: 'SKIPPED', ROLLBACK_FAILED: 'ROLLED_BACK' } as const;

test.each(Object.entries(explainedElsewhere))('%s refers to the reasons of %s', (outcome, other) => {
  expect(under(outcome.toLowerCase())).toContain(`[${other}](#${other.toLowerCase()})`);
  expect(reasonsByOutcome[outcome as keyof typeof explainedElsewhere]).toEqual(reasonsByOutcome[other]);
});

test.each(Object.entries(reasonsByOutcome).filter(([outcome]) => !(outcome in explainedElsewhere)))(
  '%s has a table of its reasons: when each is used, and what to do',
  (outcome, reasons) => {
    const rows = [...under(outcome.toLowerCase()).matchAll(/^\| ([A-Z_]+) \| .+ \| .+ \|$/gm)].map(([, reason]) => reason);

    expect(rows).toEqual(reasons);
  },
);

test('opens with seven commands that can be pasted', () => {
  const [, first = ''] = page.split(/^## /m);
  const commands = first.split(/^### /m).slice(1);

  expect(commands).toHaveLength(7);
  for (const command of commands) expect(blocks(command, 'sh')[0]).not.toContain('<');
});

test('every command has an example for one service, and holds one for all', () => {
  const given = inputs(page).filter((input) => 'command' in input && !decisions.some((one) => one === input.command));

  expect(given.map((input) => parseControlInput(input, startedAt))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ command: 'hold', service: 'production/web' }),
      expect.objectContaining({ command: 'hold', service: '*' }),
      expect.objectContaining({ command: 'unhold', service: '*' }),
      expect.objectContaining({ command: 'cancel', service: 'production/web' }),
    ]),
  );
});

test('every operation of the deployment machine has an example', () => {
  const given = inputs(page);
  const members = [...operations, 'resume', 'force', 'by', 'reason', 'tag', 'digest'];

  expect(members.filter((member) => !given.some((input) => member in input))).toEqual([]);
});
