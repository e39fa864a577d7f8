import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons.js';

/** A modal dialog: Esc and a click beside it close it, the focus comes back to what had it. Put `.dialog-actions` last into it. */
export const Dialog = (props: {
  title: string;
  icon?: IconName;
  tone?: string;
  class?: string;
  /** Its title is read and not seen. */
  isBare?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}) => {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  // Before the next key arrives: it is the dialog's.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog ${props.class ?? ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) props.onClose();
      }}
    >
      <header class={props.isBare ? 'visually-hidden' : undefined}>
        {props.icon && <Icon name={props.icon} size={20} class={props.tone ? `tone-${props.tone}` : ''} />}
        <h2 id={id}>{props.title}</h2>
      </header>
      <div class={props.isBare ? undefined : 'dialog-body'}>{props.children}</div>
    </dialog>
  );
};
