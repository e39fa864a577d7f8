import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { reach } from '../core/policy/tag-policy.js';
import type { Behaviour } from '../emulator/ecr/api.js';
import { exampleTag, firstBuild, firstImage, push } from './example.js';
import { type LocalStack, startLocalStack } from './local-stack.js';
import { type Row, resultTable, rowOf, withoutRepetition } from './result-table.js';
import type { Terminal } from './terminal.js';
import { watch } from './watch.js';

export type DemoOptions = { readonly json: boolean; readonly verbose: boolean; readonly config: string };

/** One part of the demo: an action, and the expected outcome of the execution that it starts. */
type Scene = {
  readonly title: string;
  readonly expected: string;
  readonly showsMessage?: boolean;
  readonly act: () => Promise<unknown>;
};

/** The scenes, for the first configured repository and its last service. */
const scenesOf = (stack: LocalStack): Scene[] => {
  const [repository] = Object.values(stack.configuration.repositories);
  if (!repository) return [];
  const { name, stages } = repository;
  const initial = firstImage(repository);
  const second = exampleTag(repository, firstBuild + 1);
  const third = exampleTag(repository, firstBuild + 2);
  const service = stages.at(-1)?.services.at(-1)?.service ?? '';
  // Where every tag is deployed, an image without one is not.
  const skipped = stages.some((stage) => reach(repository, stage, 'feature-x').isReached) ? '' : 'feature-x';
  const pushed = (tag: string, behaviour: Behaviour, revision: string) => push(stack.emulator, tag, behaviour, revision, name);
  const startDeployment = () => {
    const input = { service, image: stack.imageUri(initial), by: 'ada', reason: `${second} writes too many logs` };
    const start = new StartExecutionCommand({ stateMachineArn: stack.machine('deployment'), input: JSON.stringify(input) });
    return new SFNClient(stack.emulator.clientConfig()).send(start);
  };
  return [
    {
      title: `A healthy image is pushed: ${name}:${second}`,
      expected: 'SUCCEEDED',
      act: () => pushed(second, 'healthy', '7f3c2a9'),
    },
    {
      title: `An image that crashes on start is pushed: ${name}:${third}`,
      expected: 'ROLLED_BACK',
      showsMessage: true,
      act: () => pushed(third, 'crashes-on-start', 'b41e8d0'),
    },
    { title: `An operator starts a deployment: ${initial} to ${service}`, expected: 'SUCCEEDED', act: startDeployment },
    {
      title:
        skipped === ''
          ? `An image without a tag is pushed to ${name}`
          : `An image is pushed whose tag no pattern matches: ${name}:${skipped}`,
      expected: 'SKIPPED',
      act: () => pushed(skipped, 'healthy', '2c96f5e'),
    },
  ];
};

/**
 * A message without links to the console, which the emulated account does not have, and without the results' messages, which are
 * in the table at the end.
 */
const excerpt = (text: string, rows: readonly Row[]): string =>
  text
    .split('\n')
    .filter((line) => !/arn:aws|https:\/\/\S*console/.test(line))
    .filter((line) => !rows.some(({ message }) => message !== '' && line.includes(message)))
    .join('\n')
    .trimEnd();

/** Deploys four times. Resolves to whether each deployment had the expected outcome. */
export const demo = async ({ json, verbose, config }: DemoOptions, terminal: Terminal): Promise<boolean> => {
  const { print, colors } = terminal;
  const stack = await startLocalStack({ port: 0, configurationFile: config, progress: terminal.progress });
  terminal.endProgress();
  try {
    const all: Row[] = [];
    let isAsExpected = true;
    for (const [index, { title, expected, showsMessage = false, act }] of scenesOf(stack).entries()) {
      print(json ? JSON.stringify({ scene: title }) : `\n${colors.bold(`${index + 1}. ${title}`)}`);
      const before = stack.states.executions().length;
      const rows = () =>
        stack.states
          .executions()
          .slice(before)
          .map((execution) => rowOf(stack.states, execution));
      const body = (text: string) => (showsMessage ? excerpt(text, rows()) : undefined);
      const end = watch(stack, terminal, { json, verbose, body });
      await act();
      await stack.runUntilIdle();
      end();
      isAsExpected &&= rows()[0]?.outcome === expected;
      all.push(...(json ? rows() : withoutRepetition(rows())));
    }
    if (json) for (const row of all) print(JSON.stringify({ result: row }));
    else print(`\n${resultTable(all, terminal)}`);
    return isAsExpected;
  } finally {
    await stack.close();
  }
};
