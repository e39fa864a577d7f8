import type { DeploymentDetail, DiffLine, Problem, Sample } from '../../api.js';
import { count } from '../format/text.js';
import { clockTime, duration } from '../format/time.js';
import { now } from '../now.js';
import { ProblemBanner } from '../parts/banner.js';
import { Chart } from '../parts/chart.js';
import { LogLines } from '../parts/log-lines.js';
import { Machine } from '../parts/machine.js';
import { Panel } from '../parts/panel.js';
import { shortValue } from './summary.js';

/** What a panel lacks, in its place. */
const Lacking = ({ problem }: { problem: Problem }) => (
  <div class="panel-body">
    <ProblemBanner problem={problem} />
  </div>
);

export const problemOf = ({ problems }: DeploymentDetail, of: Problem['of']): Problem | undefined =>
  problems.find((problem) => problem.of === of);

export const MachinePanel = ({ detail }: { detail: DeploymentDetail }) => {
  const { machine, deployment, isOpen } = detail;
  const problem = problemOf(detail, 'machine');
  if (!machine) return problem ? <Panel title="State machine" isFlush children={<Lacking problem={problem} />} /> : null;
  const isRollingBack = deployment.rollback !== undefined;
  return (
    <Panel
      isFlush
      title={
        <>
          State machine <span class="subtitle">{machine.name}, drawn as deployed</span>
        </>
      }
      aside={count(machine.transitions, 'transition')}
    >
      <div class={isOpen ? 'moving-part' : undefined}>
        <Machine view={machine} isRollingBack={isRollingBack} />
      </div>
    </Panel>
  );
};

export const ChartPanel = ({ detail }: { detail: DeploymentDetail }) => {
  const { samples, isRebuilt, deployment, isOpen } = detail;
  const problem = problemOf(detail, 'tasks');
  const [first] = samples;
  if (!first) return problem ? <Panel title="Tasks over time" isFlush children={<Lacking problem={problem} />} /> : null;
  const until = deployment.endedAt ?? (isOpen ? new Date(now.value).toISOString() : (samples.at(-1) ?? first).at);
  return (
    <Panel title="Tasks over time" aside={`${clockTime(first.at)} to ${clockTime(until)}`}>
      <Chart {...chartInput(detail)} until={until} isOpen={isOpen} />
      {isRebuilt && <p class="quiet">Rebuilt from the evidence of the record: no page watched it.</p>}
      {problem && <ProblemBanner problem={problem} />}
    </Panel>
  );
};

/** The record may know of a failure after the last sample. */
const chartInput = ({ samples, marks, desired, failureLimit, deployment: { failedTasks = 0, failedAt } }: DeploymentDetail) => ({
  samples: failedAt ? withFailure(samples, failedAt, failedTasks) : samples,
  marks,
  ...(desired !== undefined && { desired }),
  ...(failureLimit !== undefined && { failureLimit }),
});

const withFailure = (samples: readonly Sample[], at: string, failed: number): readonly Sample[] => {
  const before = samples.filter((sample) => Date.parse(sample.at) <= Date.parse(at)).at(-1);
  return before && before.failed < failed ? [...samples, { ...before, at, failed }] : samples;
};

const sign: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', removed: '-', added: '+' };
const said: Readonly<Record<DiffLine['kind'], string>> = { same: '', removed: 'removed: ', added: 'added: ' };

export const DiffPanel = ({ detail }: { detail: DeploymentDetail }) => {
  const { diff, fields, deployment } = detail;
  const problem = problemOf(detail, 'diff');
  if (problem) return <Panel title="Task definition" isFlush children={<Lacking problem={problem} />} />;
  if (diff.length === 0) return null;
  const differing = new Set(diff.filter(({ kind }) => kind !== 'same').map(({ path }) => path)).size;
  return (
    <Panel
      isFlush
      title={
        <>
          Task definition <span class="subtitle">{[deployment.previousRevision, deployment.revision].filter(Boolean).join(' → ')}</span>
        </>
      }
      aside={`${differing} of ${count(fields, 'field')} ${differing === 1 ? 'differs' : 'differ'}`}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <section class="diff" tabIndex={0} aria-label="Differences of the task definitions">
        {diff.map(({ kind, path, value }) => (
          <div key={`${kind} ${path} ${value}`} class={`line ${kind}`} title={value}>
            <span aria-hidden="true">{sign[kind]} </span>
            <span class="visually-hidden">{said[kind]}</span>
            {path} {shortValue(value)}
          </div>
        ))}
      </section>
    </Panel>
  );
};

export const BeforeTaskPanel = ({ detail: { deployment } }: { detail: DeploymentDetail }) => {
  const { beforeTask } = deployment;
  if (!beforeTask) return null;
  const { outcome, container, command, exitCode, durationSeconds, log, commands } = beforeTask;
  return (
    <Panel title="Before task" aside={duration(durationSeconds)}>
      <p>
        <code>{outcome}</code>
        {exitCode !== undefined && `, exit ${exitCode}`}: <code>{command}</code> in {container}
      </p>
      {log.length > 0 && <LogLines lines={log} label={`Last lines of ${container}`} />}
      {commands.map((line) => (
        <code key={line} class="command">
          {line}
        </code>
      ))}
    </Panel>
  );
};

export const VerificationPanel = ({ detail: { deployment } }: { detail: DeploymentDetail }) => {
  const { verification } = deployment;
  if (!verification) return null;
  return (
    <Panel title="Verification" aside={`since ${clockTime(verification.since)}`}>
      <p>
        <code>{verification.url ?? verification.verifier}</code>
      </p>
    </Panel>
  );
};
