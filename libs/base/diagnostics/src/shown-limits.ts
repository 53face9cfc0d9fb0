/* The limits on the findings that a run shows. A longer list would add nothing; the run counts the omitted entries. */

/** The maximum number of diagnostics of one kind in a run, if each document or row can cause one. */
export const mostShown = 100;

/** The maximum length of a value in a message, in UTF-16 code units. */
export const longestShown = 100;

/** The text of a value, shortened for a message. */
export const shortened = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;

/** The maximum number of names, rows or places in one message or finding. */
export const mostExamples = 20;
