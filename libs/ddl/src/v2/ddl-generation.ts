import { coreV2 } from '@dms/model';
import type { DdlGeneration } from '../ddl-generation.ts';
import { mssqlBodiesV2 } from './mssql/generation-bodies.ts';
import { mssqlGuardsV2 } from './mssql/guards.ts';
import { mssqlSingletonsV2 } from './mssql/singletons.ts';
import { dropEarlierTriggers } from './pgsql/earlier-triggers.ts';
import { pgsqlBodiesV2 } from './pgsql/generation-bodies.ts';
import { pgsqlGuardsV2 } from './pgsql/guards.ts';
import { pgsqlSingletonsV2 } from './pgsql/singletons.ts';
import { singletons } from './singletons.ts';

/** The second generation (design 16). */
export const ddlGenerationV2: DdlGeneration = {
  bodies: { pgsql: pgsqlBodiesV2, mssql: mssqlBodiesV2 },
  script: {
    pgsql: { guards: pgsqlGuardsV2, dropEarlierTriggers, seedSingletons: pgsqlSingletonsV2 },
    mssql: { guards: mssqlGuardsV2, dropEarlierTriggers: () => {}, seedSingletons: mssqlSingletonsV2 },
  },
  titles: {
    guards: 'Bounded Provisioning Guards',
    functions: 'Functions and Types',
    seed: { number: 10, title: 'Seed Data (insert-if-missing + validation)' },
  },
  singletonTables: singletons.map(({ table, columns: [keyColumn] }) => ({ table: coreV2[table], keyColumn })),
};
