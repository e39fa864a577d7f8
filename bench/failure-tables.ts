import { median } from './median.js';
import { table } from './table.js';
import { type Row, sizes, type Trials, watchers } from './trials.js';

const times = (row: Row): number[][] => row.bySize.map((each) => each.flatMap(({ seconds }) => seconds ?? []));

/** `34 (31–44)`: the median, the fastest and the slowest; `never` if it happened in no trial. */
const spread = (seconds: readonly number[], trials: number): string => {
  if (seconds.length === 0) return 'never';
  const [middle, least, most] = [median(seconds), Math.min(...seconds), Math.max(...seconds)].map((value) => Math.round(value));
  const rest = seconds.length < trials ? `, never in ${trials - seconds.length} of ${trials}` : '';
  return `${middle}${least === most ? '' : ` (${least}–${most})`}${rest}`;
};

/** What was reported, with the service sizes where it differs. */
const sayings = ({ bySize }: Row): string => {
  const all = [...new Set(bySize.flat().map(({ says }) => says))];
  if (all.length === 1) return all[0] ?? '';
  return all
    .map((words) => `${words} (${sizes.filter((_, index) => bySize[index]?.some(({ says }) => says === words)).join(', ')})`)
    .join('; ');
};

const truth = ({ bySize }: Row): string => {
  const all = bySize.flat();
  const right = all.filter(({ isTrue }) => isTrue).length;
  if (right === all.length) return 'yes';
  return right === 0 ? 'no' : `in ${right} of ${all.length}`;
};

const head = (who: string, when: string): string[] => [
  'broken image',
  who,
  ...sizes.map((tasks, index) => `${index === 0 ? `${when}, s: ` : ''}${tasks} task${tasks === 1 ? '' : 's'}`),
  'says at the end',
  'true',
];

const detailed = (rows: readonly Row[], who: string, when: string): string =>
  table(
    head(who, when),
    rows.map((row) => [
      row.image,
      row.who,
      ...times(row).map((seconds, index) => spread(seconds, row.bySize[index]?.length ?? 0)),
      sayings(row),
      truth(row),
    ]),
  );

/** Slipway and the circuit breaker: when each stops the rollout, and what it reports. */
export const guardTable = ({ guards }: Trials): string => detailed(guards, 'who watches', 'acted on after');

/** Waiters: when each returns, and what it reports. */
export const waiterTable = ({ waiters }: Trials): string => detailed(waiters, 'who waits', 'said after');

/** `105 / 40 / 34 / 34 s` */
const medians = (row: Row | undefined): string => {
  const each = (row ? times(row) : []).map((seconds) => (seconds.length === 0 ? 'never' : String(Math.round(median(seconds)))));
  const distinct = [...new Set(each)];
  const text = distinct.length === 1 ? (distinct[0] ?? '') : each.join(' / ');
  return text === 'never' ? text : `${text} s`;
};

/** The medians, for the README. */
export const failureSummary = ({ guards, waiters }: Trials): string => {
  const images = [...new Set(guards.map(({ image }) => image))];
  const row = (image: string, who: string) => [...guards, ...waiters].find((one) => one.image === image && one.who === who);
  const said = (image: string, who: string): string => {
    const found = row(image, who);
    return found ? `${sayings(found).replace(/ \(exit \d+\)/g, '')}, after ${medians(found)}` : '';
  };
  return table(
    ['broken image', watchers.slipway, watchers.both, watchers.breaker, `${watchers.cliWithBreaker}: says`, 'circuit breaker off: says'],
    images.map((image) => [
      image,
      ...[watchers.slipway, watchers.both, watchers.breaker].map((who) => medians(row(image, who))),
      said(image, watchers.cliWithBreaker),
      said(image, watchers.cli),
    ]),
  );
};

/** Looks and seconds from the event of the failed task that reaches the limit to our StopServiceDeployment. */
export const reactionSummary = ({ slipway }: Trials): string => {
  const ours = slipway.flatMap(({ looks, lag }) => (looks === undefined || lag === undefined ? [] : [{ looks, lag }]));
  const counts = [...new Set(ours.map(({ looks }) => looks))].sort((one, other) => one - other);
  const shares = counts.map((count) => `${count} in ${ours.filter(({ looks }) => looks === count).length}`).join(', ');
  const longest = Math.max(...ours.map(({ lag }) => lag));
  return `Slipway stopped the rollout first in ${ours.length} of ${slipway.length} trials. Looks between the event of the failed task that
reached the limit and StopServiceDeployment: ${shares} trials. Seconds: ${median(ours.map(({ lag }) => lag)).toFixed(1)} (median), ${longest.toFixed(1)} at most.`;
};

/** State transitions of deployments that end ROLLED_BACK, without the one of each look. */
export const rolledBackTransitions = ({ slipway }: Trials): string => {
  const distinct = (isOurs: boolean): string => {
    const all = slipway.filter(({ isStoppedByUs }) => isStoppedByUs === isOurs).map(({ transitions }) => transitions);
    return [...new Set(all)].sort((one, other) => one - other).join(' or ');
  };
  const [byEcs, bySlipway] = [distinct(false), distinct(true)];
  return [...(byEcs === '' ? [] : [`${byEcs} if ECS`]), ...(bySlipway === '' ? [] : [`${bySlipway} if Slipway stops it`])].join(', ');
};
