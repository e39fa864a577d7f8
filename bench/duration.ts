/** 93.4 → `1 min 33 s`; hours from two on. */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 120) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
};
