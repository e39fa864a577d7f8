export { chromiumPath, launchBrowser } from '../../../page/chromium.js';
