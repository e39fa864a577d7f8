/**
 * Milliseconds until the next try of a connection that was lost: 1, 2, 4 … 30 s, or `atMost` seconds. `failures` counts from 1.
 */
export const delayAfter = (failures: number, atMost = 30): number => Math.min(atMost, 2 ** Math.max(0, failures - 1)) * 1000;
