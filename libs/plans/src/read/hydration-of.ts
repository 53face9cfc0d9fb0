import type { MappingVersion } from '@dms/api-schema';
import type { Table } from '@dms/model';
import { generations } from '../generations.ts';
import type { Hydration } from './read-table.ts';

/** What plans read of a table, and in which order: for plans that come from elsewhere (design 08 §7.3, 17 §4.2). */
export function hydrationOf(table: Table, version: MappingVersion): Hydration {
  return generations[version].read.hydration(table);
}
