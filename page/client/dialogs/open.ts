import { signal } from '@preact/signals';
import type { Command } from '../../api.js';

/** A command whose dialog is open. Its key is made when the dialog opens: sent twice, the command is carried out once. */
export type OpenCommand = { readonly command: Command; readonly key: string };

export const openDialog = signal<OpenCommand | undefined>(undefined);

/** Opens the dialog of a command, which says what would change and asks. The focus comes back to what has it now. */
export const openCommand = (command: Command): void => {
  openDialog.value = { command, key: crypto.randomUUID() };
};

export const closeCommand = (): void => {
  openDialog.value = undefined;
};
