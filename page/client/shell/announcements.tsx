import { effect, signal } from '@preact/signals';
import { count } from '../format/text.js';
import { attention, connection, lastRecord } from '../state.js';
import { createAnnouncer } from './announcer.js';

const message = signal('');

const announce = createAnnouncer({
  say: (text) => {
    message.value = text;
  },
  now: () => performance.now(),
  later: setTimeout,
});

/** Ends, and what newly needs an operator; never single tasks. */
export const startAnnouncements = (): void => {
  let known: ReadonlySet<string> | undefined;
  effect(() => {
    const ids = new Set(attention.value.map(({ id }) => id));
    const added = [...ids].filter((id) => known && !known.has(id)).length;
    known = ids;
    if (added) announce(`${count(added, 'thing needs', 'things need')} you now, ${ids.size} in all.`);
  });
  let was: string | undefined;
  effect(() => {
    const { state } = connection.value;
    if (state === 'lost' && was === 'live') announce('Connection lost.');
    if (state === 'live' && was === 'lost') announce('Connected again.');
    was = state;
  });
  effect(() => {
    const record = lastRecord.value;
    if (record?.outcome) announce(`A ${record.kind} ended: ${record.outcome.replaceAll('_', ' ').toLowerCase()}.`);
  });
};

export const Announcements = () => (
  <div class="visually-hidden" role="status" aria-live="polite">
    {message.value}
  </div>
);
