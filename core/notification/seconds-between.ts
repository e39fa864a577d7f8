/** Whole seconds between two times, ISO 8601; 0 if the second one is earlier. */
export const secondsBetween = (from: string, to: string): number => Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
