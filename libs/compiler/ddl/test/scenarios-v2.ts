import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { expect } from 'vitest';
import {
  readScenarioFile,
  type ScenarioDatabase,
  ScenarioRun,
  type ScenarioStep,
  type StepTaker,
  takeSteps,
} from './scenarios.ts';

/*
 * Runs the behaviour scenarios of the second generation (design 16 §14): format 3 of the file. They check stamps,
 * mirrors and tracked changes. They are written for PostgreSQL; `mssql/scenario-wording.ts` words them for SQL Server.
 */

/** A row of a tracked-change table. `document` is the id that its UUID ends with. */
interface TrackedRow {
  readonly document: number;
  readonly discriminator?: string;
  readonly old: Readonly<Record<string, unknown>>;
  /** Null if all new values are null. */
  readonly new: Readonly<Record<string, unknown>> | null;
  /** The row has the current content version of its document. */
  readonly version?: 'content';
}

/** A step has exactly one of the members that define an action. */
export type ScenarioStepV2 =
  | ScenarioStep
  | { readonly tracked: string; readonly rows: readonly TrackedRow[]; readonly dialect?: undefined };

export interface ScenarioV2 {
  readonly id: string;
  readonly fixture: string;
  readonly title: string;
  readonly steps: readonly ScenarioStepV2[];
  /** Default: both dialects. */
  readonly dialects?: readonly SqlDialect[];
  /** Why the reference implementation differs; the product must not. */
  readonly referenceFails?: string;
}

export interface ScenarioFileV2 {
  readonly formatVersion: 3;
  readonly uuidNamespace: string;
  /** The ApiSchema documents of fixtures that have no files of their own. */
  readonly inputs: Readonly<Record<string, object | readonly object[]>>;
  /** Another file of scenarios whose inputs this file also uses. */
  readonly inputsOf?: string;
  readonly scenarios: readonly ScenarioV2[];
}

export function readScenarioFileV2(file: string): ScenarioFileV2 {
  const content: ScenarioFileV2 = JSON.parse(readFileSync(file, 'utf8'));
  if (content.formatVersion !== 3) throw new Error(`${file}: format version ${content.formatVersion}`);
  if (content.inputsOf === undefined) return content;
  const { inputs } = readScenarioFile(path.resolve(path.dirname(file), content.inputsOf));
  return { ...content, inputs: { ...inputs, ...content.inputs } };
}

const ownFolder = path.resolve(import.meta.dirname, '../scenarios-v2');

/** The scenarios of the project, with the names of their files. */
export const ownScenariosV2 = readdirSync(ownFolder)
  .sort()
  .map((name) => ({ title: name, file: readScenarioFileV2(path.join(ownFolder, name)) }));

/** The scenarios of a dialect by fixture, in the order of the file. */
export function byFixtureV2({ scenarios }: ScenarioFileV2, dialect: SqlDialect): Map<string, ScenarioV2[]> {
  const groups = new Map<string, ScenarioV2[]>();
  for (const scenario of scenarios.filter(({ dialects }) => dialects?.includes(dialect) ?? true))
    groups.set(scenario.fixture, [...(groups.get(scenario.fixture) ?? []), scenario]);
  return groups;
}

interface ScenarioStamps {
  readonly content: number;
  readonly identity: number;
}

/** The queries that a run sends to the database, in the SQL of its dialect. */
interface TrackingQueries {
  /** Id, content version and identity version of each document. */
  readonly documents: string;
  /** The version that was drawn last. */
  readonly drawn: string;
  /** The tables that mirror the stamps of their documents. */
  readonly mirrorTables: string;
  readonly descriptorTable: string;
  /** The rows of such a table whose mirrors differ from the stamps of their documents. */
  brokenMirrors(table: string): string;
  /** The rows of a tracked table above a version, each as one JSON value. */
  tracked(table: string, since: number): string;
}

const quotedWith = (dialect: SqlDialect, table: string) => table.split('.').map(dialectRules[dialect].quote).join('.');

const trackingQueries: Readonly<Record<SqlDialect, TrackingQueries>> = {
  pgsql: {
    documents: 'SELECT "DocumentId"::text, "ContentVersion", "IdentityVersion" FROM dms."Document"',
    drawn: 'SELECT last_value FROM dms."ChangeVersionSequence"',
    mirrorTables: `
      SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'ContentVersion' AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|tracked_changes_)' AND n.nspname <> 'watched'
        AND NOT (n.nspname = 'dms' AND c.relname IN ('Document', 'DocumentCache'))
      ORDER BY 1`,
    descriptorTable: 'dms."Descriptor"',
    brokenMirrors: (table) => `SELECT '${table}', d."DocumentId", r."ContentVersion", d."ContentVersion"
      FROM ${table} AS r JOIN dms."Document" AS d ON d."DocumentId" = r."DocumentId"
      WHERE (r."ContentVersion", r."ContentLastModifiedAt") IS DISTINCT FROM (d."ContentVersion", d."ContentLastModifiedAt")`,
    tracked: (table, since) =>
      `SELECT to_jsonb(t) FROM ${quotedWith('pgsql', table)} AS t WHERE t."ChangeVersion" > ${since} ORDER BY t."ChangeVersion"`,
  },
  mssql: {
    documents:
      'SELECT CONVERT(nvarchar(20), d.[DocumentId]) AS [id], d.[ContentVersion] AS [content], d.[IdentityVersion] AS [identity] FROM [dms].[Document] AS d',
    drawn:
      "SELECT CONVERT(bigint, q.[current_value]) AS [drawn] FROM sys.sequences AS q WHERE q.[object_id] = OBJECT_ID(N'[dms].[ChangeVersionSequence]')",
    mirrorTables: `SELECT CONCAT(QUOTENAME(s.[name]), N'.', QUOTENAME(t.[name])) AS [table] FROM sys.tables AS t
      INNER JOIN sys.schemas AS s ON s.[schema_id] = t.[schema_id]
      INNER JOIN sys.columns AS c ON c.[object_id] = t.[object_id] AND c.[name] = N'ContentVersion'
      WHERE s.[name] NOT LIKE N'tracked[_]changes[_]%' AND NOT (s.[name] = N'dms' AND t.[name] IN (N'Document', N'DocumentCache'))`,
    descriptorTable: '[dms].[Descriptor]',
    brokenMirrors: (table) =>
      `SELECT N'${table}' AS [table], d.[DocumentId] AS [document], r.[ContentVersion] AS [mirror], d.[ContentVersion] AS [content]
      FROM ${table} AS r INNER JOIN [dms].[Document] AS d ON d.[DocumentId] = r.[DocumentId]
      WHERE r.[ContentVersion] <> d.[ContentVersion] OR r.[ContentLastModifiedAt] <> d.[ContentLastModifiedAt]`,
    tracked: (table, since) =>
      `SELECT (SELECT t.* FOR JSON PATH, INCLUDE_NULL_VALUES, WITHOUT_ARRAY_WRAPPER) AS [row] FROM ${quotedWith('mssql', table)} AS t
      WHERE t.[ChangeVersion] > ${since} ORDER BY t.[ChangeVersion]`,
  },
};

/** The queries of a dialect for the tables that a set tracks, in the form in which they are sent. */
export function trackingTexts(
  dialect: SqlDialect,
  mirrorTables: readonly string[],
  trackedTables: readonly string[],
): string[] {
  const queries = trackingQueries[dialect];
  return [
    queries.documents,
    queries.drawn,
    queries.mirrorTables,
    mirrorTables.map(queries.brokenMirrors).join(' UNION ALL '),
    ...trackedTables.map((table) => queries.tracked(table, 0)),
  ];
}

/**
 * The rows whose mirrors differ from the stamps of their documents; there must be none after any statement (design 16
 * §6.2).
 */
export async function brokenMirrors(
  session: Pick<ScenarioDatabase, 'queryRows'>,
  dialect: SqlDialect = 'pgsql',
): Promise<unknown[][]> {
  const queries = trackingQueries[dialect];
  const tables = (await session.queryRows(queries.mirrorTables)).map(([name]) => String(name));
  expect(tables).toContain(queries.descriptorTable);
  return session.queryRows(tables.map(queries.brokenMirrors).join(' UNION ALL '));
}

class ScenarioRunV2 implements StepTaker {
  private readonly session: ScenarioDatabase;
  private readonly shared: ScenarioRun;
  private readonly queries: TrackingQueries;
  private marked = new Map<string, ScenarioStamps>();
  private drawn = 0;

  constructor(session: ScenarioDatabase, namespace: string) {
    this.session = session;
    this.shared = new ScenarioRun(session, namespace);
    this.queries = trackingQueries[session.dialect];
  }

  async step(step: ScenarioStepV2): Promise<boolean> {
    if ('tracked' in step) await this.tracked(step.tracked, step.rows);
    else if (step.descriptor !== undefined) await this.descriptor(step.descriptor, step);
    else if (step.mark) await this.mark();
    else if (step.stamps) await this.stamps(step.stamps);
    else return this.shared.step({ project: 'Ed-Fi', ...step });
    return false;
  }

  private async descriptor(
    id: number,
    { project = 'Ed-Fi', resource = '', codeValue = '' }: ScenarioStep,
  ): Promise<void> {
    await this.shared.step({ document: id, project, resource });
    const namespace = `uri://ed-fi.org/${resource}`;
    const values = [namespace, codeValue, codeValue, resource, `${namespace}#${codeValue}`].map(this.session.text);
    await this.session.exec(
      `INSERT INTO dms."Descriptor" ("DocumentId", "ResourceKeyId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
        VALUES (${id}, (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ProjectName" = ${this.session.text(project)}
          AND "ResourceName" = ${this.session.text(resource)}), ${values.join(', ')})`,
    );
  }

  private async documents(): Promise<Map<string, ScenarioStamps>> {
    const rows = await this.session.queryRows(this.queries.documents);
    return new Map(
      rows.map(([id, content, identity]) => [String(id), { content: Number(content), identity: Number(identity) }]),
    );
  }

  private async mark(): Promise<void> {
    this.marked = await this.documents();
    const [[last] = []] = await this.session.queryRows(this.queries.drawn);
    this.drawn = Number(last);
  }

  private async stamps(expected: Readonly<Record<string, ScenarioStamps>>): Promise<void> {
    const now = await this.documents();
    const found: Record<string, ScenarioStamps> = {};
    for (const [id, before] of this.marked) {
      const after = now.get(id);
      if (!after) continue;
      const content = after.content === before.content ? 0 : 1;
      const identity = after.identity === before.identity ? 0 : 1;
      if (content)
        expect(after.content, `content version of ${id} was drawn after the mark`).toBeGreaterThan(this.drawn);
      if (content || identity || id in expected) found[id] = { content, identity };
    }
    expect(found, 'stamps').toEqual(expected);
    expect(await brokenMirrors(this.session, this.session.dialect), 'mirrors').toEqual([]);
  }

  private async tracked(table: string, expected: readonly TrackedRow[]): Promise<void> {
    const rows = await this.session.queryRows(this.queries.tracked(table, this.drawn));
    const now = await this.documents();
    const found = rows.map(([row], index): TrackedRow => {
      const { Id, ChangeVersion, CreatedAt, Discriminator, ...values }: Readonly<Record<string, unknown>> =
        typeof row === 'string' ? JSON.parse(row) : row;
      expect(CreatedAt, 'CreatedAt').not.toBeNull();
      const of = (prefix: string) =>
        Object.fromEntries(
          Object.entries(values).flatMap(([key, value]) =>
            key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
          ),
        );
      const document = Number(String(Id).slice(-12));
      const isOfContent = now.get(String(document))?.content === ChangeVersion;
      const after = of('New');
      return {
        document,
        ...(Discriminator !== undefined && { discriminator: String(Discriminator) }),
        old: of('Old'),
        new: Object.values(after).some((value) => value !== null) ? after : null,
        ...(expected[index]?.version && isOfContent && { version: 'content' }),
      };
    });
    expect(found, table).toEqual(expected);
  }
}

/** Runs one scenario in a transaction that is rolled back; throws if a step does not have its expected effect. */
export const runScenarioV2 = (database: ScenarioDatabase, scenario: ScenarioV2, namespace: string): Promise<void> =>
  takeSteps(
    database,
    { id: scenario.id, steps: scenario.steps as readonly ScenarioStep[] },
    new ScenarioRunV2(database, namespace),
  );
