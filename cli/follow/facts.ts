import { imageName } from '../../core/image/image-name.js';
import { approvalText, startedBy } from '../../core/notification/wording.js';
import type { DeploymentView, ReleaseView, ServiceOfStage, StageView } from '../../core/query/answers.js';
import { clean } from '../render/clean.js';
import { evidenceLines } from '../render/evidence.js';
import { markOf, markOfResult, markOfStage, phaseText, progressText, resultText } from '../render/marks.js';
import type { Style } from '../render/style.js';
import { waitText } from '../render/wait.js';
import type { Seen } from './state.js';

/** What is known of one thing, by its name: its lines are printed whenever `state` changes. */
type Fact = { readonly of: string; readonly state: string; readonly lines: () => string[] };

/** States of facts that were printed. */
export type Known = ReadonlyMap<string, string>;

/**
 * The lines of a log for what has changed since: one for each event. `known` is what was printed before; it grows, as what is not in a
 * later view was printed all the same.
 */
export const newLines = (seen: Seen, style: Style, known: Known): { readonly lines: string[]; readonly known: Known } => {
  const facts = seen.kind === 'release' ? ofRelease(clean(seen.view), style) : ofDeployment(clean(seen.view), '', style);
  const fresh = facts.filter(({ of, state }) => known.get(of) !== state);
  return {
    lines: fresh.flatMap(({ lines }) => lines()),
    known: new Map([...known, ...fresh.map(({ of, state }) => [of, state] as const)]),
  };
};

const fact = (of: string, text: string): Fact => ({ of, state: text, lines: () => [text] });

const ofRelease = (release: ReleaseView, style: Style): Fact[] => {
  const { id, repository, tag, image, trigger, waiting, stages, approvals, warnings, consoleUrl } = release;
  const name = imageName(repository, image?.tag ?? tag, image?.digest);
  return [
    { of: `${id} begins`, state: id, lines: () => [`release of ${name} has begun, by ${startedBy(trigger)}: ${consoleUrl || id}`] },
    ...stages.flatMap((stage) => ofStage(stage, style)),
    ...approvals.map((approval) => fact(`approval ${approval.stage}`, `approved: ${approvalText(approval)}`)),
    ...(waiting
      ? [
          {
            of: 'wait',
            state: `${waiting.stage} ${waiting.for}`,
            lines: () => [`${markOf('waiting', style)} ${waitText(waiting, style.now)}`],
          },
        ]
      : []),
    ...warnings.map((warning) => fact(`warning ${warning}`, style.colors.yellow(warning))),
  ];
};

const stageText: Record<StageView['state'], string> = {
  ahead: '',
  waiting: '',
  running: 'begins',
  succeeded: 'has succeeded',
  skipped: 'is skipped',
  failed: 'has failed',
};

/** The end of a stage comes after those of its services, its beginning before. */
const ofStage = ({ name, state, before, services }: StageView, style: Style): Fact[] => {
  const text = stageText[state];
  const own = text === '' ? [] : [fact(`stage ${name}`, `${markOf(markOfStage[state], style)} stage ${name} ${text}`)];
  const others = [...(before ? [before] : []), ...services].flatMap((service) => ofService(service, style));
  return state === 'running' ? [...own, ...others] : [...others, ...own];
};

const ofService = ({ deployment, undo }: ServiceOfStage, style: Style): Fact[] => [
  ...(deployment ? ofDeployment(deployment, '', style) : []),
  ...(undo ? ofDeployment(undo, 'undone: ', style) : []),
];

const indent = '    ';

const ofDeployment = (view: DeploymentView, prefix: string, style: Style): Fact[] => {
  const { name, service, operation, phase, progress, result, rollback, beforeTask } = view;
  const title = `${prefix}${operation === 'beforeTask' ? 'before task, like ' : ''}${service}`;
  const state = result
    ? `${markOf(markOfResult(result), style)} ${title}: ${resultText(result, beforeTask && true)}`
    : `${markOf('moving', style)} ${title}: ${phaseText[phase]}${progress ? `  ${countsOf(view, style)}` : ''}`;
  const hasFailed = rollback !== undefined || (result !== undefined && result.outcome !== 'SUCCEEDED');
  const evidence = hasFailed ? evidenceLines(view, style, indent) : [];
  return [
    fact(name, state),
    // Counts of failed tasks grow; the log is what the reader needs, once.
    ...(evidence.length > 0
      ? [{ of: `${name} evidence`, state: `${view.log !== undefined} ${result !== undefined}`, lines: () => evidence }]
      : []),
  ];
};

const countsOf = ({ progress }: DeploymentView, style: Style): string => (progress ? progressText(progress, style) : '');
