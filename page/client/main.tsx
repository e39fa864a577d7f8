import './styles/base.css';
import { render } from 'preact';
import { App } from './app.js';
import { startClock } from './now.js';
import { startRouter } from './router.js';
import { startAnnouncements } from './shell/announcements.js';
import { startToasts } from './shell/end-toasts.js';
import { startEvents } from './shell/events.js';
import { startFavicon } from './shell/favicon.js';
import { startKeyboard } from './shell/keyboard.js';
import './styles/overlays.css';
import './styles/shell.css';

const root = document.getElementById('page');
if (root) {
  startClock();
  startEvents();
  startRouter();
  startFavicon();
  startAnnouncements();
  startToasts();
  startKeyboard();
  render(<App />, root);
}
