/** A time, ISO 8601, to the minute: `2026-11-28 09:00 UTC`; any other text as it is. */
export const moment = (time: string): string => {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? time : `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};

/** Formats whole seconds: `8 d 16 h` from two days on, `1 h 2 min`, `3 min 5 s`, `12 s`. */
export const duration = (total: number): string => {
  const hours = Math.floor(total / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const minutes = Math.floor((total % 3600) / 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`;
};
