/** A date and time with its zone, as RFC 3339 has it, which the label is defined by (OCI image specification, annotations). */
const form = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** The label `org.opencontainers.image.created` as ISO 8601 of UTC; undefined for what is no time. */
export const createdAtOf = (label: unknown): string | undefined => {
  if (typeof label !== 'string' || !form.test(label)) return undefined;
  const time = Date.parse(label.replace(' ', 'T').toUpperCase());
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};
