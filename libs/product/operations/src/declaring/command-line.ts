/* Constants of the command line, apart from options; this module is loaded where no operation is. */

/** The value that stands for the standard input or output. */
export const standardStream = '-';

/** The file of an output whose default is the standard output; undefined for the standard output. */
export const outputFile = (value: string | undefined): string | undefined =>
  value === standardStream ? undefined : value;
