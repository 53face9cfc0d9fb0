import { mustExist } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { DdlGeneration } from '../ddl-generation.ts';
import { unsuitablePgsqlServer } from '../pgsql/unsuitable-server.ts';
import { ddlGenerationV2 } from '../v2/ddl-generation.ts';
import { documentStampingBody as mssqlStampingBody } from '../v2/mssql/document-stamping.ts';
import { mssqlGuards } from '../v2/mssql/guards.ts';
import { documentStampingBody as pgsqlStampingBody } from '../v2/pgsql/document-stamping.ts';
import { pgsqlGuards, refuseWhen } from '../v2/pgsql/guards.ts';
import { shapeTraces } from '../v2/singletons.ts';

const { condition, refusal } = mustExist(
  unsuitablePgsqlServer('v2-natural', dialectOf.pgsql.sql`version`),
  'the folding of URIs',
);
const suitableServer = refuseWhen(condition, refusal);

const shape = shapeTraces('v2-natural');
const { bodies, script } = ddlGenerationV2;

/** The second generation without referential ids (design 22). */
export const ddlGenerationV2Natural: DdlGeneration = {
  ...ddlGenerationV2,
  bodies: {
    pgsql: { ...bodies.pgsql, documentStamping: pgsqlStampingBody(false) },
    mssql: { ...bodies.mssql, documentStamping: mssqlStampingBody(false) },
  },
  script: {
    pgsql: { ...script.pgsql, guards: pgsqlGuards({ shape, server: suitableServer }) },
    mssql: { ...script.mssql, guards: mssqlGuards(shape) },
  },
};
