/** The text that a mail subscription gets of an SNS message, which may have one for each protocol. */
export const mailOf = (message: unknown): string => {
  if (typeof message !== 'string') return '';
  try {
    const texts = JSON.parse(message) as { default?: unknown } | null;
    if (typeof texts?.default === 'string') return texts.default;
  } catch {
    // Not a message by protocol: every subscription gets it as it is.
  }
  return message;
};
