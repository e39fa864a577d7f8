import { computed, type ReadonlySignal } from '@preact/signals';
import type { ServiceRow } from '../../api.js';
import { isMoving } from '../format/state.js';
import { serviceIds, serviceRow } from '../state.js';
import { countOf, filtered, type Shown } from './filter.js';

/** Between IDs of services; none has a space in it. Text stays equal when the same services are listed again. */
const between = ' ';

const rowsOf = (ids: readonly string[]): readonly ServiceRow[] => ids.flatMap((id) => serviceRow(id)?.value ?? []);

/** Every service, with its state now. */
export const allRows: ReadonlySignal<readonly ServiceRow[]> = computed(() => rowsOf(serviceIds.value));

/** Numbers alone: what shows them is drawn again when they change, not with each change of a service. */
export const movingCount = computed(() => countOf(allRows.value, 'moving'));
export const notSteadyCount = computed(() => countOf(allRows.value, 'notSteady'));

/** The services that pass the filters, as text: a change of one that leaves the list as it is draws that one row alone. */
export const listOf = (shown: ReadonlySignal<Shown>, text: ReadonlySignal<string>): ReadonlySignal<string> =>
  computed(() =>
    filtered(allRows.value, shown.value, text.value)
      .map(({ id }) => id)
      .join(between),
  );

export const idsIn = (list: string): readonly string[] => (list === '' ? [] : list.split(between));

const isAlarm = ({ state }: ServiceRow): boolean => state.kind === 'failed' || state.kind === 'unknown';

/** Numbers of a cluster's head. */
export const sumsOf = (ids: readonly string[]) => ({
  tasks: computed(() => rowsOf(ids).reduce((sum, { running }) => sum + (running ?? 0), 0)),
  moving: computed(() => rowsOf(ids).filter(({ state }) => isMoving(state.kind)).length),
  alarms: computed(() => rowsOf(ids).filter(isAlarm).length),
});
