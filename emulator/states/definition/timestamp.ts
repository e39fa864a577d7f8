const pattern = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339 with a capital T and a zone, as the Amazon States Language requires. */
export const isTimestamp = (text: string): boolean => {
  const [, day, , zone = ''] = pattern.exec(text) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Date.parse takes 30 February as 1 March.
  return new Date(text.replace(zone, 'Z')).getUTCDate() === Number(day);
};
