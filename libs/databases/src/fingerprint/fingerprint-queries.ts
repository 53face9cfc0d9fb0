import { core, coreSchema, qualified } from '@dms/model';
import { mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';

/**
 * How the rows that say what a database was provisioned for are read (design 09 §2.6). Every value is cast: a column of
 * another type then fails instead of returning a different value.
 */
export interface FingerprintQueries {
  readonly tables: string;
  /** The names of all tables of schema `dms`. */
  readonly coreTables: string;
  readonly singletons: string;
  readonly resourceKeys: string;
  readonly components: string;
}

export const fingerprintQueries: Readonly<Record<SqlDialect, FingerprintQueries>> = {
  pgsql: {
    // not to_regclass: it answers from a cache that misses what was committed while the session waited for a lock
    tables: `SELECT bool_or(c.relname = 'EffectiveSchema') AS "EffectiveSchema", bool_or(c.relname = 'ResourceKey') AS "ResourceKey",
  bool_or(c.relname = 'SchemaComponent') AS "SchemaComponent"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${coreSchema}' AND c.relkind IN ('r', 'p')`,
    coreTables: `SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = '${coreSchema}' AND c.relkind IN ('r', 'p')`,
    singletons: `SELECT "EffectiveSchemaSingletonId"::int4 AS id, "ApiSchemaFormatVersion"::text AS "formatVersion",
  "EffectiveSchemaHash"::text AS hash, "ResourceKeyCount"::int4 AS count, encode("ResourceKeySeedHash", 'hex') AS "seedHash"
FROM ${pgsqlName(core.effectiveSchema)} ORDER BY 1 LIMIT 2`,
    resourceKeys: `SELECT "ResourceKeyId"::int4 AS id, "ProjectName"::text AS "projectName", "ResourceName"::text AS "resourceName",
  "ResourceVersion"::text AS "resourceVersion"
FROM ${pgsqlName(core.resourceKey)} ORDER BY 1`,
    components: `SELECT "EffectiveSchemaHash"::text AS hash, "ProjectEndpointName"::text AS "projectEndpointName",
  "ProjectName"::text AS "projectName", "ProjectVersion"::text AS "projectVersion",
  "IsExtensionProject"::boolean AS "isExtensionProject"
FROM ${pgsqlName(core.schemaComponent)} ORDER BY 1, 2`,
  },
  mssql: {
    tables: `SELECT CASE WHEN OBJECT_ID(N'${qualified(core.effectiveSchema)}', N'U') IS NULL THEN 0 ELSE 1 END AS [EffectiveSchema],
  CASE WHEN OBJECT_ID(N'${qualified(core.resourceKey)}', N'U') IS NULL THEN 0 ELSE 1 END AS [ResourceKey],
  CASE WHEN OBJECT_ID(N'${qualified(core.schemaComponent)}', N'U') IS NULL THEN 0 ELSE 1 END AS [SchemaComponent]`,
    coreTables: `SELECT t.name FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE s.name = N'${coreSchema}'`,
    singletons: `SELECT TOP (2) CAST([EffectiveSchemaSingletonId] AS int) AS [id], CAST([ApiSchemaFormatVersion] AS nvarchar(4000)) AS [formatVersion],
  CAST([EffectiveSchemaHash] AS nvarchar(4000)) AS [hash], CAST([ResourceKeyCount] AS int) AS [count],
  LOWER(CONVERT(varchar(8000), CAST([ResourceKeySeedHash] AS varbinary(4000)), 2)) AS [seedHash]
FROM ${mssqlName(core.effectiveSchema)} ORDER BY 1`,
    resourceKeys: `SELECT CAST([ResourceKeyId] AS int) AS [id], CAST([ProjectName] AS nvarchar(4000)) AS [projectName],
  CAST([ResourceName] AS nvarchar(4000)) AS [resourceName], CAST([ResourceVersion] AS nvarchar(4000)) AS [resourceVersion]
FROM ${mssqlName(core.resourceKey)} ORDER BY 1`,
    components: `SELECT CAST([EffectiveSchemaHash] AS nvarchar(4000)) AS [hash], CAST([ProjectEndpointName] AS nvarchar(4000)) AS [projectEndpointName],
  CAST([ProjectName] AS nvarchar(4000)) AS [projectName], CAST([ProjectVersion] AS nvarchar(4000)) AS [projectVersion],
  CAST([IsExtensionProject] AS bit) AS [isExtensionProject]
FROM ${mssqlName(core.schemaComponent)} ORDER BY 1, 2`,
  },
};
