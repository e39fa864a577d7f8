import type { ReleaseRow, StageProgress } from '../../api.js';
import { lookOfKind, type Tone, wordsOfState } from '../format/state.js';
import { count } from '../format/text.js';
import { clockTime, nearTime } from '../format/time.js';
import { now } from '../now.js';
import { Digest } from '../parts/digest.js';
import { Icon, type IconName } from '../parts/icons.js';
import { Age } from '../parts/time.js';
import { Link } from '../router.js';
import { releaseHref } from '../routes.js';
import { isLive, overview, releases } from '../state.js';

const stageLooks: Readonly<Record<StageProgress['state'], { readonly icon: IconName; readonly tone: Tone }>> = {
  ahead: { icon: 'more', tone: 'none' },
  waiting: { icon: 'clock', tone: 'none' },
  running: { icon: 'moving', tone: 'blue' },
  succeeded: { icon: 'succeeded', tone: 'green' },
  skipped: { icon: 'skipped', tone: 'none' },
  failed: { icon: 'failed', tone: 'red' },
};

const Stage = ({ stage }: { stage: StageProgress }) => {
  const isNow = stage.kind && (stage.state === 'running' || stage.state === 'waiting');
  const { icon, tone } = isNow && stage.kind ? lookOfKind(stage.kind) : stageLooks[stage.state];
  const tasks = stage.tasks && `${stage.tasks.done}/${stage.tasks.of} ${stage.kind === 'rollingBack' ? 'back' : 'tasks'}`;
  return (
    <li class={`way-stage is-${stage.state}`}>
      <Icon name={icon} class={`tone-${tone}`} />
      {stage.name}
      <span class="visually-hidden"> {stage.state}</span>
      <span class="quiet">{tasks ?? `${stage.done}/${stage.of}`}</span>
    </li>
  );
};

const Doing = ({ release }: { release: ReleaseRow }) => {
  const { doing, waiting } = release;
  const { text, detail } = wordsOfState({ ...doing, ...(waiting && { until: waiting.until }) }, (iso) => nearTime(iso, now.value));
  return (
    <p class="way-doing">
      <strong class={`tone-${lookOfKind(doing.kind).tone}`}>{text}</strong>
      {[doing.service && ` ${doing.service}`, detail && ` · ${detail}`].filter(Boolean).join('')}
    </p>
  );
};

const Row = ({ release }: { release: ReleaseRow }) => (
  <li data-row class="release-row">
    <Link href={releaseHref(release.repository, release.id)}>
      <span class="release-name">
        <strong>{release.repository}</strong> {release.image?.tag ?? release.tag}{' '}
        {release.image && <Digest digest={release.image.digest} />}
      </span>
      <ol class="way">
        {release.stages.map((stage) => (
          <Stage key={stage.name} stage={stage} />
        ))}
      </ol>
      <Doing release={release} />
      <span class="quiet">
        <Age at={release.startedAt} />
      </span>
      <Icon name="next" />
    </Link>
  </li>
);

export const UnderWay = () =>
  releases.value.length > 0 && (
    <section class="moving-part" aria-labelledby="under-way">
      <div class="section-title">
        <h2 id="under-way">Under way</h2>
        <span class="quiet">
          {count(releases.value.length, 'release')}
          {!isLive.value && overview.value && `, as of ${clockTime(new Date(now.value).toISOString())}`}
        </span>
      </div>
      <ul class="panel">
        {releases.value.map((release) => (
          <Row key={release.id} release={release} />
        ))}
      </ul>
    </section>
  );
