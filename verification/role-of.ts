/** A part of the ARN of a function's role: `UpdateServiceRole`. */
export const roleOf = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;
