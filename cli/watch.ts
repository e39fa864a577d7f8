import { configuredServices } from '../core/configuration/configuration.js';
import type { LocalStack } from './local-stack.js';
import { renderSummary, summaryOf, whoWidthOf } from './summary.js';
import type { Terminal } from './terminal.js';
import { line, Timeline } from './timeline.js';

type WatchOptions = {
  readonly json: boolean;
  readonly verbose: boolean;
  /** How much of a message's text the summary shows; undefined for none. */
  readonly body: (message: string) => string | undefined;
};

/**
 * Prints what happens as it happens: a summary, with `verbose` every step, with `json` every step as an object a line.
 * Returns the function that ends it.
 */
export const watch = (stack: LocalStack, terminal: Terminal, { json, verbose, body }: WatchOptions): (() => void) => {
  const timeline = new Timeline(stack.states);
  const whoWidth = whoWidthOf(configuredServices(stack.configuration).map(({ service }) => service.service));
  return stack.listen((entry) => {
    if (json || verbose) {
      const step = timeline.entryOf(entry);
      if (step) terminal.print(json ? JSON.stringify({ ...step, time: new Date(step.time).toISOString() }) : line(step, whoWidth));
      return;
    }
    const summary = summaryOf(entry, stack.states);
    if (!summary) return;
    const { body: message, ...rest } = summary;
    const shown = message === undefined ? undefined : body(message);
    terminal.print(renderSummary(entry.time, shown === undefined ? rest : { ...rest, body: shown }, terminal, whoWidth));
  });
};
