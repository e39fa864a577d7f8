import { useId, useState } from 'preact/hooks';
import { Icon } from './icons.js';
import '../styles/tooltip.css';

/** A definition behind an icon: it opens on focus, on a click and under the pointer, and closes on Esc. `label` names what is defined. */
export const Tooltip = ({ label, text }: { label: string; text: string }) => {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  const close = () => setOpen(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the text stays while the pointer is on it (WCAG 1.4.13); keys have the button
    <span class="tooltip" onMouseEnter={open} onMouseLeave={close}>
      <button
        type="button"
        aria-label={`What ${label} counts`}
        aria-describedby={isOpen ? id : undefined}
        onFocus={open}
        onBlur={close}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !isOpen) return;
          event.stopPropagation();
          close();
        }}
      >
        <Icon name="help" />
      </button>
      {isOpen && (
        <span class="tooltip-text" role="tooltip" id={id}>
          <strong>{label}</strong>
          {text}
        </span>
      )}
    </span>
  );
};
