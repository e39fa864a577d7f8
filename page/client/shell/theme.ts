import { signal } from '@preact/signals';

type Theme = 'light' | 'dark';
const key = 'slipway-theme';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** The storage may be refused by the browser's settings. */
const stored = (): Theme | undefined => {
  try {
    const theme = localStorage.getItem(key);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
};

const chosen = stored();
if (chosen) document.documentElement.dataset.theme = chosen;

export const theme = signal<Theme>(chosen ?? (prefersDark.matches ? 'dark' : 'light'));

export const toggleTheme = (): void => {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme.value;
  try {
    localStorage.setItem(key, theme.value);
  } catch {
    // It holds until the page is closed.
  }
};
