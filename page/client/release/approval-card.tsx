import { useState } from 'preact/hooks';
import type { ReleaseDetail } from '../../api.js';
import { openCommand } from '../dialogs/index.js';
import { count, imageName, longDigest } from '../format/text.js';
import { dateTime, duration, timeOf } from '../format/time.js';
import { now } from '../now.js';
import { Button, IconButton } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { isLive } from '../state.js';
import { changesOfStage } from './stages.js';

/** What is known of an approval that is asked for. Who may give it is decided by IAM when they do. */
export const ApprovalCard = ({ detail, stage }: { detail: ReleaseDetail; stage: string }) => {
  const [reason, setReason] = useState('');
  const { release, waiting, rows, gates } = detail;
  const { image, repository } = release;
  if (!image || !waiting) return null;
  const ask = (command: 'approve' | 'reject') =>
    openCommand({ command, repository, stage, digest: image.digest, ...(reason.trim() && { reason: reason.trim() }) });
  return (
    <section class="panel approval" aria-label={`Approve for ${stage}`}>
      <header>
        <Icon name="approval" class="tone-violet" />
        <h2>Approve for {stage}</h2>
      </header>
      <div class="panel-body">
        <dl class="pairs">
          <dt>Digest</dt>
          <dd class="copyable">
            <code title={image.digest}>{longDigest(image.digest)}</code>
            <IconButton icon="copy" label="Copy the digest" isSmall onClick={() => void navigator.clipboard?.writeText(image.digest)} />
          </dd>
          <dt>Who may</dt>
          <dd>
            identities that IAM allows
            <p class="quiet">One approval is enough. The decision is made when the command is sent.</p>
          </dd>
          <dt>Deadline</dt>
          <dd>
            <time dateTime={waiting.until}>{dateTime(waiting.until)}</time> <Left until={waiting.until} />
            <p class="quiet">
              No answer is a no: <code>FAILED, APPROVAL_TIMED_OUT</code>
            </p>
          </dd>
          {gates.some((one) => one.stage === stage && one.hasWindow) && (
            <>
              <dt>Window</dt>
              <dd>The stage then waits for its window, if that is not open.</dd>
            </>
          )}
          <dt>Changes</dt>
          <dd>
            {changesOfStage(
              release.stages.find(({ name }) => name === stage),
              rows,
            ).map(({ service, desired }) => (
              <div key={service}>
                {service} {desired !== undefined && <span class="quiet">{count(desired, 'task')}</span>}
              </div>
            ))}
          </dd>
        </dl>
        <label class="reason">
          <strong>Reason</strong>
          <span class="quiet">stands in the history and in Slack</span>
          <textarea
            class="field"
            rows={2}
            maxLength={1000}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        <div class="approval-actions">
          <Button kind="primary" disabled={!isLive.value} onClick={() => ask('approve')}>
            Approve {imageName(image)}…
          </Button>
          <Button disabled={!isLive.value} onClick={() => ask('reject')}>
            Reject…
          </Button>
        </div>
        <p class="quiet">A tag that is pushed again has another digest and needs another approval.</p>
      </div>
    </section>
  );
};

const Left = ({ until }: { until: string }) => {
  const end = timeOf(until);
  if (end === undefined) return null;
  const seconds = (end - now.value) / 1000;
  return <span class="quiet">{seconds > 0 ? `in ${duration(seconds)}` : 'has passed'}</span>;
};
