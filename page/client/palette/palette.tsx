import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { Images } from '../../api.js';
import { openCommand } from '../dialogs/open.js';
import { get } from '../http.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { navigate } from '../router.js';
import { closeOverlay } from '../shell/open.js';
import { attention, isLive, releases, serviceIds, serviceRow } from '../state.js';
import { type Entry, entriesOf, type FoundEntry, search } from './entries.js';

/** Repositories whose newest images are offered. */
const repositoriesAtMost = 8;

type RepositoryImages = { readonly repository: string; readonly images: Images['images'] };

/** Without the images the palette still has all else: a read that fails leaves them out. */
const useImages = (): readonly RepositoryImages[] => {
  const [known, setKnown] = useState<readonly RepositoryImages[]>([]);
  useEffect(() => {
    const rows = serviceIds.peek().flatMap((id) => serviceRow(id)?.peek() ?? []);
    const repositories = [...new Set(rows.flatMap(({ sources }) => sources.map(({ repository }) => repository)))];
    for (const repository of repositories.slice(0, repositoriesAtMost))
      get<Images>(`/api/images?${new URLSearchParams({ repository })}`).then(
        ({ images }) => setKnown((before) => [...before, { repository, images: images.slice(0, 10) }]),
        () => undefined,
      );
  }, []);
  return known;
};

const Marked = ({ found }: { found: FoundEntry }) => {
  const { text } = found.entry;
  const { ranges } = found.match;
  return (
    <span>
      {ranges.map(([from, to], index) => (
        <span key={from}>
          {text.slice(ranges[index - 1]?.[1] ?? 0, from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </span>
  );
};

const run = (entry: Entry, isNewTab: boolean): void => {
  if ('href' in entry && isNewTab) {
    window.open(entry.href, '_blank', 'noopener');
    return;
  }
  closeOverlay();
  // Its dialog opens once this one has given the focus back.
  requestAnimationFrame(() => ('href' in entry ? navigate(entry.href) : openCommand(entry.command)));
};

type GroupProps = { title: string; found: readonly FoundEntry[]; from: number; chosen: number; id: string };

const Group = ({ title, found, from, chosen, id }: GroupProps) =>
  found.length > 0 && (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of a listbox
    <div role="group" aria-label={title}>
      <p class="palette-group" aria-hidden="true">
        {title}
      </p>
      {found.map((one, index) => (
        <div
          key={one.entry.text}
          id={`${id}-${from + index}`}
          role="option"
          tabIndex={-1}
          aria-selected={from + index === chosen}
          onClick={(event) => run(one.entry, event.ctrlKey || event.metaKey)}
          onKeyDown={(event) => event.key === 'Enter' && run(one.entry, event.ctrlKey || event.metaKey)}
        >
          <Icon name={one.entry.icon} />
          <Marked found={one} />
          <small>{one.entry.detail}</small>
        </div>
      ))}
    </div>
  );

/** Search, and commands: what is chosen opens, or asks in its dialog. */
export const Palette = () => {
  const id = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const images = useImages();
  const canRun = isLive.value;
  const { run: commands, go } = useMemo(() => {
    const rows = serviceIds.peek().flatMap((one) => serviceRow(one)?.peek() ?? []);
    const entries = entriesOf({ rows, releases: releases.peek(), attention: attention.peek(), images });
    return search(query, canRun ? entries : entries.filter((entry) => 'href' in entry));
  }, [query, images, canRun]);
  const all = [...commands, ...go];
  useEffect(() => document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [id, chosen]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const entry = all[chosen]?.entry;
    if (by && all.length) setChosen((chosen + by + all.length) % all.length);
    else if (event.key === 'Enter' && entry) run(entry, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search or run" class="palette" isBare onClose={closeOverlay}>
      <div class="palette-query">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Search or run"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={all.length ? `${id}-${chosen}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder="A service, a release, a view, a command"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <div class="palette-list" id={id} role="listbox" aria-label="Found">
        <Group title="Do" found={commands} from={0} chosen={chosen} id={id} />
        <Group title="Go to" found={go} from={commands.length} chosen={chosen} id={id} />
      </div>
      {all.length === 0 && <p class="palette-none">Nothing matches {query}.</p>}
      <footer>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>Enter</kbd> run
        </span>
        <span>
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> new tab
        </span>
      </footer>
    </Dialog>
  );
};
