import type { MappingVersion } from '@dms/model';
import type { SingletonTable } from './ddl-generation.ts';
import { generations } from './generations.ts';

/**
 * The tables besides `dms.EffectiveSchema` in which a complete database of a generation has exactly one row (design 16
 * §5.2).
 */
export const singletonTables = (version: MappingVersion): readonly SingletonTable[] =>
  generations[version].singletonTables;
