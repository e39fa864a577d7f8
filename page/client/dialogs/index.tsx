export { CommandDialog } from './command-dialog.js';
export { openCommand } from './open.js';
