import type { ComponentChildren } from 'preact';
import type { Tone } from '../format/state.js';
import { Icon, type IconName } from './icons.js';

/** A code or a short word with its colour. `solid` is white on red: what needs an operator. */
export const Badge = ({ tone = 'none', icon, children }: { tone?: Tone | 'solid'; icon?: IconName; children: ComponentChildren }) => (
  <span class={tone === 'none' ? 'badge' : `badge badge-${tone}`}>
    {icon && <Icon name={icon} size={14} />}
    {children}
  </span>
);
