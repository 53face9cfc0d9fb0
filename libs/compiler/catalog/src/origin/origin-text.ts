import { counted, printable } from '@dms/diagnostics';
import type { Catalog } from '../catalog.ts';
import { hasServiceSet } from '../service-catalog.ts';
import type { JudgedCatalog, Origin, OriginKind } from './origin.ts';

/** The names of makers in sentences. */
export const originNames: Readonly<Record<OriginKind, string>> = {
  'dms-ddl': 'dms-ddl',
  service: "the service's own tool",
  mixed: "dms-ddl and the service's own tool",
  unknown: 'an unknown maker',
};

/** The text about a mixed database with the triggers of each maker; null for any other database. */
export function mixedText({ kind, ours, service }: Origin): string | null {
  if (kind !== 'mixed') return null;
  const halves = `dms-ddl made ${counted(ours.length, 'trigger')} (${someOf(ours)}), the service's own tool ${service.length} (${someOf(service)})`;
  return `two makers are mixed: ${halves}. Writes may fail or do things twice; dms-ddl adopt makes all of them ours`;
}

const namesShown = 3;

function someOf(names: readonly string[]): string {
  const rest = names.length > namesShown ? `, and ${names.length - namesShown} more` : '';
  return printable(names.slice(0, namesShown).join(', ')) + rest;
}

/** A database that was compared with the catalog of its maker. */
interface ComparedOrigins extends Pick<JudgedCatalog, 'maker' | 'leftovers'> {
  /** The live catalog. */
  readonly catalog: Catalog;
}

/**
 * The report of a comparison about the maker: its name, the objects that were not compared, and leftovers of the other
 * maker. Empty for a generation that the service does not use.
 */
export function originLines({ catalog, maker, leftovers }: ComparedOrigins): string[] {
  if (!hasServiceSet(catalog)) return [];
  const other = maker.kind === 'service' ? 'dms-ddl' : "the service's own tool";
  return [
    `Triggers and functions: made by ${originNames[maker.kind]}`,
    ...(maker.kind === 'service'
      ? ["  Their bodies are the service's own and are not compared. dms-ddl adopt replaces them with ours."]
      : []),
    ...(leftovers.length > 0
      ? [`  ${counted(leftovers.length, 'function')} of ${other} that no trigger calls: ${someOf(leftovers)}`]
      : []),
  ];
}
