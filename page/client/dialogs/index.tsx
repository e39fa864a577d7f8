export { openCommand } from './open.js';
