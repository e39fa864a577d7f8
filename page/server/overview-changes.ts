import type { Overview, PageEvent } from '../api.js';

/** What has changed from one overview to the next: pages are sent nothing else. */
export const changesOf = (before: Overview | undefined, after: Overview): PageEvent[] => {
  const rows = new Map(before?.services.map((row) => [row.id, row]));
  const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const ids = new Set(after.services.map(({ id }) => id));
  // Rows come and go, a first day ends, who asks is known: rare, and more than one kind of event says.
  const isOther =
    before === undefined ||
    before.services.some(({ id }) => !ids.has(id)) ||
    !isSame([before.stack, before.me, before.holdOfAll, before.firstDay], [after.stack, after.me, after.holdOfAll, after.firstDay]);
  if (isOther) return [{ type: 'snapshot', data: after }];
  return [
    ...after.services.filter((row) => !isSame(rows.get(row.id), row)).map((data) => ({ type: 'service' as const, data })),
    ...(isSame(before.releases, after.releases) ? [] : [{ type: 'releases' as const, data: after.releases }]),
    ...(isSame(before.attention, after.attention) ? [] : [{ type: 'attention' as const, data: after.attention }]),
    ...(isSame(before.problems, after.problems) ? [] : [{ type: 'problems' as const, data: after.problems }]),
  ];
};
