import { signal } from '@preact/signals';
import type { Command } from '../../api.js';

/** A command whose dialog is open. Its key is made when the dialog opens: sent twice, the command is carried out once. */
export type OpenCommand = { readonly id: number; readonly command: Command; readonly key: { current: string } };

export const openDialog = signal<OpenCommand | undefined>(undefined);

export const newKey = (): string => crypto.randomUUID();

let opened = 0;

/** Opens the dialog of a command, which says what would change and asks. The focus comes back to what has it now. */
export const openCommand = (command: Command): void => {
  openDialog.value = { id: ++opened, command, key: { current: newKey() } };
};

export const closeCommand = (): void => {
  openDialog.value = undefined;
};
