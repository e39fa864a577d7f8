import { commandLine } from '../../core/command-line/shell-word.js';
import type { StackView } from '../../core/query/answers.js';
import type { Terminal } from '../terminal.js';

/**
 * What a text is rendered for. `frame` counts up in a live view, and moves the marks of what is in progress. `command` completes the words
 * after `slipway` to a line to paste; without it no such line is shown.
 */
export type Style = Pick<Terminal, 'width' | 'colors'> & {
  readonly now: Date;
  readonly frame?: number;
  readonly command?: (...words: readonly string[]) => string;
};

/** Completes commands for the stack that was asked, with the profile that reached it. */
export const commandsOf =
  ({ stage, region }: Pick<StackView, 'stage' | 'region'>, profile?: string): NonNullable<Style['command']> =>
  (...words) =>
    commandLine([
      ...['npx', '--no-install', 'slipway', ...words, '--stage', stage, '--region', region],
      ...(profile === undefined ? [] : ['--profile', profile]),
    ]);
