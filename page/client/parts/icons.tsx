import { type IconName, iconPaths } from './icon-paths.js';

export type { IconName } from './icon-paths.js';

/** Decoration beside a word, unless `label` makes it the word. The moving one turns; without motion it is a ring that is not closed. */
export const Icon = ({ name, size = 16, label, class: className }: { name: IconName; size?: number; label?: string; class?: string }) => (
  <svg
    class={[name === 'moving' ? 'spin' : '', className].filter(Boolean).join(' ') || undefined}
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width={name === 'more' ? 2 : 1.5}
    stroke-linecap="round"
    stroke-linejoin="round"
    role="img"
    aria-label={label}
    aria-hidden={label ? undefined : true}
  >
    <path d={iconPaths[name]} />
  </svg>
);

export const Logo = () => (
  <svg width="22" height="22" viewBox="0 0 22 22" fill="currentColor" aria-hidden="true">
    <path d="M3 12.5 18.5 8.5 16 14.2 5.8 16.800zM9 5.500l1-.3v5l-1 .3zM11 6.500l4 .6v1.600l-4 1zM1 19.200l20-4v1.800l-20 4z" />
  </svg>
);
