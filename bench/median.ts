/** The middle value; the mean of the two middle values of an even number of values. */
export const median = (values: readonly number[]): number => {
  if (values.length === 0) throw new Error('there is no median of nothing; measure at least once');
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
};
