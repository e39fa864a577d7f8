import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DeploymentDetail } from '../../api.js';
import { Evidence } from '../deployment/evidence.js';
import { Facts, Header, SummaryBanner } from '../deployment/header.js';
import { BeforeTaskPanel, ChartPanel, DiffPanel, MachinePanel, problemOf, VerificationPanel } from '../deployment/panels.js';
import { ErrorBanner, ProblemBanner } from '../parts/banner.js';
import { Panel, Skeleton } from '../parts/panel.js';
import { Timeline } from '../parts/timeline.js';
import { changesOf, serviceRow } from '../state.js';
import { useResource } from '../use-resource.js';
import '../styles/deployment.css';

type Props = { readonly cluster: string; readonly name: string; readonly execution: string };

/** One deployment: what is the case, the way through the machine, tasks over time, why it failed, what it changed. */
export const DeploymentPage = ({ cluster, name, execution }: Props) => {
  const path = `/api/deployments/${[cluster, name, execution].map(encodeURIComponent).join('/')}`;
  const again = useSignal(0);
  const changed = useComputed(() => changesOf(execution).value + again.value);
  const { data, error, isLoading } = useResource<DeploymentDetail>(path, changed);
  useEffect(() => {
    if (!data || !isSettling(data) || again.value >= mostReads) return;
    const timer = setTimeout(() => again.value++, readAgainAfter);
    return () => clearTimeout(timer);
  }, [data]);
  if (!data)
    return (
      <div class="deployment">
        <h1>
          {cluster}/{name}
        </h1>
        {error ? <ErrorBanner error={error} /> : isLoading && <Skeleton rows={8} />}
      </div>
    );
  const row = serviceRow(data.deployment.service)?.value ?? data.row;
  return <Shown detail={{ ...data, ...(row && { row }) }} error={error} />;
};

/** Milliseconds. */
const readAgainAfter = 2000;
const mostReads = 5;

/** The record has ended, and its execution is about to. */
const isSettling = ({ isOpen, machine }: DeploymentDetail): boolean =>
  !isOpen && machine?.nodes.some(({ state }) => state === 'active') === true;

const shownInPanels = new Set(['machine', 'diff', 'tasks']);

const Shown = ({ detail, error }: { detail: DeploymentDetail; error: Error | undefined }) => {
  const history = problemOf(detail, 'history');
  return (
    <div class="deployment">
      <Header detail={detail} />
      {error && <ErrorBanner error={error} />}
      <SummaryBanner detail={detail} />
      <Facts detail={detail} />
      {detail.problems
        .filter(({ of }) => !shownInPanels.has(of) && of !== history?.of)
        .map((problem) => (
          <ProblemBanner key={problem.of} problem={problem} />
        ))}
      <MachinePanel detail={detail} />
      <div class="columns">
        <div class="column">
          <ChartPanel detail={detail} />
          {(detail.timeline.length > 0 || history) && (
            <Panel title="Timeline" isFlush>
              {history && <ProblemBanner problem={history} />}
              <Timeline entries={detail.timeline} />
            </Panel>
          )}
        </div>
        <div class="column">
          <Evidence detail={detail} />
          <BeforeTaskPanel detail={detail} />
          <VerificationPanel detail={detail} />
          <DiffPanel detail={detail} />
        </div>
      </div>
    </div>
  );
};
