import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandName, ServiceRow } from '../../api.js';
import { openCommand } from '../dialogs/open.js';
import { isMoving } from '../format/state.js';
import { IconButton } from '../parts/button.js';
import { Link } from '../router.js';
import { historyHref } from '../routes.js';
import { isLive } from '../state.js';

type Item = { readonly command: CommandName; readonly text: string };

const itemsOf = ({ state }: ServiceRow): readonly Item[] => [
  { command: 'rollback', text: 'Roll back…' },
  { command: 'redeploy', text: 'Redeploy…' },
  state.kind === 'hold' ? { command: 'unhold', text: 'Release the hold…' } : { command: 'hold', text: 'Hold…' },
  ...(isMoving(state.kind) ? [{ command: 'cancel', text: 'Cancel the deployment…' } as const] : []),
];

const Menu = ({ row, close }: { row: ServiceRow; close: (isFocusKept: boolean) => void }) => {
  const element = useRef<HTMLDivElement>(null);
  const items = () => [...(element.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    items()[0]?.focus();
    const onPointer = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) close(false);
    };
    addEventListener('pointerdown', onPointer);
    return () => removeEventListener('pointerdown', onPointer);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by) all[(at + by + all.length) % all.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (event.key === 'Enter' || event.key === ' ') return event.stopPropagation();
    event.stopPropagation();
    if (by || event.key === 'Escape') event.preventDefault();
  };
  return (
    <div ref={element} class="menu" role="menu" tabIndex={-1} aria-label={row.id} onKeyDown={onKeyDown}>
      {itemsOf(row).map(({ command, text }) => (
        <button
          key={command}
          type="button"
          role="menuitem"
          disabled={!isLive.value}
          onClick={() => {
            close(true);
            openCommand({ command, service: row.id });
          }}
        >
          {text}
        </button>
      ))}
      <Link role="menuitem" href={historyHref({ service: row.id })}>
        History
      </Link>
    </div>
  );
};

/** What can be done with a service, each after a dialog. */
export const RowMenu = ({ row }: { row: ServiceRow }) => {
  const [isOpen, setOpen] = useState(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const close = (isFocusKept: boolean) => {
    setOpen(false);
    if (isFocusKept) wrapper.current?.querySelector<HTMLElement>('[data-menu]')?.focus();
  };
  return (
    <div class="menu-anchor" ref={wrapper}>
      <IconButton
        icon="more"
        label={`Menu of ${row.id}`}
        isSmall
        data-menu
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && <Menu row={row} close={close} />}
    </div>
  );
};
