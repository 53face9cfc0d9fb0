/* What stands on a command line, apart from options: this is loaded where no operation is. */

/** The text that stands for the standard input or output. */
export const standardStream = '-';

/** The file of an output that is printed without one; undefined for the standard output. */
export const outputFile = (value: string | undefined): string | undefined =>
  value === standardStream ? undefined : value;
