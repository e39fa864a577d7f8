import { Palette } from './palette/palette.js';
import { route } from './router.js';
import type { Route } from './routes.js';
import { Announcements } from './shell/announcements.js';
import { ConnectionBar } from './shell/connection-bar.js';
import { Help } from './shell/help.js';
import { overlay } from './shell/open.js';
import { BottomBar, Sidebar } from './shell/sidebar.js';
import { Toasts } from './shell/toasts.js';
import { Topbar } from './shell/topbar.js';
import { connection } from './state.js';
import { DeploymentPage } from './views/deployment.js';
import { OverviewView } from './views/overview.js';
import { UnknownView } from './views/unknown.js';

const View = ({ shown }: { shown: Route }) => {
  switch (shown.view) {
    case 'overview':
      return <OverviewView />;
    case 'deployment':
      return <DeploymentPage key={shown.execution} {...shown} />;
    default:
      return <UnknownView path={location.pathname} />;
  }
};

const isStale = (): boolean => connection.value.state === 'lost' || connection.value.state === 'ended';

export const App = () => (
  <div class={isStale() ? 'app is-stale' : 'app'}>
    <a class="skip" href="#main">
      Skip to the content
    </a>
    <Sidebar />
    <div class="page">
      <Topbar />
      <ConnectionBar />
      <main id="main" tabIndex={-1}>
        <View shown={route.value} />
      </main>
    </div>
    <BottomBar />
    <Toasts />
    <Announcements />
    {overlay.value === 'palette' && <Palette />}
    {overlay.value === 'help' && <Help />}
  </div>
);
