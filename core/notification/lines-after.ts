import { slipwayCommand } from '../command-line/slipway-command.js';
import { nameOf } from '../records/execution-name.js';
import type { DeploymentRecord, ReleaseRecord } from '../records/records.js';
import type { Outcome, Reason, Result } from '../result/result.js';
import { byNeed, type Ended, lastResultOf } from './last-result.js';
import type { ToPaste } from './to-paste.js';

/** What helps after an outcome, for a service: verbs of the command line. Of other outcomes nothing is to be done. */
const verbs: Readonly<Partial<Record<Outcome, readonly (keyof typeof does)[]>>> = {
  UNKNOWN: ['status'],
  ROLLBACK_FAILED: ['logs', 'rollback'],
  ROLLED_BACK: ['logs'],
  FAILED: [],
  PARTIAL: [],
};

const does = {
  logs: 'see the log of',
  status: 'look at',
  rollback: 'roll back',
  deploy: 'start again',
} as const;

/** Releases that failed with these reasons are started again, as they were, once their cause is gone. */
const startedAgain: readonly Reason[] = ['PREFLIGHT', 'NOT_SCANNED', 'APPROVAL_TIMED_OUT', 'ABORTED', 'TIMED_OUT', 'AWS_ERROR'];

const isStartedAgain = ({ outcome, reason }: Result): boolean =>
  outcome === 'PARTIAL' || (outcome === 'FAILED' && startedAgain.includes(reason));

type Input = {
  readonly result: Result;
  readonly release?: ReleaseRecord | undefined;
  readonly deployments: readonly DeploymentRecord[];
};

/** What to paste into a shell after a release or a deployment has ended like this; nothing if it went well. */
export const linesAfter = (
  { result, release, deployments: [first] }: Input,
  services: readonly (Ended & { readonly service: string })[],
): ToPaste[] => {
  const own = release ?? first;
  if (!own || !verbs[result.outcome]) return [];
  const { execution } = own;
  const lineOf = (name: string) => (verb: keyof typeof does) => ({
    to: `${does[verb]} ${name}`,
    line: slipwayCommand([verb, name], execution),
  });
  const tag = release?.image?.tag ?? release?.tag;
  return [
    { to: 'see more', line: slipwayCommand(['show', nameOf(execution)], execution) },
    ...services
      .toSorted(byNeed)
      // Those that need an operator most.
      .slice(0, 2)
      .flatMap((one) => (verbs[lastResultOf(one).outcome] ?? []).map(lineOf(one.service))),
    ...(release && tag && !release.rollback && isStartedAgain(result) ? [lineOf(`${release.repository}:${tag}`)('deploy')] : []),
  ];
};
