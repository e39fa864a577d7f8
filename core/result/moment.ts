/** A time, ISO 8601, to the minute: `2026-11-28 09:00 UTC`; any other text as it is. */
export const moment = (time: string): string => {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? time : `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};

/** The time so many seconds later, ISO 8601. */
export const after = (time: string, seconds: number): string => new Date(Date.parse(time) + seconds * 1000).toISOString();

/** Formats whole seconds: `8 d 16 h` from two days on, `1 h 2 min`, `3 min 5 s`, `12 s`; `10 min` without the part that is 0. */
export const duration = (total: number): string => {
  const hours = Math.floor(total / 3600);
  const and = (part: number, unit: string): string => (part > 0 ? ` ${part} ${unit}` : '');
  if (hours >= 48) return `${Math.floor(hours / 24)} d${and(hours % 24, 'h')}`;
  const minutes = Math.floor((total % 3600) / 60);
  if (hours > 0) return `${hours} h${and(minutes, 'min')}`;
  return minutes > 0 ? `${minutes} min${and(total % 60, 's')}` : `${total} s`;
};
