import type { Terminal } from '../terminal.js';

/** What a text is rendered for. `frame` counts up in a live view, and moves the marks of what is in progress. */
export type Style = Pick<Terminal, 'width' | 'colors'> & { readonly now: Date; readonly frame?: number };
