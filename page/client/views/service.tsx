import { useComputed } from '@preact/signals';
import type { ServiceDetail, ServiceRow } from '../../api.js';
import { openCommand } from '../dialogs/index.js';
import { isMoving, lookOfKind } from '../format/state.js';
import { nearTime } from '../format/time.js';
import { Records } from '../history/records.js';
import { now } from '../now.js';
import { Banner, ErrorBanner, ProblemBanner, ViewError } from '../parts/banner.js';
import { Button } from '../parts/button.js';
import { Digest } from '../parts/digest.js';
import { Skeleton } from '../parts/panel.js';
import { Age } from '../parts/time.js';
import { Link } from '../router.js';
import { deploymentHref, historyHref } from '../routes.js';
import { KnownGood, LeaseAndQueue, Quarantine } from '../service/panels.js';
import { standingOf } from '../service/standing.js';
import { changesOf, isLive, newRecords, serviceIds, serviceRow } from '../state.js';
import { useResource } from '../use-resource.js';
import '../styles/views.css';
import '../styles/service.css';

/** What runs in a service, what it can go back to, and what was done to it. */
export const ServiceView = ({ cluster, name }: { cluster: string; name: string }) => {
  const id = `${cluster}/${name}`;
  const live = serviceRow(id)?.value;
  const changed = useComputed(() => {
    const current = serviceIds.value.includes(id) ? serviceRow(id)?.value.current : undefined;
    return newRecords.value + changesOf(id).value + (current ? changesOf(current).value : 0);
  });
  const { data, error } = useResource<ServiceDetail>(`/api/services/${encodeURIComponent(cluster)}/${encodeURIComponent(name)}`, changed);
  if (!data) return error ? <ViewError error={error} title={`${cluster}/${name}`} /> : <Skeleton rows={10} />;
  const detail: ServiceDetail = live ? { ...data, row: live } : data;
  return (
    <div class="view service">
      <Head row={detail.row} />
      {error && <ErrorBanner error={error} />}
      {data.problems.map((problem) => (
        <ProblemBanner key={problem.of + problem.reason} problem={problem} />
      ))}
      <Standing detail={detail} />
      <div class="service-panels">
        <KnownGood detail={detail} />
        <Quarantine detail={detail} />
        <LeaseAndQueue detail={detail} />
      </div>
      <section class="service-history" aria-label="Deployments of this service">
        <h2>Deployments of this service</h2>
        {data.history.length === 0 ? (
          <p class="quiet">Slipway has not deployed it yet.</p>
        ) : (
          <div class="panel">
            <Records records={data.history} caption={`Deployments of ${id}, newest first`} isShort />
          </div>
        )}
        <Link class="link" href={historyHref({ service: id })}>
          All of its history
        </Link>
      </section>
    </div>
  );
};

const Head = ({ row }: { row: ServiceRow }) => {
  const { id, sources, state, current } = row;
  const isOff = !isLive.value;
  const repository = sources[0]?.repository;
  const isHeld = state.kind === 'hold';
  return (
    <div class="view-head">
      <h1>
        {id}{' '}
        {sources.map(({ repository: of, tag, digest }) => (
          <span key={of} class="runs" title={of}>
            {tag} <Digest digest={digest} />
          </span>
        ))}
      </h1>
      <div class="view-actions">
        <Button
          icon="deploy"
          disabled={isOff}
          onClick={() => openCommand({ command: 'deploy', service: id, ...(repository && { repository }) })}
        >
          Deploy…
        </Button>
        {current && isMoving(state.kind) ? (
          <Button icon="close" disabled={isOff} onClick={() => openCommand({ command: 'cancel', service: id })}>
            Cancel…
          </Button>
        ) : (
          <Button icon="back" disabled={isOff} onClick={() => openCommand({ command: 'rollback', service: id })}>
            Roll back…
          </Button>
        )}
        {isHeld ? (
          <Button kind="primary" icon="play" disabled={isOff} onClick={() => openCommand({ command: 'unhold', service: id })}>
            Release the hold…
          </Button>
        ) : (
          <Button icon="hold" disabled={isOff} onClick={() => openCommand({ command: 'hold', service: id })}>
            Hold…
          </Button>
        )}
      </div>
    </div>
  );
};

const Standing = ({ detail }: { detail: ServiceDetail }) => {
  const { state, id, current, last } = detail.row;
  const standing = standingOf(detail, (iso) => nearTime(iso, now.value));
  if (!standing) return null;
  const execution = current ?? last;
  return (
    <div class="standing">
      <Banner
        tone={standing.tone}
        icon={lookOfKind(state.kind).icon}
        title={standing.title}
        action={
          state.since && (
            <span class="since">
              <strong>
                <Age at={state.since} />
              </strong>
              <span>since {nearTime(state.since, now.value)}</span>
            </span>
          )
        }
      >
        <p>
          {standing.text}{' '}
          {execution && state.kind !== 'hold' && (
            <Link class="link" href={deploymentHref(id, execution)}>
              Its deployment
            </Link>
          )}
        </p>
      </Banner>
    </div>
  );
};
