import type { LogEntry } from '../../emulator/event-log.js';

/** The page's own reads invoke `query`: what they cause is not listed, and makes the page read nothing again. */
export const isOwnRead = ({ source, detail }: LogEntry): boolean =>
  source === 'lambda' && typeof detail.function === 'string' && detail.function.endsWith('-query');
