export { CommandDialog } from './command-dialog.js';
export { lastDone, openCommand } from './open.js';
