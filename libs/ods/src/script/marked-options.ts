import { readShape } from '@dms/model';
import * as z from 'zod/mini';
import { type ReportingOptions, usualOptions } from '../views/reporting-dialect.ts';

const optionsFormat = z.strictObject({
  schemaSuffix: z._default(z.string(), usualOptions.schemaSuffix),
  changeColumns: z._default(z.boolean(), usualOptions.changeColumns),
  exactTypes: z._default(z.boolean(), usualOptions.exactTypes),
  descriptorTable: z._default(z.boolean(), usualOptions.descriptorTable),
  grants: z._default(z.array(z.string()), []),
});

/** What a run chose, as the marks of its views say it, with a space before it; empty where nothing was chosen. */
export function markedOptions({
  schemaSuffix,
  changeColumns,
  exactTypes,
  descriptorTable,
  grants,
}: ReportingOptions): string {
  const chosen = {
    ...(schemaSuffix === '' ? {} : { schemaSuffix }),
    ...(changeColumns ? { changeColumns } : {}),
    ...(exactTypes ? { exactTypes } : {}),
    ...(descriptorTable ? { descriptorTable } : {}),
    ...(grants.length === 0 ? {} : { grants }),
  };
  return Object.keys(chosen).length === 0 ? '' : ` ${JSON.stringify(chosen)}`;
}

/** Reads the options of a mark; a mark that others wrote has none. */
export function optionsOfMark(text: string): ReportingOptions {
  try {
    const read = readShape(optionsFormat, JSON.parse(text));
    return 'found' in read ? usualOptions : read.value;
  } catch {
    return usualOptions;
  }
}
