import type { ReleaseDetail } from '../../api.js';
import { openCommand } from '../dialogs/index.js';
import { isAlarm, lookOfKind, lookOfOutcome } from '../format/state.js';
import { imageName, shortDigest } from '../format/text.js';
import { duration, nearTime } from '../format/time.js';
import { wordsOfTrigger } from '../history/record.js';
import { now } from '../now.js';
import { Banner, ErrorBanner, ProblemBanner, ViewError } from '../parts/banner.js';
import { Button } from '../parts/button.js';
import { Digest } from '../parts/digest.js';
import { Icon } from '../parts/icons.js';
import { Panel, Skeleton } from '../parts/panel.js';
import { Age, At } from '../parts/time.js';
import { Timeline } from '../parts/timeline.js';
import { ApprovalCard } from '../release/approval-card.js';
import { StagePanel } from '../release/stage-panel.js';
import { leadSecondsOf } from '../release/stages.js';
import { OutLink } from '../router.js';
import { changesOf, isLive } from '../state.js';
import { useResource } from '../use-resource.js';
import '../styles/views.css';
import '../styles/release.css';

/** An image on its way through its stages. */
export const ReleaseView = ({ repository, execution }: { repository: string; execution: string }) => {
  const path = ['releases', ...repository.split('/'), execution].map(encodeURIComponent).join('/');
  const { data, error } = useResource<ReleaseDetail>(`/api/${path}`, changesOf(execution));
  if (!data) return error ? <ViewError error={error} title={repository} /> : <Skeleton rows={10} />;
  const { release, waiting, timeline } = data;
  return (
    <div class="view release">
      <Head detail={data} />
      {error && <ErrorBanner error={error} />}
      {data.problems.map((problem) => (
        <ProblemBanner key={problem.of + problem.reason} problem={problem} />
      ))}
      <Standing detail={data} />
      {release.warnings.map((warning) => (
        <Banner key={warning} tone="amber" title={warning} />
      ))}
      <div class="release-columns">
        <ol class="rail">
          {release.stages.map((stage) => (
            <StagePanel key={stage.name} stage={stage} detail={data} />
          ))}
          {release.passedOver.map(({ stage, message }) => (
            <li key={stage} class="passed-over quiet">
              {stage}: {message}
            </li>
          ))}
        </ol>
        <div class="release-side">
          {waiting?.for === 'approval' && <ApprovalCard detail={data} stage={waiting.stage} />}
          <WhatChanges detail={data} />
        </div>
        <div class="release-timeline">
          <Panel title="Timeline" aside={`times in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`} isFlush>
            <Timeline entries={timeline} />
          </Panel>
        </div>
      </div>
    </div>
  );
};

const Head = ({ detail }: { detail: ReleaseDetail }) => {
  const { release, createdAt, commitUrl, isOpen } = detail;
  const { image, repository, trigger, stages } = release;
  const canRollBack = stages.some(({ services }) =>
    services.some(({ deployment, undo }) => deployment?.result?.outcome === 'SUCCEEDED' && !undo),
  );
  const lead = leadSecondsOf(detail, isOpen ? now.value : Date.parse(detail.at));
  return (
    <div class="view-head">
      <h1>
        {repository} {image ? imageName(image) : release.tag} {image && <Digest digest={image.digest} />}
      </h1>
      <div class="view-actions">
        {release.consoleUrl && (
          <OutLink class="button" href={release.consoleUrl}>
            Step Functions <Icon name="external" />
          </OutLink>
        )}
        {canRollBack && (
          <Button
            icon="back"
            disabled={!isLive.value}
            onClick={() => openCommand({ command: 'rollbackRelease', release: release.id, repository })}
          >
            Roll back this release…
          </Button>
        )}
      </div>
      <p class="view-facts">
        {image?.commit && (
          <span>
            Commit <Commit commit={image.commit} url={commitUrl} />
          </span>
        )}
        {createdAt && (
          <span>
            Created <At at={createdAt} />
          </span>
        )}
        <span>
          Pushed <At at={release.pushedAt} />
        </span>
        <span title={trigger.reason}>
          Trigger <b>{trigger.by ?? wordsOfTrigger(trigger.kind)}</b>
        </span>
        {lead !== undefined && (
          <span>
            Lead time{isOpen && ' so far'} <b>{duration(lead)}</b>
          </span>
        )}
      </p>
    </div>
  );
};

const Commit = ({ commit, url }: { commit: string; url?: string | undefined }) => {
  const text = <code>{commit.slice(0, 8)}</code>;
  return url ? (
    <OutLink class="link" href={url}>
      {text}
    </OutLink>
  ) : (
    text
  );
};

/** What it waits for, or how it ended. */
const Standing = ({ detail: { release, waiting } }: { detail: ReleaseDetail }) => {
  const { result, endedAt } = release;
  if (result)
    return (
      <div class="standing">
        <Banner
          tone={isAlarm(result.outcome) ? 'solid' : result.outcome === 'FAILED' ? 'red' : 'none'}
          icon={lookOfOutcome(result.outcome).icon}
          title={
            <>
              <code>{result.outcome}</code>, <code>{result.reason}</code>
            </>
          }
          action={<Since at={endedAt ?? release.startedAt} word="at" />}
        >
          <p>{result.message}</p>
        </Banner>
      </div>
    );
  if (!waiting) return null;
  const words = {
    approval: 'Waits for approval',
    window: 'Waits for its window',
    scan: 'Waits for the image scan',
  };
  return (
    <div class={waiting.for === 'approval' ? 'standing standing-approval' : 'standing'}>
      <Banner icon={lookOfKind(waiting.for).icon} title={words[waiting.for]} action={<Since at={waiting.since} word="since" />}>
        <p>
          {waiting.for === 'approval'
            ? `The stage ${waiting.stage} starts once this digest is approved.`
            : `The stage ${waiting.stage} starts then, by ${nearTime(waiting.until, now.value)} at the latest.`}
        </p>
      </Banner>
    </div>
  );
};

const Since = ({ at, word }: { at: string; word: string }) => (
  <span class="since">
    <strong>
      <Age at={at} />
    </strong>
    <span>
      {word} {nearTime(at, now.value)}
    </span>
  </span>
);

const WhatChanges = ({ detail: { release, before, compareUrl } }: { detail: ReleaseDetail }) => {
  if (!release.image) return null;
  const sides = [before, release.image].filter((image) => image !== undefined);
  return (
    <Panel
      title="What changes"
      aside={
        compareUrl && (
          <OutLink class="link" href={compareUrl}>
            Compare commits
          </OutLink>
        )
      }
    >
      <div class="sides">
        {sides.map((image, index) => (
          <div key={index === 0 && before ? 'before' : 'after'}>
            <strong>{image.tag ?? 'no tag'}</strong>
            <code class="quiet">{shortDigest(image.digest)}</code>
            <span class="quiet">{image.commit ? `commit ${image.commit.slice(0, 8)}` : 'no commit in its labels'}</span>
          </div>
        ))}
      </div>
    </Panel>
  );
};
