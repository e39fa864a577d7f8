import { openCommand } from '../dialogs/open.js';
import { count } from '../format/text.js';
import { Button, IconButton } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { alarmCount, Link, route, titleOf } from '../router.js';
import { historyHref, serviceHref } from '../routes.js';
import { isLive } from '../state.js';
import { overlay } from './open.js';
import { theme, toggleTheme } from './theme.js';

const Crumbs = () => {
  const shown = route.value;
  const parent =
    shown.view === 'deployment'
      ? { text: `${shown.cluster}/${shown.name}`, href: serviceHref(`${shown.cluster}/${shown.name}`) }
      : shown.view === 'release'
        ? { text: 'History', href: historyHref({ repository: shown.repository }) }
        : shown.view === 'service'
          ? { text: 'Overview', href: '/overview' }
          : undefined;
  return (
    <ol class="crumbs">
      {parent && (
        <li>
          <Link href={parent.href}>{parent.text}</Link>
          <Icon name="next" size={14} />
        </li>
      )}
      <li aria-current="page">{shown.view === 'deployment' ? 'Deployment' : titleOf(shown)}</li>
    </ol>
  );
};

export const Topbar = () => (
  <header class="top">
    <nav aria-label="Where you are" class="grow">
      <Crumbs />
    </nav>
    {alarmCount.value > 0 && route.value.view !== 'overview' && (
      <Link class="alarm-chip" href="/overview">
        <Icon name="failed" />
        {count(alarmCount.value, 'needs you', 'need you')}
      </Link>
    )}
    <button
      type="button"
      class="button search"
      onClick={() => {
        overlay.value = 'palette';
      }}
    >
      <Icon name="search" />
      <span class="grow">Search or run…</span>
      <kbd>Ctrl K</kbd>
    </button>
    <span class="top-deploy">
      <Button disabled={!isLive.value} onClick={() => openCommand({ command: 'deploy' })}>
        Deploy…
      </Button>
    </span>
    <span class="top-help">
      <IconButton
        icon="help"
        label="Keyboard"
        onClick={() => {
          overlay.value = 'help';
        }}
      />
    </span>
    <IconButton
      icon={theme.value === 'dark' ? 'sun' : 'moon'}
      label={theme.value === 'dark' ? 'Light theme' : 'Dark theme'}
      onClick={toggleTheme}
    />
  </header>
);
