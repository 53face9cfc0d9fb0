import { dialectOf } from '@dms/sql';

/* The queries that read a SQL Server database: seventeen recordsets of one batch (design 09a §1.4). */

const { sql } = dialectOf.mssql;

/** The queries by what they read, in the order of their recordsets. */
export const mssqlQueries = {
  schemas: sql`SELECT s.schema_id, s.name FROM sys.schemas s WHERE s.schema_id < 16384 AND s.name NOT IN (N'sys', N'INFORMATION_SCHEMA', N'guest')`,

  objects: sql`SELECT o.object_id, o.schema_id, o.name, RTRIM(o.type) AS type, o.parent_object_id
FROM sys.objects o WHERE o.is_ms_shipped = 0 AND o.type IN ('U','V','FN','IF','TF','P','TR')`,

  tableTypes: sql`SELECT tt.type_table_object_id AS object_id, tt.schema_id, tt.name FROM sys.table_types tt WHERE tt.is_user_defined = 1`,

  columns: sql`SELECT c.object_id, c.column_id, c.name, t.name AS type_name, c.max_length, c.precision, c.scale, c.is_nullable,
  c.is_identity, CAST(ic.seed_value AS varchar(40)) AS seed_value, CAST(ic.increment_value AS varchar(40)) AS increment_value,
  cc.definition AS computed_definition, cc.is_persisted, dc.name AS default_name, dc.definition AS default_definition,
  CASE WHEN c.collation_name <> CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS sysname) THEN c.collation_name END AS collation_name
FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
LEFT JOIN sys.identity_columns ic ON ic.object_id = c.object_id AND ic.column_id = c.column_id
LEFT JOIN sys.computed_columns cc ON cc.object_id = c.object_id AND cc.column_id = c.column_id
LEFT JOIN sys.default_constraints dc ON dc.object_id = c.default_object_id
WHERE c.object_id IN (SELECT object_id FROM sys.objects WHERE is_ms_shipped = 0 AND type IN ('U','V') UNION ALL SELECT type_table_object_id FROM sys.table_types WHERE is_user_defined = 1)`,

  indexes: sql`SELECT i.object_id, i.index_id, i.name, i.type AS index_type, i.is_unique, i.is_primary_key, i.is_unique_constraint,
  i.is_disabled, i.filter_definition
FROM sys.indexes i JOIN sys.tables t ON t.object_id = i.object_id WHERE t.is_ms_shipped = 0 AND i.type > 0 AND i.is_hypothetical = 0`,

  indexColumns: sql`SELECT x.object_id, x.index_id, x.index_column_id, x.column_id, x.key_ordinal, x.is_descending_key, x.is_included_column
FROM sys.index_columns x JOIN sys.tables t ON t.object_id = x.object_id WHERE t.is_ms_shipped = 0`,

  keys: sql`SELECT k.name, k.parent_object_id, k.unique_index_id, k.type FROM sys.key_constraints k WHERE k.is_ms_shipped = 0`,

  foreignKeys: sql`SELECT f.object_id, f.name, f.parent_object_id, f.referenced_object_id, f.delete_referential_action,
  f.update_referential_action, f.is_disabled, f.is_not_trusted
FROM sys.foreign_keys f WHERE f.is_ms_shipped = 0`,

  foreignKeyColumns: sql`SELECT x.constraint_object_id, x.constraint_column_id, x.parent_column_id, x.referenced_column_id FROM sys.foreign_key_columns x`,

  checks: sql`SELECT k.name, k.parent_object_id, k.definition, k.is_disabled, k.is_not_trusted FROM sys.check_constraints k WHERE k.is_ms_shipped = 0`,

  triggers: sql`SELECT g.object_id, g.name, g.parent_id, g.is_disabled, g.is_instead_of_trigger FROM sys.triggers g WHERE g.is_ms_shipped = 0 AND g.parent_class = 1`,

  triggerEvents: sql`SELECT e.object_id, e.type FROM sys.trigger_events e JOIN sys.triggers g ON g.object_id = e.object_id WHERE g.is_ms_shipped = 0 AND g.parent_class = 1`,

  modules: sql`SELECT m.object_id, m.definition, m.uses_quoted_identifier, m.uses_ansi_nulls, m.is_schema_bound
FROM sys.sql_modules m JOIN sys.objects o ON o.object_id = m.object_id WHERE o.is_ms_shipped = 0`,

  parameters: sql`SELECT p.object_id, p.parameter_id, p.name, t.name AS type_name, p.max_length, p.precision, p.scale
FROM sys.parameters p JOIN sys.types t ON t.user_type_id = p.user_type_id JOIN sys.objects o ON o.object_id = p.object_id WHERE o.is_ms_shipped = 0`,

  sequences: sql`SELECT s.schema_id, s.name, t.name AS type_name, CAST(s.start_value AS varchar(40)) AS start_value,
  CAST(s.increment AS varchar(40)) AS increment, CAST(s.minimum_value AS varchar(40)) AS minimum_value,
  CAST(s.maximum_value AS varchar(40)) AS maximum_value, s.is_cycling
FROM sys.sequences s JOIN sys.types t ON t.user_type_id = s.user_type_id WHERE s.is_ms_shipped = 0`,

  options: sql`SELECT i.object_id AS owner_id, i.name AS part, N'DISABLED' AS text FROM sys.indexes i WHERE i.is_disabled = 1 AND (i.is_primary_key = 1 OR i.is_unique_constraint = 1)
UNION ALL SELECT i.object_id, i.name, N'IGNORE_DUP_KEY' FROM sys.indexes i JOIN sys.tables t ON t.object_id = i.object_id WHERE i.ignore_dup_key = 1
UNION ALL SELECT f.parent_object_id, f.name, N'NOT FOR REPLICATION' FROM sys.foreign_keys f WHERE f.is_not_for_replication = 1
UNION ALL SELECT k.parent_object_id, k.name, N'NOT FOR REPLICATION' FROM sys.check_constraints k WHERE k.is_not_for_replication = 1
UNION ALL SELECT g.parent_id, g.name, N'NOT FOR REPLICATION' FROM sys.triggers g WHERE g.is_not_for_replication = 1 AND g.parent_class = 1
UNION ALL SELECT g.parent_id, g.name, CASE WHEN e.is_first = 1 THEN N'FIRST ' ELSE N'LAST ' END + e.type_desc COLLATE DATABASE_DEFAULT FROM sys.trigger_events e JOIN sys.triggers g ON g.object_id = e.object_id WHERE (e.is_first = 1 OR e.is_last = 1) AND g.parent_class = 1
UNION ALL SELECT x.target_object_id, NULL, N'SECURITY POLICY ' + p.name + N' ' + x.predicate_type_desc COLLATE DATABASE_DEFAULT + CASE WHEN p.is_enabled = 1 THEN N'' ELSE N' OFF' END FROM sys.security_predicates x JOIN sys.security_policies p ON p.object_id = x.object_id
UNION ALL SELECT 0, NULL, CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)) COLLATE DATABASE_DEFAULT`,

  synonyms: sql`SELECT y.schema_id, y.name, y.base_object_name FROM sys.synonyms y WHERE y.is_ms_shipped = 0`,
} as const;

interface TypeColumns {
  readonly type_name: string;
  /** Bytes; −1 = max. */
  readonly max_length: number;
  readonly precision: number;
  readonly scale: number;
}

/** The rows of each query, as a session returns them. */
export interface MssqlRows {
  readonly schemas: readonly { readonly schema_id: number; readonly name: string }[];
  readonly objects: readonly {
    readonly object_id: number;
    readonly schema_id: number;
    readonly name: string;
    readonly type: string;
    readonly parent_object_id: number;
  }[];
  readonly tableTypes: readonly { readonly object_id: number; readonly schema_id: number; readonly name: string }[];
  readonly columns: readonly (TypeColumns & {
    readonly object_id: number;
    readonly column_id: number;
    readonly name: string;
    readonly is_nullable: boolean;
    readonly is_identity: boolean;
    readonly seed_value: string | null;
    readonly increment_value: string | null;
    readonly computed_definition: string | null;
    readonly is_persisted: boolean | null;
    readonly default_name: string | null;
    readonly default_definition: string | null;
    readonly collation_name: string | null;
  })[];
  readonly indexes: readonly {
    readonly object_id: number;
    readonly index_id: number;
    readonly name: string;
    readonly index_type: number;
    readonly is_unique: boolean;
    readonly is_primary_key: boolean;
    readonly is_unique_constraint: boolean;
    readonly is_disabled: boolean;
    readonly filter_definition: string | null;
  }[];
  readonly indexColumns: readonly {
    readonly object_id: number;
    readonly index_id: number;
    readonly index_column_id: number;
    readonly column_id: number;
    readonly key_ordinal: number;
    readonly is_descending_key: boolean;
    readonly is_included_column: boolean;
  }[];
  readonly keys: readonly {
    readonly name: string;
    readonly parent_object_id: number;
    readonly unique_index_id: number;
    readonly type: string;
  }[];
  readonly foreignKeys: readonly {
    readonly object_id: number;
    readonly name: string;
    readonly parent_object_id: number;
    readonly referenced_object_id: number;
    readonly delete_referential_action: number;
    readonly update_referential_action: number;
    readonly is_disabled: boolean;
    readonly is_not_trusted: boolean;
  }[];
  readonly foreignKeyColumns: readonly {
    readonly constraint_object_id: number;
    readonly constraint_column_id: number;
    readonly parent_column_id: number;
    readonly referenced_column_id: number;
  }[];
  readonly checks: readonly {
    readonly name: string;
    readonly parent_object_id: number;
    /** Null if the server does not show it to the login. */
    readonly definition: string | null;
    readonly is_disabled: boolean;
    readonly is_not_trusted: boolean;
  }[];
  readonly triggers: readonly {
    readonly object_id: number;
    readonly name: string;
    readonly parent_id: number;
    readonly is_disabled: boolean;
    readonly is_instead_of_trigger: boolean;
  }[];
  readonly triggerEvents: readonly { readonly object_id: number; readonly type: number }[];
  readonly modules: readonly {
    readonly object_id: number;
    /** Null for an encrypted module, and if the server does not show it to the login. */
    readonly definition: string | null;
    readonly uses_quoted_identifier: boolean;
    readonly uses_ansi_nulls: boolean;
    readonly is_schema_bound: boolean;
  }[];
  readonly parameters: readonly (TypeColumns & {
    readonly object_id: number;
    readonly parameter_id: number;
    readonly name: string;
  })[];
  readonly sequences: readonly {
    readonly schema_id: number;
    readonly name: string;
    readonly type_name: string;
    readonly start_value: string;
    readonly increment: string;
    readonly minimum_value: string;
    readonly maximum_value: string;
    readonly is_cycling: boolean;
  }[];
  /**
   * Further properties of tables and their parts, as SQL text; `part` is null for the table itself. That of the owner 0
   * is the collation of the database.
   */
  readonly options: readonly { readonly owner_id: number; readonly part: string | null; readonly text: string }[];
  readonly synonyms: readonly {
    readonly schema_id: number;
    readonly name: string;
    readonly base_object_name: string;
  }[];
}
