/** Rounds a number to one significant digit: an estimate is not more exact. */
function roughly(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(value));
  return Math.round(value / digit) * digit;
}

/** Milliseconds as an estimate in seconds: a whole number with one significant digit, at least 1. */
export const roughSeconds = (seconds: number): number => Math.max(1, roughly(Math.max(seconds, 0.1)));

/** An estimate for people: `less than 1 s`, `about 40 s`, `about 7 min`, `about 3 h`. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 95) return `about ${roughSeconds(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 95 ? `about ${roughSeconds(minutes)} min` : `about ${roughSeconds(minutes / 60)} h`;
}
