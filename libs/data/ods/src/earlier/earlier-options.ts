import type { MarkedView } from '@dms/databases';
import { shellWord } from '@dms/diagnostics';
import { readShape } from '@dms/model';
import * as z from 'zod/mini';
import {
  chosenOptions,
  suffixOptions,
  usualViewOptions,
  type ViewOptions,
  viewOptionsFormat,
} from '../views/reporting-dialect.ts';
import type { EarlierMapping } from './earlier-mapping.ts';

/** Options of the views of an earlier set (design 21 §3). */
export interface EarlierViewOptions extends ViewOptions {
  /** Suffix of the names of schemas; null for the default of the dialect. */
  readonly suffix: string | null;
}

/** `52` for the version `5.2.0`. */
export const shortVersion = (version: string): string => version.split('.').slice(0, 2).join('');

/** The suffix of a schema: `_52` by default, from the version of its project. */
export const versionSuffix = ({ versions }: Pick<EarlierMapping, 'versions'>, schema: string): string =>
  `_${shortVersion(versions[schema] ?? '')}`;

const optionsFormat = z.strictObject({
  earlierSuffix: z._default(z.nullable(z.string()), null),
  ...viewOptionsFormat,
});

/** The options of a run as in the marks of its views. */
export const markedEarlierOptions = ({ suffix: earlierSuffix, ...options }: EarlierViewOptions): string =>
  chosenOptions<ViewOptions & { readonly earlierSuffix: string | null }>(
    { earlierSuffix, ...options },
    { earlierSuffix: null, ...usualViewOptions },
  );

/** The options of a mark; the defaults for a mark that others wrote. */
export function earlierOptionsOfMark(made: MarkedView['made']): EarlierViewOptions {
  const read = readShape(optionsFormat, made?.options ?? {});
  if ('found' in read) return { suffix: null, ...usualViewOptions };
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
