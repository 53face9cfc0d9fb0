import { needsOfServer } from '@dms/catalog';
import { mustExist } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { DdlGeneration } from '../ddl-generation.ts';
import { ddlGenerationV2 } from '../v2/ddl-generation.ts';
import { documentStampingBody as mssqlStampingBody } from '../v2/mssql/document-stamping.ts';
import { mssqlGuards } from '../v2/mssql/guards.ts';
import { documentStampingBody as pgsqlStampingBody } from '../v2/pgsql/document-stamping.ts';
import { pgsqlGuards, refuseWhen } from '../v2/pgsql/guards.ts';
import { shapeTraces } from '../v2/singletons.ts';

const { sql, literal } = dialectOf.pgsql;
const { oldestPgsql } = mustExist(needsOfServer('v2-natural').uriFolding, 'the folding of URIs');

/** Refuses a server without the collation that folds the URIs of descriptors (design 22 §1.1). */
const suitableServer = refuseWhen(
  sql`version < ${literal(oldestPgsql)} OR pg_catalog.getdatabaseencoding() <> 'UTF8'`,
  sql`pg_catalog.format(${literal(
    'The collation pg_c_utf8 needs PostgreSQL 17 and a UTF8 database; this is PostgreSQL %s, %s.',
  )}, pg_catalog.current_setting('server_version'), pg_catalog.getdatabaseencoding())`,
);

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
