import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { HistoryPage, HistoryRecord } from '../../api.js';
import { get } from '../http.js';
import { now } from '../now.js';
import { newRecords } from '../state.js';
import { useResource } from '../use-resource.js';
import { apiPathOf, type Filters, hrefOf } from './filters.js';

type Older = { readonly of: HistoryPage | undefined; readonly records: readonly HistoryRecord[]; readonly next?: string | undefined };

/**
 * The records that match, 100 a page, newest first. `fresh` is how many were begun or have ended since the list was read: it stays as it
 * is until `refresh`, so that no row moves under the pointer.
 */
export const useHistory = (filters: Filters) => {
  const key = hrefOf(filters);
  const [path, setPath] = useState({ key, at: now.peek() });
  if (path.key !== key) setPath({ key, at: now.peek() });
  const readings = useSignal(0);
  const seen = useSignal(newRecords.peek());
  const first = useResource<HistoryPage>(apiPathOf(filters, path.at), readings);
  const [older, setOlder] = useState<Older>({ of: undefined, records: [] });
  const [reading, setReading] = useState<{ readonly isBusy: boolean; readonly error?: Error }>({ isBusy: false });
  // Other filters are read anew, and have what was announced.
  useEffect(() => {
    seen.value = newRecords.peek();
    setReading({ isBusy: false });
  }, [key]);
  const page = first.data;
  const added = older.of === page ? older : undefined;
  const next = added ? added.next : page?.next;
  const more = (): void => {
    if (!page || !next || reading.isBusy) return;
    setReading({ isBusy: true });
    get<HistoryPage>(apiPathOf(filters, path.at, next)).then(
      ({ records, next: after }) => {
        setOlder({ of: page, records: [...(added?.records ?? []), ...records], next: after });
        setReading({ isBusy: false });
      },
      (error: Error) => setReading({ isBusy: false, error }),
    );
  };
  const refresh = (): void => {
    seen.value = newRecords.peek();
    readings.value++;
  };
  const records = page ? [...page.records, ...(added?.records ?? [])] : [];
  return { ...first, records, next, more, isBusy: reading.isBusy, moreError: reading.error, fresh: newRecords.value - seen.value, refresh };
};
