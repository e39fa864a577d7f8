import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

// Draws the state machines: `npm run docs:diagrams` writes docs/state-machines.md, and a test compares the page with them.

type State = {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: Machine;
};
type Machine = { readonly Comment?: string; readonly StartAt: string; readonly States: Readonly<Record<string, State>> };

const folder = 'statemachine';
export const diagramsPath = 'docs/state-machines.md';

/** The tags of CloudFormation become their text. */
const customTags = ['!Sub', '!GetAtt', '!Ref'].map((tag) => ({ tag, resolve: (text: string) => text }));

const readMachine = (file: string): Machine => parse(readFileSync(`${folder}/${file}`, 'utf8'), { customTags, merge: true }) as Machine;

/** Of a Task that waits until its task token is answered. */
const waitMark = '⏳';

/** The type of the state, and what it does apart from invoking a function. */
const kindOf = ({ Type, Resource = '' }: State): string => {
  if (Resource.includes('.waitForTaskToken')) return `${Type} ${waitMark}`;
  if (Resource.includes('states:startExecution')) return `${Type}, runs an execution`;
  return Type;
};

/** A JSONata condition in the fewest words: `{% $states.input = 'wait' %}` is `wait`. Mermaid ends a label at `:` and `;`. */
const shortCondition = (condition: string): string =>
  condition
    .replace(/^\{%\s*|\s*%\}$/g, '')
    .replace(/\$states\.input(?: =| in)? /g, '')
    .replace(/\$(?:\w+\.)*(\w+)/g, '$1')
    .replace(/\s*<= /g, ' at most ')
    .replace(/\s*>= /g, ' at least ')
    .replace(/\s*< /g, ' below ')
    .replace(/\s*> /g, ' above ')
    .replace(/ (?:=|in) /g, ' is ')
    .replace(/['"[\]]/g, '')
    .replace(/[:;]/g, ' ')
    .trim();

/** Is it the name of a decision that a Task that waits answers by an error, and not a failure? */
const isDecision = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }): boolean =>
  ErrorEquals.every((error) => error !== 'Woken' && !error.startsWith('States.'));

/** Where a state leads, each with its labels: the choices that lead there, and errors if the same arrow stands for them. */
const transitionsOf = (name: string, { Next, Default, Choices = [], Catch = [] }: State): Map<string, string[]> => {
  const labels = new Map<string, string[]>();
  const add = (next: string, ...more: string[]) => labels.set(next, [...(labels.get(next) ?? []), ...more]);
  for (const choice of Choices) add(choice.Next, shortCondition(choice.Condition));
  if (Default) add(Default, 'otherwise');
  const decisions = Catch.filter((caught) => isDecision(caught) && caught.Next !== name);
  if (Next) add(Next, ...(decisions.some((one) => one.Next === Next) ? ['on success'] : []));
  if (Next && Catch.some((caught) => caught.Next === Next && !isDecision(caught))) add(Next, 'also after an error');
  for (const decision of decisions) add(decision.Next, ...decision.ErrorEquals);
  return labels;
};

/**
 * The arrows of errors, by target, that no other arrow of the same state stands for; none for an error that leads back to its state,
 * as what wakes it does, and its safety net. A name alone stands for every error.
 */
const caughtBy = (states: Machine['States']): Map<string, string[]> => {
  const sources = new Map<string, string[]>();
  for (const [name, { Next, Catch: all = [] }] of Object.entries(states)) {
    const Catch = all.filter((caught) => !isDecision(caught));
    for (const target of new Set(Catch.map((caught) => caught.Next).filter((next) => next !== Next && next !== name))) {
      const errors = Catch.filter((caught) => caught.Next === target).flatMap(({ ErrorEquals }) => ErrorEquals);
      sources.set(target, [...(sources.get(target) ?? []), errors.includes('States.ALL') ? name : `${name} (${errors.join(', ')})`]);
    }
  }
  return sources;
};

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

const stateLines = (name: string, state: State): string[] =>
  state.ItemProcessor
    ? [`state "${name} (${kindOf(state)})" as ${name} {`, ...indent(machineLines(state.ItemProcessor)), '}']
    : [`${name}: ${name}`, `${name}: ${kindOf(state)}`];

const transitionLines = (name: string, state: State): string[] => [
  ...[...transitionsOf(name, state)].map(([next, labels]) => `${name} --> ${next}${labels.length > 0 ? `: ${labels.join(', ')}` : ''}`),
  ...(['Succeed', 'Fail'].includes(state.Type) ? [`${name} --> [*]`] : []),
];

/** Errors are an arrow if nothing else leads to the state, and a note if arrows would cross the diagram. */
const errorLines = (states: Machine['States']): string[] => {
  const reached = new Set(Object.entries(states).flatMap(([name, state]) => [...transitionsOf(name, state).keys()]));
  return [...caughtBy(states)].flatMap(([target, sources]) =>
    reached.has(target)
      ? [`note right of ${target}`, ...indent(['after an error in', ...sources]), 'end note']
      : sources.map((source) => `${source.replace(/ .*/, '')} --> ${target}: after an error`),
  );
};

const machineLines = ({ StartAt, States }: Machine): string[] => [
  ...Object.entries(States).flatMap(([name, state]) => stateLines(name, state)),
  `[*] --> ${StartAt}`,
  ...Object.entries(States).flatMap(([name, state]) => transitionLines(name, state)),
  ...errorLines(States),
];

const diagramOf = (file: string): string => {
  const machine = readMachine(file);
  return [
    `## ${file.replace('.asl.yml', '')}`,
    `${machine.Comment ?? ''}\nDefined in [${folder}/${file}](../${folder}/${file}).`,
    ['```mermaid', 'stateDiagram-v2', ...indent(machineLines(machine)), '```'].join('\n'),
  ].join('\n\n');
};

/** The text of docs/state-machines.md: a diagram for each file of statemachine/. */
export const stateDiagrams = (): string =>
  `${[
    '# State machines',
    'Written by `npm run docs:diagrams`. Change the machines, not this page.',
    'An arrow is a transition, and its label the condition. An error is one that is left after the retries; a note lists the\nstates whose errors lead to the state beside it.',
    `${waitMark} is a Task that waits until its task token is answered. If it is woken (\`Woken\`), or nothing has woken it for long\n(\`States.Timeout\`), or it decides to wait until another time (\`LookAgain\`), it is entered again, which is not\ndrawn. Other names of errors on an arrow are decisions of such a Task, as the other labels are.`,
    ...readdirSync(folder)
      .filter((file) => file.endsWith('.asl.yml'))
      .toSorted()
      .toReversed()
      .map(diagramOf),
  ].join('\n\n')}\n`;

if (process.argv[1]?.replaceAll('\\', '/').endsWith('checks/state-diagrams.ts')) writeFileSync(diagramsPath, stateDiagrams());
