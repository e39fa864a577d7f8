import type { PageUsage } from './page.js';
import { blockOf } from './quotes.js';
import { table } from './table.js';

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
const milliseconds = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

const rowsOf = ({ script, style, firstPaint, update, moving, services, push }: PageUsage): string[][] => [
  ['script, gzipped', kilobytes(script), '80 KB', yes(script <= 80_000)],
  ['style sheet, gzipped', kilobytes(style), '12 KB', yes(style <= 12_000)],
  ['first paint', milliseconds(firstPaint), '1000 ms', yes(firstPaint <= 1000)],
  [`script of an update, ${moving} of ${services} services move`, milliseconds(update), '16 ms', yes(update <= 16)],
  ['from the event of a push on the emulator to the overview', milliseconds(push), '1000 ms', yes(push <= 1000)],
];

const yes = (isWithin: boolean): string => (isWithin ? 'yes' : 'no');

/** The part of bench/results.md about the page. */
export const pageSection = (usage: PageUsage): string => `## The page

The overview of ${usage.services} services in Chromium without a window, over loopback, its first data in the HTML; medians. An
update is an event for each of the services that move; its script is ScriptDuration of Chrome's own metrics, ticks of
the clock included. The slowest of the updates had ${milliseconds(usage.slowest)} of script; style and layout took ${milliseconds(usage.layout)} (median).

${blockOf('the page', table(['measured', 'is', 'may be', 'within'], rowsOf(usage)))}`;
