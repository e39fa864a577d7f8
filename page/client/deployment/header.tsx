import type { ComponentChildren } from 'preact';
import type { DeploymentDetail } from '../../api.js';
import { openCommand } from '../dialogs/index.js';
import { isMoving } from '../format/state.js';
import { imageName } from '../format/text.js';
import { Button } from '../parts/button.js';
import { Digest } from '../parts/digest.js';
import { Icon } from '../parts/icons.js';
import { TaskDots } from '../parts/task-dots.js';
import { Age, At } from '../parts/time.js';
import { Link, OutLink } from '../router.js';
import { releaseHref } from '../routes.js';
import { isLive } from '../state.js';
import { releaseOf, summaryOf, triggerText } from './summary.js';

export const Header = ({ detail }: { detail: DeploymentDetail }) => {
  const { service, image } = detail.deployment;
  return (
    <div class="deployment-head">
      <h1>{service}</h1>
      {image && <span class="tag">{image.tag ?? imageName(image)}</span>}
      {image?.tag && <Digest digest={image.digest} />}
      <Actions detail={detail} />
    </div>
  );
};

/** The last deployment of a service may be rolled back, the present one cancelled; a rollback that runs is let run. */
const Actions = ({ detail: { deployment, row, isOpen } }: { detail: DeploymentDetail }) => {
  const { service, id, consoleUrl, phase } = deployment;
  const isOff = !isLive.value;
  const isLast = row === undefined || (!isMoving(row.state.kind) && (row.last === undefined || row.last === id));
  const isAlarm = row?.state.kind === 'failed' || row?.state.kind === 'unknown';
  return (
    <div class="actions">
      {consoleUrl && (
        <OutLink href={consoleUrl} class="button">
          Step Functions <Icon name="external" />
        </OutLink>
      )}
      <Button icon="hold" disabled={isOff} onClick={() => openCommand({ command: 'hold', service })}>
        Hold…
      </Button>
      {isOpen ? (
        <Button icon="back" disabled={isOff || phase === 'rollingBack'} onClick={() => openCommand({ command: 'cancel', service })}>
          Cancel…
        </Button>
      ) : (
        <Button
          icon="back"
          kind={isLast && isAlarm ? 'danger' : undefined}
          disabled={isOff || !isLast}
          onClick={() => openCommand({ command: 'rollback', service })}
        >
          Roll back…
        </Button>
      )}
    </div>
  );
};

export const SummaryBanner = ({ detail }: { detail: DeploymentDetail }) => {
  const { title, code, text, icon, tone } = summaryOf(detail);
  const { startedAt, endedAt, result } = detail.deployment;
  return (
    <div class={`summary summary-${tone} ${result ? '' : 'moving-part'}`}>
      <Icon name={icon} size={22} />
      <div class="grow">
        <p class="title">
          <strong>{title}</strong>
          {code && <code> · {code}</code>}
        </p>
        <p>{text}</p>
        {result?.runbook && <p>Runbook: {result.runbook}</p>}
      </div>
      <p class="age">
        <strong>
          <Age at={endedAt ?? startedAt} />
        </strong>
        <small>
          {endedAt ? 'since ' : 'started '}
          <At at={endedAt ?? startedAt} />
        </small>
      </p>
    </div>
  );
};

export const Facts = ({ detail }: { detail: DeploymentDetail }) => {
  const { deployment, row, rollbackBy } = detail;
  const release = releaseOf(deployment.release);
  const revisions = [deployment.previousRevision, deployment.revision].filter(Boolean).join(' → ');
  return (
    <dl class="facts">
      {release && (
        <Fact name="Release">
          <Link class="link" href={releaseHref(release.repository, release.execution)}>
            {[release.repository, deployment.image && imageName(deployment.image)].filter(Boolean).join(' ')}
          </Link>
        </Fact>
      )}
      <Fact name="Stage">{deployment.stage}</Fact>
      {deployment.operation !== 'image' && <Fact name="Operation">{deployment.operation}</Fact>}
      <Fact name="Trigger">{triggerText(deployment.trigger)}</Fact>
      {deployment.trigger.reason && <Fact name="Reason">{deployment.trigger.reason}</Fact>}
      {revisions && <Fact name="Revision">{revisions}</Fact>}
      {rollbackBy && (
        <Fact name="Rollback by">
          <At at={rollbackBy} />
        </Fact>
      )}
      {row?.tasks && (
        <Fact name="Tasks">
          <TaskDots tasks={row.tasks} desired={row.desired} label="Tasks" />
        </Fact>
      )}
    </dl>
  );
};

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div class="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
