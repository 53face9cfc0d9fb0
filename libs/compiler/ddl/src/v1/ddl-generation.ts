import type { DdlGeneration } from '../ddl-generation.ts';
import { mssqlBodiesV1, mssqlGuardsV1 } from './mssql/generation-bodies.ts';
import { pgsqlBodiesV1, pgsqlGuardsV1 } from './pgsql/generation-bodies.ts';

const none = { dropEarlierTriggers: () => {}, seedSingletons: () => {} };

/** The first generation (design 06, 07). */
export const ddlGenerationV1: DdlGeneration = {
  bodies: { pgsql: pgsqlBodiesV1, mssql: mssqlBodiesV1 },
  script: {
    pgsql: { guards: pgsqlGuardsV1, ...none },
    mssql: { guards: mssqlGuardsV1, ...none },
  },
  titles: {
    guards: 'Preflight (fail fast on schema hash mismatch)',
    functions: 'Functions',
  },
  singletonTables: [],
};
