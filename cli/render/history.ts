import { imageName, shortName } from '../../core/image/image-name.js';
import { secondsBetween } from '../../core/notification/seconds-between.js';
import type { Answered, DeploymentSummary, History, ReleaseSummary } from '../../core/query/answers.js';
import { duration } from '../../core/result/moment.js';
import { isAlreadyRunning } from '../../core/result/result.js';
import { clean } from './clean.js';
import { toPaste } from './entry.js';
import { paragraph, sections, tableRows } from './layout.js';
import { type Mark, markOf, markOfResult, operationText, paintOf, phaseText, shortResultText } from './marks.js';
import type { Style } from './style.js';
import { relative } from './times.js';
import { waitText } from './wait.js';

/**
 * The newest first: two lines each, the second one with the ID that `slipway show` takes, and why it did not succeed. `words` are the
 * command that continues with older ones, but for where.
 */
export const historyLines = (answer: Answered<History>, words: readonly string[], style: Style): string[] => {
  const history = clean(answer);
  const entries =
    'releases' in history
      ? history.releases.map((one) => ofRelease(one, style))
      : history.deployments.map((one) => ofDeployment(one, style));
  const unreadable = (history.unreadable ?? []).flatMap((why) => paragraph(style.colors.yellow(`left out: ${why}`), style.width));
  if (entries.length + unreadable.length === 0 && history.next === undefined) return ['Nothing yet.'];
  const rows = tableRows(
    entries.map(({ mark, cells }) => [`${markOf(mark, style)} ${cells[0]}`, ...cells.slice(1)]),
    style.width,
  );
  const lines = entries.flatMap(({ id, message }, place) => [
    ...(rows[place] ?? []),
    ...(message === '' ? [] : paragraph(message, style.width, '  ')),
    `  ${style.colors.dim(id)}`,
  ]);
  const older = history.next === undefined ? [] : toPaste(style, ...words, '--next', history.next);
  return sections(lines, unreadable, older.length === 0 ? [] : ['Older ones:', ...older]);
};

type Entry = { readonly mark: Mark; readonly cells: readonly string[]; readonly id: string; readonly message: string };

const ofRelease = (release: ReleaseSummary, style: Style): Entry => {
  const { repository, tag, image, stage, waiting, isRollback, startedAt } = release;
  const name = image ? shortName(image) : (tag ?? repository);
  const now = waiting ? waitText(waiting, style.now) : stage === undefined ? 'begins' : `deploys ${stage}`;
  return entryOf(
    release,
    [relative(startedAt, style.now), `${isRollback ? 'rollback of ' : ''}${name}`],
    waiting ? 'waiting' : 'moving',
    now,
    style,
  );
};

const ofDeployment = (deployment: DeploymentSummary, style: Style): Entry => {
  const { image, operation, startedAt, phase } = deployment;
  const name = image ? imageName(image.repository, image.tag, image.digest) : operationText[operation];
  const what = operation === 'image' || !image ? name : `${name}, ${operationText[operation]}`;
  return entryOf(deployment, [relative(startedAt, style.now), what], phase === 'queued' ? 'waiting' : 'moving', phaseText[phase], style);
};

const entryOf = (
  { id, result, startedAt, endedAt }: Pick<ReleaseSummary, 'id' | 'result' | 'startedAt' | 'endedAt'>,
  cells: readonly string[],
  mark: Mark,
  now: string,
  { colors }: Style,
): Entry => {
  if (!result) return { mark, cells: [...cells, paintOf(mark, colors)(now)], id, message: '' };
  const of = markOfResult(result);
  const took = endedAt === undefined ? '' : `, ${duration(secondsBetween(startedAt, endedAt))}`;
  const message = result.outcome === 'SUCCEEDED' || isAlreadyRunning(result) ? '' : result.message;
  return { mark: of, cells: [...cells, `${paintOf(of, colors)(shortResultText(result))}${took}`], id, message };
};
