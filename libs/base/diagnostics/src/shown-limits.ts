/*
 * How much a run shows of what it found. A longer list would add nothing; the run counts what it leaves out.
 */

/** The most diagnostics of one kind that a run lists where each document or row can cause one. */
export const mostShown = 100;

/** The most UTF-16 code units of a value that a message shows. */
export const longestShown = 100;

/** A text of a value as a message shows it. */
export const shortened = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;

/** The most names, rows or places that one message or finding lists. */
export const mostExamples = 20;
