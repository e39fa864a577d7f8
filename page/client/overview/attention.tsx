import type { Attention } from '../../api.js';
import { count, imageName, list } from '../format/text.js';
import { age, nearTime, timeOf } from '../format/time.js';
import { now } from '../now.js';
import { Icon, type IconName } from '../parts/icons.js';
import { Age } from '../parts/time.js';
import { Link, OutLink } from '../router.js';
import { deploymentHref, releaseHref, serviceHref } from '../routes.js';
import { attention, overview } from '../state.js';

type Alarm = Extract<Attention, { kind: 'failed' | 'unknown' }>;
type Other = Exclude<Attention, Alarm>;

const isAlarm = (one: Attention): one is Alarm => one.kind === 'failed' || one.kind === 'unknown';

const cardsAtMost = 6;

const Card = ({ alarm }: { alarm: Alarm }) => (
  <article class="alarm">
    <h3>
      {alarm.service.split('/')[0]}/<wbr />
      {alarm.service.split('/')[1]}
    </h3>
    <span class="alarm-age">
      <Age at={alarm.since} />
    </span>
    <p class="alarm-code">
      <Icon name={alarm.kind === 'failed' ? 'failed' : 'unknown'} />
      {alarm.outcome} · {alarm.reason}
    </p>
    <span class="alarm-tasks">
      {alarm.running !== undefined && alarm.desired !== undefined && `${alarm.running} of ${count(alarm.desired, 'task')} run`}
    </span>
    <p class="alarm-text">
      {alarm.message} {alarm.toDo}{' '}
      {alarm.runbook && (
        <OutLink class="runbook" href={alarm.runbook}>
          Runbook
        </OutLink>
      )}
    </p>
    <Link class="button" href={deploymentHref(alarm.service, alarm.deployment)} aria-label={`Look now at ${alarm.service}`}>
      Look now
    </Link>
  </article>
);

/** After six cards, a list. */
const AlarmLine = ({ alarm }: { alarm: Alarm }) => (
  <li class="need need-alarm">
    <Icon name={alarm.kind === 'failed' ? 'failed' : 'unknown'} size={18} class="tone-red" />
    <p>
      <strong>{alarm.service}</strong> <code>{alarm.outcome}</code> {alarm.message}
    </p>
    <Age at={alarm.since} />
    <Link class="button" href={deploymentHref(alarm.service, alarm.deployment)} aria-label={`Look now at ${alarm.service}`}>
      Look now
    </Link>
  </li>
);

type Need = {
  readonly icon: IconName;
  readonly tone: string;
  readonly title: string;
  readonly text: string;
  readonly href?: string;
  readonly action?: string;
};

const needOf = (one: Other): Need => {
  switch (one.kind) {
    case 'approval':
      return {
        icon: 'approval',
        tone: 'violet',
        title: `${one.repository} ${imageName(one.image)}`,
        text: `waits for approval to ${one.stage}: ${list(one.services, 'and')}. No answer by ${nearTime(one.until, now.value)} is a no.`,
        href: releaseHref(one.repository, one.release),
        action: 'Review',
      };
    case 'lostMessages':
      return {
        icon: 'message',
        tone: 'amber',
        title: count(one.count, 'message was not delivered', 'messages were not delivered'),
        text: `They wait in ${one.queue}. Run slipway doctor: it says what to do with them.`,
      };
    case 'unreadable':
      return { icon: 'warning', tone: 'amber', title: one.service, text: one.message, href: serviceHref(one.service), action: 'Show' };
  }
};

const NeedLine = ({ one }: { one: Other }) => {
  const { icon, tone, title, text, href, action } = needOf(one);
  return (
    <li class="need">
      <Icon name={icon} size={18} class={`tone-${tone}`} />
      <p>
        <strong>{title}</strong> {text}
      </p>
      <Age at={one.since} />
      {href && (
        <Link class="button" href={href} aria-label={`${action}: ${title}`}>
          {action}
        </Link>
      )}
    </li>
  );
};

const othersOf = (others: readonly Other[]): string => {
  const approvals = others.filter(({ kind }) => kind === 'approval').length;
  const unreadable = others.filter(({ kind }) => kind === 'unreadable').length;
  const lost = others.reduce((sum, one) => sum + (one.kind === 'lostMessages' ? one.count : 0), 0);
  return list([
    ...(approvals ? [count(approvals, 'approval')] : []),
    ...(lost ? [count(lost, 'undelivered message')] : []),
    ...(unreadable ? [count(unreadable, 'unreadable record')] : []),
  ]);
};

/** One line in the place of the alarms. */
const Calm = () => {
  const ended = timeOf(overview.value?.lastEndedAt);
  return (
    <p class="calm">
      <Icon name="succeeded" size={22} class="tone-green" />
      <strong>Nothing needs you.</strong>
      {ended !== undefined && <span class="quiet">The last deployment ended {age((now.value - ended) / 1000)} ago.</span>}
    </p>
  );
};

/** What needs an operator, the most urgent first. */
export const NeedsYou = () => {
  const alarms = attention.value.filter(isAlarm);
  const others = attention.value.filter((one): one is Other => !isAlarm(one));
  if (attention.value.length === 0) return <Calm />;
  const rest = alarms.slice(cardsAtMost);
  return (
    <section aria-labelledby="needs-you">
      <div class="needs-title">
        {alarms.length > 0 && <Icon name="failed" size={26} class="tone-red" />}
        <h2 id="needs-you" class={alarms.length > 0 ? 'tone-red' : ''}>
          {alarms.length > 0 ? count(alarms.length, 'service needs you now', 'services need you now') : `${othersOf(others)} for you`}
        </h2>
        {alarms.length > 0 && others.length > 0 && <span>and {othersOf(others)}</span>}
      </div>
      {alarms.length > 0 && (
        <div class="alarms">
          {alarms.slice(0, cardsAtMost).map((alarm) => (
            <Card key={alarm.id} alarm={alarm} />
          ))}
        </div>
      )}
      {rest.length + others.length > 0 && (
        <ul class="panel needs">
          {rest.map((alarm) => (
            <AlarmLine key={alarm.id} alarm={alarm} />
          ))}
          {others.map((one) => (
            <NeedLine key={one.id} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
};
