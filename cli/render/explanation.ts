import { imageName } from '../../core/image/image-name.js';
import type { Explanation } from '../../core/policy/explain.js';
import type { Answered, ExplainAnswer } from '../../core/query/answers.js';
import { clean } from './clean.js';
import { paragraph, sections, tableRows } from './layout.js';
import { type Mark, markOf, paintOf } from './marks.js';
import type { Style } from './style.js';

/** What the policy says of an image, by stage and service. `asked` names it for as long as there is none. */
export const explainLines = (answer: Answered<ExplainAnswer>, asked: string, style: Style): string[] => {
  const { image, explain } = clean(answer);
  const title = image ? imageName(image.repository, image.tag, image.digest) : clean(asked);
  return sections(
    [
      style.colors.bold(title),
      ...(image ? [] : paragraph('no such image is in the registry: the rules decide by the tag alone', style.width, '  ')),
    ],
    explanationLines(explain, style),
  );
};

/** Each service under its stage: whether it would be deployed, and the rule that decides. */
export const explanationLines = (explain: readonly Explanation[], style: Style): string[] => {
  const rows = explain.map((one) => rowOf(one, style));
  const aligned = tableRows(rows, style.width, '    ');
  return explain.flatMap((one, place) => [
    ...(one.stage !== undefined && one.stage !== explain[place - 1]?.stage ? [`  ${one.stage}`] : []),
    ...(aligned[place] ?? []),
  ]);
};

const rowOf = ({ service, isDeployed, code, message }: Explanation, style: Style): string[] => {
  const mark: Mark = isDeployed ? 'good' : code === 'ALREADY_RUNNING' ? 'good' : 'skipped';
  const said = isDeployed ? 'would be deployed' : code;
  return [`${markOf(mark, style)} ${service ?? 'not configured'}`, paintOf(mark, style.colors)(said), message];
};
