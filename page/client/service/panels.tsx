import type { ServiceDetail } from '../../api.js';
import { openCommand } from '../dialogs/index.js';
import { imageName } from '../format/text.js';
import { nearTime } from '../format/time.js';
import { now } from '../now.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Digest } from '../parts/digest.js';
import { Panel } from '../parts/panel.js';
import { TaskDots } from '../parts/task-dots.js';
import { Age } from '../parts/time.js';
import { Link } from '../router.js';
import { deploymentHref } from '../routes.js';
import { isLive } from '../state.js';
import { wordsOfQueue } from './standing.js';

const near = (iso: string): string => nearTime(iso, now.value);

export const KnownGood = ({ detail: { row, knownGood } }: { detail: ServiceDetail }) => (
  <Panel title="Known good" aside="newest first" isFlush>
    {knownGood.length === 0 && <p class="panel-body quiet">No deployment of it has succeeded yet.</p>}
    <ul class="image-lines">
      {knownGood.map((good) => (
        <li key={`${good.repository} ${good.digest} ${good.at}`} title={`${good.repository}, ${good.revision}`}>
          <span class="grow">
            {good.tag} <Digest digest={good.digest} />{' '}
            <span class="quiet">
              <Age at={good.at} />
            </span>
          </span>
          {good.runsNow ? (
            <Badge>runs now</Badge>
          ) : (
            <Button
              kind="plain"
              isSmall
              disabled={!isLive.value}
              onClick={() => openCommand({ command: 'deploy', service: row.id, image: `${good.repository}@${good.digest}` })}
            >
              Deploy again…<span class="visually-hidden"> {imageName(good)}</span>
            </Button>
          )}
        </li>
      ))}
    </ul>
  </Panel>
);

export const Quarantine = ({ detail: { row } }: { detail: ServiceDetail }) => (
  <Panel title="Quarantine" aside="not deployed automatically" isFlush>
    {row.quarantine.length === 0 && <p class="panel-body quiet">No image is quarantined.</p>}
    <ul class="image-lines">
      {row.quarantine.map(({ repository, digest, tag, reason, at }) => (
        <li key={`${repository} ${digest}`} title={repository}>
          <span class="grow">
            {tag} <Digest digest={digest} /> <code>{reason}</code>{' '}
            <span class="quiet">
              <Age at={at} />
            </span>
          </span>
          <Button
            kind="plain"
            isSmall
            disabled={!isLive.value}
            onClick={() => openCommand({ command: 'deploy', service: row.id, image: `${repository}@${digest}`, force: true })}
          >
            Deploy anyway…<span class="visually-hidden"> {tag ?? digest}</span>
          </Button>
        </li>
      ))}
    </ul>
  </Panel>
);

export const LeaseAndQueue = ({ detail }: { detail: ServiceDetail }) => {
  const { row, lease, stages } = detail;
  return (
    <Panel title="Lease and queue">
      <dl class="pairs">
        <dt>Lease</dt>
        <dd>
          {lease ? (
            <>
              <Link class="link" href={deploymentHref(row.id, lease.id)}>
                its deployment
              </Link>{' '}
              since {near(lease.since)}
            </>
          ) : (
            'free, nothing is being deployed'
          )}
        </dd>
        <dt>Queue</dt>
        <dd>{wordsOfQueue(detail, near)}</dd>
        <dt>Tasks</dt>
        <dd>
          {row.tasks ? <TaskDots tasks={row.tasks} desired={row.desired} /> : <span class="quiet">not known</span>}{' '}
          {row.running !== undefined && (
            <span class="quiet">
              {row.running} of {row.desired ?? 0}
            </span>
          )}
        </dd>
        {row.revision && (
          <>
            <dt>Revision</dt>
            <dd>
              <code>{row.revision}</code>
            </dd>
          </>
        )}
        {stages.length > 0 && (
          <>
            <dt>Stage</dt>
            <dd>
              {stages.map(({ repository, stage }) => (
                <div key={`${repository} ${stage}`}>
                  {stage} <span class="quiet">of {repository}</span>
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Panel>
  );
};
