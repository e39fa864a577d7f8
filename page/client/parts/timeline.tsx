import type { TimelineEntry } from '../../api.js';
import { duration } from '../format/time.js';
import { Link } from '../router.js';
import { Icon, type IconName } from './icons.js';
import { At } from './time.js';
import '../styles/timeline.css';

const looks: Readonly<Record<TimelineEntry['kind'], readonly [IconName, string]>> = {
  push: ['push', 'none'],
  commit: ['commit', 'none'],
  started: ['play', 'none'],
  step: ['check', 'none'],
  update: ['deploy', 'none'],
  taskStarted: ['moving', 'none'],
  taskFailed: ['close', 'red'],
  rollback: ['back', 'amber'],
  succeeded: ['succeeded', 'green'],
  failed: ['failed', 'red'],
  approval: ['approval', 'violet'],
  wait: ['clock', 'none'],
  note: ['empty', 'none'],
};

/** What happened, in the order given: the newest first. */
export const Timeline = ({ entries }: { entries: readonly TimelineEntry[] }) => (
  <ol class="timeline">
    {entries.map((entry) => (
      <Entry key={`${entry.at} ${entry.title} ${entry.detail}`} entry={entry} />
    ))}
  </ol>
);

const Entry = ({ entry: { at, kind, title, detail, from, seconds, href } }: { entry: TimelineEntry }) => {
  const [icon, tone] = looks[kind] ?? looks.note;
  const name = href ? (
    <Link class="link" href={href}>
      {title}
    </Link>
  ) : (
    title
  );
  return (
    <li>
      <At at={at} />
      <Icon name={icon} class={`still tone-${tone}`} />
      <span class="what">{detail ? [<b key="title">{name}</b>, `: ${detail}`] : name}</span>
      <span class="from">{[from, seconds === undefined ? '' : duration(seconds)].filter(Boolean).join(', ')}</span>
    </li>
  );
};
