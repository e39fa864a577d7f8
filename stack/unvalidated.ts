/** The fields of a value that may be of any type. */
export const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
