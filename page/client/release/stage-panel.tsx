import type { ServiceOfStage, StageView } from '../../../core/query/answers.js';
import type { ReleaseDetail, ServiceRow } from '../../api.js';
import { lookOfKind, wordsOfState } from '../format/state.js';
import { imageName } from '../format/text.js';
import { duration, nearTime } from '../format/time.js';
import { now } from '../now.js';
import { Badge } from '../parts/badge.js';
import { Icon } from '../parts/icons.js';
import { Outcome } from '../parts/outcome.js';
import { TaskDots } from '../parts/task-dots.js';
import { Link } from '../router.js';
import { deploymentHref, serviceHref } from '../routes.js';
import { serviceRow } from '../state.js';
import { beforeOf, doneOf, gatesOf, kindOf, markOf, nameIn, secondsOfStage } from './stages.js';

/** One stage beside its mark on the rail: its gates, and its services. */
export const StagePanel = ({ stage, detail }: { stage: StageView; detail: ReleaseDetail }) => {
  const mark = markOf(stage, detail.waiting);
  const { done, of } = doneOf(stage);
  const seconds = secondsOfStage(stage, stage.state === 'running' ? now.value : Date.parse(detail.at));
  const onFailure = detail.gates.find((one) => one.stage === stage.name)?.onFailure;
  return (
    <li class={`rail-stage rail-stage-${stage.state}`}>
      <span class={`rail-stage-mark rail-stage-mark-${mark.tone}`}>
        <Icon name={mark.icon} label={mark.words} />
      </span>
      <section class="panel" aria-label={`Stage ${stage.name}`}>
        <header>
          <h2>{stage.name}</h2>
          <span class="quiet">
            {done} of {of} {of === 1 ? 'service' : 'services'}
          </span>
          <span class="aside">
            {seconds !== undefined ? duration(seconds) : onFailure === 'rollBackAll' ? 'if one fails, all are rolled back' : mark.words}
          </span>
        </header>
        <Gates stage={stage} detail={detail} />
        <ul>
          {stage.before?.deployment && <Service one={stage.before} stage={stage.name} detail={detail} isBefore />}
          {stage.services.map((one) => (
            <Service key={one.service} one={one} stage={stage.name} detail={detail} />
          ))}
        </ul>
      </section>
    </li>
  );
};

const Gates = ({ stage, detail }: { stage: StageView; detail: ReleaseDetail }) => {
  const gates = gatesOf(stage, detail);
  if (gates.length < 2 || stage.state === 'succeeded') return null;
  return (
    <ol class="gates" aria-label="Gates">
      {gates.map(({ icon, text, state }) => (
        <li key={text} class={`gate-${state}`} aria-current={state === 'active' ? 'step' : undefined}>
          <Icon name={state === 'passed' ? 'check' : icon} size={14} {...(state === 'passed' && { label: 'passed:' })} />
          {text}
        </li>
      ))}
    </ol>
  );
};

type ServiceProps = { one: ServiceOfStage; stage: string; detail: ReleaseDetail; isBefore?: boolean };

const Service = ({ one, stage, detail, isBefore }: ServiceProps) => {
  const row = serviceRow(one.service)?.value ?? detail.rows.find(({ id }) => id === one.service);
  const deployment = one.undo ?? one.deployment;
  const { image } = detail.release;
  const before = beforeOf(one, row, detail);
  const seconds = deployment && (Date.parse(deployment.endedAt ?? '') || now.value) - Date.parse(deployment.startedAt);
  return (
    <li class="rail-stage-service">
      <strong>
        <Link href={deployment ? deploymentHref(one.service, deployment.id) : serviceHref(one.service)}>{nameIn(stage, one.service)}</Link>
      </strong>
      <span class="changed">
        {isBefore ? (
          'before task'
        ) : (
          <>
            {before && <span class="quiet">{before} → </span>}
            {image ? imageName(image) : detail.release.tag}
          </>
        )}
      </span>
      <span class="tasks">
        {!isBefore && row?.tasks && (
          <>
            <TaskDots tasks={row.tasks} desired={row.desired} label={one.service} />
            <span class="quiet">
              {row.running ?? 0}/{row.desired ?? 0}
            </span>
          </>
        )}
      </span>
      <span class="how">
        <How one={one} row={row} />
      </span>
      <span class="took quiet">{seconds !== undefined && duration(seconds / 1000)}</span>
    </li>
  );
};

const How = ({ one, row }: { one: ServiceOfStage; row: ServiceRow | undefined }) => {
  const deployment = one.undo ?? one.deployment;
  if (deployment?.result) return <Outcome outcome={deployment.result.outcome} />;
  const kind = kindOf(one, row);
  if (!kind) return <span class="quiet">not started</span>;
  const state = row && row.state.kind === kind ? row.state : { kind };
  return <Badge {...lookOfKind(kind)}>{wordsOfState(state, (iso) => nearTime(iso, now.peek())).text}</Badge>;
};
