import { signal } from '@preact/signals';
import { IconButton } from '../parts/button.js';
import { Icon, type IconName } from '../parts/icons.js';
import { Link } from '../router.js';

/** `isBad` stays until it is closed. */
export type Toast = {
  readonly title: string;
  readonly text?: string;
  readonly icon?: IconName;
  readonly tone?: 'red' | 'green' | 'amber';
  readonly href?: string;
  /** Offers another try. */
  readonly again?: () => void;
};

const toasts = signal<readonly (Toast & { readonly id: number })[]>([]);
const shownFor = 8000;
const atMost = 4;
let count = 0;

const close = (id: number): void => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/** Shows a message for eight seconds; one that is red stays until it is closed. */
export const showToast = (toast: Toast): void => {
  const id = ++count;
  toasts.value = [...toasts.peek(), { ...toast, id }].slice(-atMost);
  if (toast.tone !== 'red') setTimeout(close, shownFor, id);
};

export const Toasts = () => (
  <section class="toasts" aria-label="Messages">
    {toasts.value.map(({ id, title, text, icon, tone, href, again }) => (
      <div key={id} class={`toast toast-${tone ?? 'none'}`} role={tone === 'red' ? 'alert' : undefined}>
        <Icon name={icon ?? (tone === 'red' ? 'failed' : 'succeeded')} size={18} class={`tone-${tone ?? 'none'}`} />
        <div class="grow">
          <strong>{title}</strong>
          {text && <p>{text}</p>}
          {(href || again) && (
            <p class="toast-actions">
              {href && (
                <Link class="link" href={href}>
                  Open
                </Link>
              )}
              {again && (
                <button
                  type="button"
                  class="link-button"
                  onClick={() => {
                    close(id);
                    again();
                  }}
                >
                  Try again
                </button>
              )}
            </p>
          )}
        </div>
        <IconButton icon="close" label="Close this message" isSmall onClick={() => close(id)} />
      </div>
    ))}
  </section>
);
