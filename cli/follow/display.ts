import type { Context } from '../context.js';
import { exitStatuses } from '../exit-status.js';
import { clean } from '../render/clean.js';
import { deploymentLines } from '../render/deployment.js';
import { jsonText } from '../render/json.js';
import { markOf } from '../render/marks.js';
import { releaseLines } from '../render/release.js';
import { commandsOf, type Style } from '../render/style.js';
import type { StackClient } from '../stack-client.js';
import type { Screen } from '../terminal.js';
import { type Known, newLines } from './facts.js';
import { inertForRunner } from './inert-for-runner.js';
import { LiveView } from './live-view.js';
import type { End, NoteCode, Seen } from './state.js';

/** Where the events of a release go. */
export type Display = {
  readonly show: (seen: Seen, at: string) => void;
  readonly note: (code: NoteCode, message: string) => void;
  readonly end: (end: End) => void;
  /** Leaves the terminal in order, whatever ended the command. */
  readonly close: () => void;
};

type Place = Pick<Context, 'terminal' | 'options' | 'environment' | 'now'>;

/** JSON with --json, a tree that is drawn in place on a terminal, and a line for each event elsewhere. */
export const displayOf = (place: Place, client: Pick<StackClient, 'stage' | 'region'>): Display => {
  const command = commandsOf(client, place.options.profile);
  const { screen } = place.terminal;
  if (place.options.json) return jsonDisplay(place);
  return screen ? liveDisplay(place, screen, command) : logDisplay(place, command);
};

/** One object a line; a view again only if it has changed. */
const jsonDisplay = ({ terminal, now }: Place): Display => {
  let before = '';
  const print = (event: object) => terminal.print(jsonText(event));
  return {
    show: ({ kind, view }, at) => {
      const text = JSON.stringify(view);
      if (text !== before) print({ event: kind, at, [kind]: view });
      before = text;
    },
    note: (code, message) => print({ event: 'note', at: now().toISOString(), code, message }),
    end: ({ kind: event, ...end }) => print({ event, at: now().toISOString(), ...end }),
    close: () => {},
  };
};

const endLines = (end: End, { colors, command }: Pick<Style, 'colors'> & { readonly command: NonNullable<Style['command']> }): string[] => {
  const { status, message, link, commands = [] } = clean(end);
  const paint = status === exitStatuses.ok ? colors.green : colors.red;
  return [paint(message), ...(link ? [link] : []), ...commands.map((words) => command(...words))];
};

/** For the log of a CI job or a file: every line with the time, UTC, and nothing that the job's runner would obey. */
const logDisplay = ({ terminal, environment, now }: Place, command: NonNullable<Style['command']>): Display => {
  const { width, colors } = terminal;
  const isRunner = environment.GITHUB_ACTIONS === 'true';
  let known: Known = new Map();
  const print = (lines: readonly string[]) => {
    const time = now().toISOString().slice(11, 19);
    for (const line of lines) {
      const text = `${colors.dim(time)} ${line}`;
      terminal.print(isRunner ? inertForRunner(text) : text);
    }
  };
  return {
    show: (seen, at) => {
      const changed = newLines(seen, { width, colors, now: new Date(at), command }, known);
      ({ known } = changed);
      print(changed.lines);
    },
    note: (_, message) => print([clean(message)]),
    end: (end) => print(endLines(end, { colors, command })),
    close: () => {},
  };
};

const frameMs = 120;

/** The tree of a release, drawn again whenever something changes; between two answers the marks of what is in progress move. */
const liveDisplay = ({ terminal, now }: Place, screen: Screen, command: NonNullable<Style['command']>): Display => {
  const { colors } = terminal;
  const view = new LiveView(screen);
  let seen: Seen | undefined;
  let waitsFor = '';
  let ahead = 0;
  let frame = 0;
  const lines = (isLast: boolean): string[] => {
    const style = { width: view.width, colors, now: new Date(now().getTime() + ahead), command, ...(!isLast && { frame }) };
    if (!seen) return waitsFor === '' ? [] : [`${markOf('moving', style)} ${waitsFor}`];
    return seen.kind === 'release' ? releaseLines(seen.view, style) : deploymentLines(seen.view, style);
  };
  const draw = () => view.draw(lines(false));
  const timer = setInterval(() => {
    frame++;
    draw();
  }, frameMs);
  return {
    show: (shown, at) => {
      seen = shown;
      // Durations are by the clock of the stack, which wrote the times.
      ahead = Date.parse(at) - now().getTime();
      draw();
    },
    note: (code, message) => {
      if (code === 'BOUND' || code === 'NO_ANSWER' || seen) view.leave([colors.dim(clean(message))]);
      else waitsFor = clean(message);
      draw();
    },
    end: (end) => {
      const rest = endLines(end, { colors, command });
      // The tree has the result, with its message.
      view.leave([...(seen ? lines(true) : []), ...(end.result ? rest.slice(1) : rest)]);
      seen = undefined;
      waitsFor = '';
    },
    close: () => {
      clearInterval(timer);
      if (seen) view.leave(lines(true));
    },
  };
};
