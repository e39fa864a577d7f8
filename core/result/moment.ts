/** A time, ISO 8601, to the minute: `2026-11-28 09:00 UTC`; any other text as it is. */
export const moment = (time: string): string => {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? time : `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};
