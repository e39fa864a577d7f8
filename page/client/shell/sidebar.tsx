import { lookOfKind } from '../format/state.js';
import { imageName } from '../format/text.js';
import { age } from '../format/time.js';
import { Icon, type IconName, Logo } from '../parts/icons.js';
import { alarmCount, Link, route } from '../router.js';
import { historyHref, type Route, releaseHref, serviceHref } from '../routes.js';
import { connection, heardAt, overview, releases, serviceIds, serviceRow } from '../state.js';
import { isEmulatorOpen, overlay } from './open.js';
import { useSeconds } from './use-seconds.js';

type Item = { readonly view: Route['view']; readonly text: string; readonly icon: IconName; readonly href: string };
const items: readonly Item[] = [
  { view: 'overview', text: 'Overview', icon: 'overview', href: '/overview' },
  { view: 'history', text: 'History', icon: 'history', href: historyHref() },
  { view: 'insights', text: 'Insights', icon: 'insights', href: '/insights' },
];

const NavLink = ({ item }: { item: Item }) => (
  <Link class="nav" href={item.href} aria-current={route.value.view === item.view ? 'page' : undefined}>
    <Icon name={item.icon} />
    <span class="grow">{item.text}</span>
    {item.view === 'overview' && alarmCount.value > 0 && (
      <span class="alarm-count">
        {alarmCount.value}
        <span class="visually-hidden"> need you</span>
      </span>
    )}
  </Link>
);

const UnderWay = () =>
  releases.value.length > 0 && (
    <>
      <h2>Under way</h2>
      {releases.value.slice(0, 12).map((release) => {
        const { icon, tone } = lookOfKind(release.doing.kind);
        return (
          <Link key={release.id} class="nav-small" href={releaseHref(release.repository, release.id)}>
            <Icon name={icon} class={`tone-${tone}`} />
            <span>{release.repository}</span>
            <span class="mono">{release.image ? imageName(release.image) : release.tag}</span>
          </Link>
        );
      })}
    </>
  );

const Held = () => {
  const held = serviceIds.value.filter((id) => serviceRow(id)?.value.state.kind === 'hold').slice(0, 12);
  return (
    held.length > 0 && (
      <>
        <h2>Held</h2>
        {held.map((id) => (
          <Link key={id} class="nav-small" href={serviceHref(id)}>
            <Icon name="hold" />
            <span>{id}</span>
            <span class="mono">{serviceRow(id)?.value.state.by}</span>
          </Link>
        ))}
      </>
    )
  );
};

const connectionWords = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting', ended: 'Ended' } as const;

const Foot = () => {
  const time = useSeconds();
  const { state } = connection.value;
  const shown = overview.value;
  return (
    <footer>
      <p class={`live live-${state}`}>
        <span class="grow">{connectionWords[state]}</span>
        {state === 'live' && <span title="The last event of the server">{age((time - heardAt.value) / 1000)} ago</span>}
      </p>
      {shown && (
        <p>
          <strong>{shown.stack.stage}</strong> {shown.stack.region}
          <br />
          {shown.stack.account}
          {shown.me && (
            <>
              <br />
              <span title={shown.me.arn}>as {shown.me.name}</span>
            </>
          )}
        </p>
      )}
    </footer>
  );
};

const EmulatorToggle = () =>
  overview.value?.mode === 'emulator' && (
    <button
      type="button"
      class="nav"
      aria-pressed={isEmulatorOpen.value}
      onClick={() => {
        isEmulatorOpen.value = !isEmulatorOpen.value;
      }}
    >
      <Icon name="emulator" />
      Emulator
    </button>
  );

export const Sidebar = () => (
  <div class="side">
    <nav aria-label="Views">
      <p class="brand">
        <Logo />
        Slipway
      </p>
      {items.map((item) => (
        <NavLink key={item.view} item={item} />
      ))}
      <EmulatorToggle />
    </nav>
    <nav aria-label="Under way and held">
      <UnderWay />
      <Held />
    </nav>
    <Foot />
  </div>
);

/** On a phone, in the place of the sidebar. */
export const BottomBar = () => (
  <nav class="bottom" aria-label="Views">
    {items.map((item) => (
      <NavLink key={item.view} item={item} />
    ))}
    <EmulatorToggle />
    <button
      type="button"
      class="nav"
      onClick={() => {
        overlay.value = 'palette';
      }}
    >
      <Icon name="search" />
      Search
    </button>
  </nav>
);
