import type { MarkedView } from '@dms/databases';
import { shellWord } from '@dms/diagnostics';
import { readShape } from '@dms/model';
import * as z from 'zod/mini';
import { suffixOptions } from '../views/reporting-dialect.ts';
import type { EarlierMapping } from './earlier-mapping.ts';

/** Options of the views of an earlier set (design 21 §3). */
export interface EarlierViewOptions {
  /** Suffix of the names of schemas; null for the default of the dialect. */
  readonly suffix: string | null;
  /** Whether views have the columns of later ODS scripts; only possible if the views below have them. */
  readonly changeColumns: boolean;
  /** Whether values get the types of an ODS, at the cost of indexes. */
  readonly exactTypes: boolean;
  /** Whether `Descriptor` is a table, so that foreign keys can refer to it. */
  readonly descriptorTable: boolean;
  /** Roles that may read the views. */
  readonly grants: readonly string[];
}

/** `52` for the version `5.2.0`. */
export const shortVersion = (version: string): string => version.split('.').slice(0, 2).join('');

/** The suffix of a schema: `_52` by default, from the version of its project. */
export const versionSuffix = ({ versions }: Pick<EarlierMapping, 'versions'>, schema: string): string =>
  `_${shortVersion(versions[schema] ?? '')}`;

const usualEarlierOptions: EarlierViewOptions = {
  suffix: null,
  changeColumns: false,
  exactTypes: false,
  descriptorTable: false,
  grants: [],
};

const optionsFormat = z.strictObject({
  earlierSuffix: z._default(z.nullable(z.string()), null),
  changeColumns: z._default(z.boolean(), false),
  exactTypes: z._default(z.boolean(), false),
  descriptorTable: z._default(z.boolean(), false),
  grants: z._default(z.array(z.string()), []),
});

/** The options of a run as in the marks of its views: JSON without the options that were not chosen. */
export function markedEarlierOptions({
  suffix,
  changeColumns,
  exactTypes,
  descriptorTable,
  grants,
}: EarlierViewOptions): string {
  return JSON.stringify({
    ...(suffix === null ? {} : { earlierSuffix: suffix }),
    ...(changeColumns ? { changeColumns } : {}),
    ...(exactTypes ? { exactTypes } : {}),
    ...(descriptorTable ? { descriptorTable } : {}),
    ...(grants.length === 0 ? {} : { grants }),
  });
}

/** The options of a mark; the defaults for a mark that others wrote. */
export function earlierOptionsOfMark(made: MarkedView['made']): EarlierViewOptions {
  const read = readShape(optionsFormat, made?.options ?? {});
  if ('found' in read) return usualEarlierOptions;
  const { earlierSuffix, ...options } = read.value;
  return { suffix: earlierSuffix, ...options };
}

/** `dms-ddl reporting apply --earlier` with the options of a run. */
export function applyEarlierCommand({ suffix, descriptorTable, grants }: EarlierViewOptions): string {
  return [
    'dms-ddl reporting apply --earlier',
    // PowerShell drops an empty word
    ...(suffix === null ? [] : [suffixOptions.earlier + (suffix === '' ? '=' : ` ${shellWord(suffix)}`)]),
    ...(descriptorTable ? ['--descriptor-table'] : []),
    ...grants.map((role) => `--grant ${shellWord(role)}`),
  ].join(' ');
}
