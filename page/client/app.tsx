import { CommandDialog } from './dialogs/index.js';
import { Palette } from './palette/palette.js';
import { EmulatorPanel } from './parts/emulator-panel.js';
import { focusMain, route } from './router.js';
import type { Route } from './routes.js';
import { Announcements } from './shell/announcements.js';
import { ConnectionBar } from './shell/connection-bar.js';
import { Help } from './shell/help.js';
import { closeEmulator, isEmulatorOpen, overlay } from './shell/open.js';
import { BottomBar, Sidebar } from './shell/sidebar.js';
import { Toasts } from './shell/toasts.js';
import { Topbar } from './shell/topbar.js';
import { connection, overview } from './state.js';
import { DeploymentPage } from './views/deployment.js';
import { HistoryView } from './views/history.js';
import { InsightsView } from './views/insights.js';
import { OverviewView } from './views/overview.js';
import { ReleaseView } from './views/release.js';
import { ServiceView } from './views/service.js';
import { UnknownView } from './views/unknown.js';

const View = ({ shown }: { shown: Route }) => {
  switch (shown.view) {
    case 'overview':
      return <OverviewView />;
    case 'history':
      return <HistoryView filters={shown.filters} />;
    case 'insights':
      return <InsightsView />;
    case 'service':
      return <ServiceView key={`${shown.cluster}/${shown.name}`} cluster={shown.cluster} name={shown.name} />;
    case 'release':
      return <ReleaseView key={shown.execution} repository={shown.repository} execution={shown.execution} />;
    case 'deployment':
      return <DeploymentPage key={shown.execution} cluster={shown.cluster} name={shown.name} execution={shown.execution} />;
    case 'unknown':
      return <UnknownView path={shown.path} />;
  }
};

const isStale = (): boolean => connection.value.state === 'lost' || connection.value.state === 'ended';

const hasEmulator = (): boolean => isEmulatorOpen.value && overview.value?.mode === 'emulator';

export const App = () => (
  <div class={isStale() ? 'app is-stale' : 'app'}>
    <button type="button" class="skip" onClick={focusMain}>
      Skip to the content
    </button>
    <Sidebar />
    <div class="page">
      <Topbar />
      <ConnectionBar />
      <main id="main" tabIndex={-1}>
        <View shown={route.value} />
      </main>
    </div>
    {hasEmulator() && <EmulatorPanel onClose={closeEmulator} />}
    <BottomBar />
    <Toasts />
    <Announcements />
    <CommandDialog />
    {overlay.value === 'palette' && <Palette />}
    {overlay.value === 'help' && <Help />}
  </div>
);
