import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.js';

type Look = {
  readonly kind?: 'primary' | 'danger' | 'plain' | undefined;
  readonly icon?: IconName | undefined;
  readonly isSmall?: boolean | undefined;
};

const classes = ({ kind, isSmall }: Look, isIcon: boolean): string =>
  ['button', kind && `button-${kind}`, isSmall && 'button-small', isIcon && 'button-icon'].filter(Boolean).join(' ');

type ButtonProps = Look & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'class' | 'className' | 'icon'>;

/** A button with a word. One that is off stays in the order of focus if it is given `aria-disabled` in place of `disabled`. */
export const Button = ({ kind, icon, isSmall, children, ...rest }: ButtonProps & { children: ComponentChildren }) => (
  <button type="button" {...rest} class={classes({ kind, isSmall }, false)}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
);

/** A button that is an icon: `label` names it to a screen reader, and to the pointer as its title. */
export const IconButton = ({ icon, label, isSmall, kind = 'plain', ...rest }: ButtonProps & { icon: IconName; label: string }) => (
  <button type="button" title={label} {...rest} aria-label={label} class={classes({ kind, isSmall }, true)}>
    <Icon name={icon} />
  </button>
);

/** One of a few, as buttons side by side. */
export const Segments = <Key extends string | number>(props: {
  label: string;
  options: readonly { readonly key: Key; readonly text: string }[];
  value: Key;
  onChange: (key: Key) => void;
}) => (
  <fieldset class="segments" aria-label={props.label}>
    {props.options.map(({ key, text }) => (
      <button key={key} type="button" aria-pressed={key === props.value} onClick={() => props.onChange(key)}>
        {text}
      </button>
    ))}
  </fieldset>
);
