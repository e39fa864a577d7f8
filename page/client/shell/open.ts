import { signal } from '@preact/signals';

/** What lies over the page, or beside its view. Commands have their own dialogs. */
export const overlay = signal<'palette' | 'help' | undefined>(undefined);
export const isEmulatorOpen = signal(false);

export const closeOverlay = (): void => {
  overlay.value = undefined;
};

export const closeEmulator = (): void => {
  isEmulatorOpen.value = false;
};
