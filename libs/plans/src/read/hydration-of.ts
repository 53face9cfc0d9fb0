import type { MappingVersion } from '@dms/api-schema';
import type { Table } from '@dms/model';
import { generations } from '../generations.ts';
import type { Hydration } from './read-table.ts';

/**
 * The columns that plans read from a table, in their order, for plans that were compiled elsewhere (design 08 §7.3, 17
 * §4.2).
 */
export function hydrationOf(table: Table, version: MappingVersion): Hydration {
  return generations[version].read.hydration(table);
}
