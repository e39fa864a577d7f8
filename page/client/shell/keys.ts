/** A key as the browser reports it, and where it was pressed. */
export type KeyPress = {
  readonly key: string;
  /** Ctrl, or ⌘ on a Mac. */
  readonly isCommand: boolean;
  readonly isAlt: boolean;
  /** In a field: single keys are text. */
  readonly isTyping: boolean;
  /** A dialog is open: keys are its own. */
  readonly isInDialog: boolean;
};

export type Action =
  | 'palette'
  | 'filter'
  | 'overview'
  | 'history'
  | 'insights'
  | 'nextRow'
  | 'previousRow'
  | 'rowMenu'
  | 'approve'
  | 'rollBack'
  | 'emulator'
  | 'theme'
  | 'help';

const single: Readonly<Record<string, Action>> = {
  '/': 'filter',
  j: 'nextRow',
  k: 'previousRow',
  '.': 'rowMenu',
  a: 'approve',
  r: 'rollBack',
  e: 'emulator',
  t: 'theme',
  '?': 'help',
};
const afterG: Readonly<Record<string, Action>> = { o: 'overview', h: 'history', i: 'insights' };

export type KeyStep = { readonly isAfterG: boolean; readonly action?: Action };

/** What a key does, and whether the next one is the second of `g o`, `g h`, `g i`. */
export const stepOfKey = (isAfterG: boolean, { key, isCommand, isAlt, isTyping, isInDialog }: KeyPress): KeyStep => {
  if (isInDialog) return { isAfterG: false };
  if (isCommand) return key.toLowerCase() === 'k' && !isAlt ? { isAfterG: false, action: 'palette' } : { isAfterG: false };
  if (isAlt || isTyping) return { isAfterG: false };
  if (key === 'Shift') return { isAfterG };
  const keys = isAfterG ? afterG : single;
  const action = Object.hasOwn(keys, key) ? keys[key] : undefined;
  return action ? { isAfterG: false, action } : { isAfterG: !isAfterG && key === 'g' };
};

/** For the list that `?` opens. */
export const shortcuts: readonly { readonly keys: readonly string[]; readonly text: string }[] = [
  { keys: ['Ctrl', 'K'], text: 'Search or run a command' },
  { keys: ['/'], text: 'Filter' },
  { keys: ['g', 'o'], text: 'Overview' },
  { keys: ['g', 'h'], text: 'History' },
  { keys: ['g', 'i'], text: 'Insights' },
  { keys: ['j'], text: 'Next row' },
  { keys: ['k'], text: 'Previous row' },
  { keys: ['Enter'], text: 'Open the row' },
  { keys: ['.'], text: 'Menu of the row' },
  { keys: ['a'], text: 'Approve, after a dialog' },
  { keys: ['r'], text: 'Roll back, after a dialog' },
  { keys: ['e'], text: 'Emulator' },
  { keys: ['t'], text: 'Light or dark' },
  { keys: ['?'], text: 'This list' },
  { keys: ['Esc'], text: 'Close' },
];
