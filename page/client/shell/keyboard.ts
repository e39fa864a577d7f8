import { openCommand, openDialog } from '../dialogs/open.js';
import { navigate, route } from '../router.js';
import { releaseHref } from '../routes.js';
import { attention, isLive, overview } from '../state.js';
import { type Action, stepOfKey } from './keys.js';
import { isEmulatorOpen, overlay } from './open.js';
import { toggleTheme } from './theme.js';

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter((row) => row.offsetParent !== null);

const rowOfFocus = (): HTMLElement | undefined => document.activeElement?.closest<HTMLElement>('[data-row]') ?? undefined;

/** A row is a table's row whose first link has the focus. */
const moveRow = (by: number): void => {
  const all = rows();
  const row = rowOfFocus();
  const next = row ? all[all.indexOf(row) + by] : by > 0 ? all[0] : all.at(-1);
  next?.querySelector<HTMLElement>('a, button')?.focus();
};

/** The service that a key is about: of the row with the focus, or of the view. */
const serviceInFocus = (): string | undefined => {
  const ofRow = rowOfFocus()?.dataset.service;
  const shown = route.peek();
  return ofRow ?? ('cluster' in shown ? `${shown.cluster}/${shown.name}` : undefined);
};

/** Approvals are given where it is seen what they release. */
const review = (): void => {
  const waiting = attention.peek().find((one) => one.kind === 'approval');
  if (waiting?.kind === 'approval') navigate(releaseHref(waiting.repository, waiting.release));
};

const approve = (): void => {
  const shown = route.peek();
  const waiting =
    shown.view === 'release' ? attention.peek().find((one) => one.kind === 'approval' && one.release === shown.execution) : undefined;
  if (waiting?.kind !== 'approval') review();
  else openCommand({ command: 'approve', repository: waiting.repository, stage: waiting.stage, digest: waiting.image.digest });
};

const rollBack = (): void => {
  const service = serviceInFocus();
  const shown = route.peek();
  if (service) openCommand({ command: 'rollback', service });
  else if (shown.view === 'release') openCommand({ command: 'rollbackRelease', repository: shown.repository, release: shown.execution });
};

const actions: Readonly<Record<Action, () => void>> = {
  palette: () => {
    overlay.value = 'palette';
  },
  help: () => {
    overlay.value = 'help';
  },
  filter: () => document.querySelector<HTMLElement>('main [data-filter]')?.focus(),
  overview: () => navigate('/overview'),
  history: () => navigate('/history'),
  insights: () => navigate('/insights'),
  nextRow: () => moveRow(1),
  previousRow: () => moveRow(-1),
  rowMenu: () => rowOfFocus()?.querySelector<HTMLElement>('[data-menu]')?.click(),
  approve: () => isLive.peek() && approve(),
  rollBack: () => isLive.peek() && rollBack(),
  emulator: () => {
    if (overview.peek()?.mode === 'emulator') isEmulatorOpen.value = !isEmulatorOpen.peek();
  },
  theme: toggleTheme,
};

const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]';

export const startKeyboard = (): void => {
  let isAfterG = false;
  addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const step = stepOfKey(isAfterG, {
      key: event.key,
      isCommand: event.ctrlKey || event.metaKey,
      isAlt: event.altKey,
      isTyping: target?.matches(typing) ?? false,
      isInDialog: overlay.peek() !== undefined || openDialog.peek() !== undefined,
    });
    isAfterG = step.isAfterG;
    if (event.key === 'Escape' && target?.matches('[data-filter]')) (target as HTMLElement).blur();
    if (!step.action) return;
    event.preventDefault();
    actions[step.action]();
  });
};
