import { createHash } from 'node:crypto';
import { dialectRules, dialects, limitIdentifier, type SqlDialect, spelled, splitBatches } from '@dms/sql';
import { build } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { ddlManifestText, emitDdl, normalizeSql, statementCount } from '../../src/index.ts';
import { type EmittedSet, emitCampusAndAthletics, emitDocuments, segmentsOf } from '../emitted.ts';
import { statementTokens } from '../pgsql-statements.ts';

/* Order and framing of the scripts (design 06 §2, §11; 07 §2, §3, §14). */

const { integer, object, project, resource } = build;

/** One project with one resource with an integer identity: the minimal set of design 06 §12. */
const minimal = () =>
  emitDocuments(
    project(
      'Ed-Fi',
      [
        resource('Person', {
          identityJsonPaths: ['$.personId'],
          jsonSchemaForInsert: object({ personId: integer() }, ['personId']),
        }),
      ],
      {
        endpoint: 'ed-fi',
        version: '5.0.0',
      },
    ),
  );

const headers = [
  'Phase 0: Preflight (fail fast on schema hash mismatch)',
  'Phase 1: Schemas',
  'Phase 2: Extensions',
  'Phase 3: Sequences',
  'Phase 4: Functions',
  'Phase 5: Tables (PK/UNIQUE/CHECK only, no cross-table FKs)',
  'Phase 6: Foreign Keys',
  'Phase 7: Indexes',
  'Phase 8: Triggers',
  'Phase 10: Model Schemas',
  'Phase 11: Model Tables',
  'Phase 12: Model Foreign Keys',
  'Phase 13: Model Indexes',
  'Phase 14: Model Views',
  'Phase 15: Model Triggers',
  'Phase 16: Seed Data (insert-if-missing + validation)',
];

const rule = `-- ${'='.repeat(58)}`;
const headerText = (title: string) => `${rule}\n-- ${title}\n${rule}\n\n`;

describe.each(dialects)('the script for %s', (dialect) => {
  let campus: EmittedSet;

  beforeAll(async () => {
    campus = await emitCampusAndAthletics();
  });

  it('has the phase headers once each and in order, without those of phases that have no object', () => {
    const ofNothing = dialect === 'pgsql' ? [] : ['Phase 2: Extensions'];
    for (const [set, lacking] of [
      [campus, ofNothing],
      [minimal(), [...ofNothing, 'Phase 13: Model Indexes', 'Phase 14: Model Views']],
    ] as const) {
      const { script } = set.in(dialect);
      const found = [...script.matchAll(/^-- ={58}\n-- (Phase .*)\n-- ={58}\n\n/gm)].map(([, title]) => title);
      expect(found).toEqual(headers.filter((title) => !lacking.includes(title)));
      expect(script.match(/^-- Phase/gm)).toHaveLength(found.length);
    }
  });

  it('has only session options and its transaction before the first phase', () => {
    const { script } = campus.in(dialect);
    const opening = [
      'SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON;',
      'SET NUMERIC_ROUNDABORT OFF;',
      'BEGIN TRANSACTION',
      'GO',
      "IF @@ERROR <> 0 OR XACT_STATE() <> 1 BEGIN IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION; END RAISERROR(N'The script stopped at an error. Nothing was changed.', 16, 1); SET NOEXEC ON; END",
      'GO\n\n',
    ].join('\n');
    expect(script.startsWith((dialect === 'mssql' ? opening : '') + headerText(headers[0]!))).toBe(true);
    const control = script.match(/^ *(BEGIN TRAN|COMMIT|ROLLBACK|USE |START TRANSACTION|BEGIN;)/gm) ?? [];
    expect(control).toEqual(dialect === 'mssql' ? ['BEGIN TRAN', 'COMMIT'] : []);
    const { preflight, core, model, seed } = segmentsOf(dialect, script);
    expect(preflight + core + model + seed).toBe(script);
    expect(model.replace(/^-- ={58}\n-- Phase .*\n-- ={58}$/gm, '')).not.toMatch(/^-- /m);
  });

  it('has a core that is the same for every schema', () => {
    const other = segmentsOf(dialect, minimal().in(dialect).script).core;
    expect(other.length).toBeGreaterThan(1000);
    expect(segmentsOf(dialect, campus.in(dialect).script).core).toBe(other);
  });

  it('has the text form of design 06 §2.5 and 07 §3', () => {
    for (const set of [campus, minimal()]) {
      const { script } = set.in(dialect);
      expect(script).not.toMatch(/[\r\t]/);
      expect(script).not.toMatch(/[ \t]\n/);
      expect(script).not.toMatch(/\n\n\n/);
      expect(script.endsWith('\n\n')).toBe(true);
      for (const segment of Object.values(segmentsOf(dialect, script))) expect(segment.endsWith('\n\n')).toBe(true);
      expect(script.startsWith('\ufeff')).toBe(false);
      expect(normalizeSql(script)).toBe(script);
      // indentation is four blanks per level
      for (const line of script.split('\n')) expect((/^ */.exec(line)?.[0].length ?? 0) % 4, line).toBe(0);
    }
  });

  it('mentions auth only where there is a hierarchy (design 06 §12 case 4)', () => {
    expect(minimal().in(dialect).script).not.toMatch(/auth/i);
    expect(campus.in(dialect).script).toMatch(/auth/);
  });

  it('is a pure function of its input, whatever the order of the lists that the emitter sorts', () => {
    const { model, inventory, script } = campus.in(dialect);
    expect(emitDdl(model, inventory).script).toBe(script);
    const reversed = <Item>(items: readonly Item[]) => [...items].reverse();
    const permuted = {
      ...model,
      projects: reversed(model.projects),
      resources: reversed(model.resources).map((entry) => ({
        ...entry,
        tablesInDependencyOrder: entry.tablesInDependencyOrder.map((table) => ({
          ...table,
          constraints: reversed(table.constraints),
        })),
      })),
      abstractIdentityTables: reversed(model.abstractIdentityTables),
      abstractUnionViews: reversed(model.abstractUnionViews),
    };
    const shuffledInventory = {
      ...inventory,
      indexes: reversed(inventory.indexes),
      triggers: reversed(inventory.triggers),
    };
    expect(emitDdl(permuted, shuffledInventory).script).toBe(script);
  });

  it('has the objects of segment C in phase order', () => {
    const { model } = segmentsOf(dialect, campus.in(dialect).script);
    const kinds: readonly (readonly [string, RegExp])[] = [
      ['schema', /CREATE SCHEMA/],
      ['table', /CREATE TABLE/],
      ['foreign key', /FOREIGN KEY/],
      ['index', /^\s*CREATE (UNIQUE )?INDEX/],
      ['view', /CREATE OR (REPLACE|ALTER) VIEW/],
      ['trigger', /CREATE OR (REPLACE|ALTER) TRIGGER/],
    ];
    const found = model
      .split('\n')
      .flatMap((line) => kinds.filter(([, pattern]) => pattern.test(line)).map(([kind]) => kind));
    const order = kinds.map(([kind]) => kind);
    const positions = found.map((kind) => order.indexOf(kind));
    expect(new Set(found)).toEqual(new Set(order));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it('creates schemas, tables and the rest in the order of design 07 §2', () => {
    const { script } = campus.in(dialect);
    const { model } = segmentsOf(dialect, script);
    const quoted = dialect === 'pgsql' ? /"([^"]+)"\."([^"]+)"/ : /\[([^\]]+)\]\.\[([^\]]+)\]/;
    const namesAt = (pattern: RegExp) =>
      model
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => quoted.exec(line)?.slice(1).join('.'));
    const schemas = [...model.matchAll(/CREATE SCHEMA (?:IF NOT EXISTS )?["[](\w+)/g)].map(([, name]) => name);
    expect(schemas).toEqual(['athletics', 'campus', 'auth']);
    const tables = namesAt(/CREATE TABLE/);
    const auth = tables.indexOf('auth.EducationOrganizationIdToEducationOrganizationId');
    expect(tables.slice(auth + 1)).toEqual(['campus.EducationOrganizationIdentity']);
    // resources by project name, resource name: AthleticLeague, Team, TeamRosterEntry of Athletics, then those of
    // Campus; an extension table is with the resource that it extends
    const roots = campus
      .in(dialect)
      .model.resources.flatMap(({ tablesInDependencyOrder: [root] }) =>
        root ? [`${root.table.schema}.${root.table.name}`] : [],
      );
    expect(tables.filter((name) => roots.includes(name!))).toEqual([
      ...['AthleticLeague', 'Team', 'TeamRosterEntry'].map((name) => `athletics.${name}`),
      ...[
        'Assessment',
        'AssessmentItem',
        'Calendar',
        'CalendarDate',
        'ClassPeriod',
        'Course',
        'CourseOffering',
        'District',
        'Location',
      ].map((name) => `campus.${name}`),
      ...[
        'School',
        'SchoolYearType',
        'Section',
        'Session',
        'Staff',
        'Student',
        'StudentAssessment',
        'SchoolEnrolment',
      ].map((name) => `campus.${name}`),
      ...['StudentSectionAttendanceEvent', 'StudentSectionEnrolment'].map((name) => `campus.${name}`),
    ]);
    const school = tables.indexOf('campus.School');
    expect(tables.indexOf('athletics.SchoolExtension')).toBeGreaterThan(school);
    expect(tables.indexOf('athletics.SchoolExtension')).toBeLessThan(tables.indexOf('campus.SchoolYearType'));
    // a parent table always stands before its children
    for (const entry of campus.in(dialect).model.resources) {
      const own = entry.tablesInDependencyOrder.map(({ table }) => tables.indexOf(`${table.schema}.${table.name}`));
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    // entries of the inventory in its order; the triggers of an entry by event
    const triggerNames = [...model.matchAll(/CREATE OR (?:REPLACE|ALTER) TRIGGER (?:\[\w+\]\.)?["[](\w+)/g)].map(
      ([, name]) => name,
    );
    const { catalog, inventory } = campus.in(dialect);
    const triggers = catalog.tables.flatMap((table) => table.triggers.map((trigger) => ({ table, trigger })));
    const events = ['INSERT', 'UPDATE', 'DELETE'];
    const wanted = inventory.triggers.flatMap(({ table: { schema, name }, name: entry }) => {
      const body = dialect === 'pgsql' ? `${schema}.${limitIdentifier(dialectRules.pgsql, `TF_${entry}`)}` : null;
      return triggers
        .filter(({ table }) => table.schema === schema && table.name === name)
        .filter(({ trigger }) => (body === null ? trigger.name === entry : trigger.function === body))
        .map(({ trigger }) => trigger)
        .sort((one, other) => events.indexOf(one.events[0]!) - events.indexOf(other.events[0]!));
    });
    expect(wanted.length).toBeGreaterThanOrEqual(inventory.triggers.length);
    expect(triggerNames).toEqual(wanted.map(({ name }) => name));
  });
});

describe('batches of the SQL Server script', () => {
  it('are the eleven of design 06 §12 case 44 for a minimal schema, with a guard before each except the first and the last', () => {
    const batches = splitBatches(minimal().mssql.script).map(({ tokens }) => spelled(tokens));
    const isGuard = (batch: string) => batch.startsWith('IF @@ERROR <> 0 OR XACT_STATE ( ) <> 1 BEGIN');
    expect(batches.map(isGuard)).toEqual([...batches.keys()].map((index) => index % 2 === 1 && index < 19));
    const [opening, preflight, schema, uuid, core, journal, model, identity, stamp, seeds, closing, ...others] =
      batches.filter((batch) => !isGuard(batch));
    expect(others).toEqual([]);
    expect(opening).toMatch(/^SET ANSI_NULLS .* XACT_ABORT ON ; SET NUMERIC_ROUNDABORT OFF ; BEGIN TRANSACTION$/);
    expect(preflight).toMatch(/^IF OBJECT_ID \( N'dms\.EffectiveSchema'.* SET NOEXEC ON ; END END$/);
    expect(schema).toMatch(/CREATE SCHEMA \[dms\].*CREATE SEQUENCE/);
    expect(uuid).toMatch(/^CREATE OR ALTER FUNCTION \[dms\] \. \[uuidv5\]/);
    expect(core).toMatch(/^IF OBJECT_ID \( N'dms\.Descriptor'.*CREATE TABLE.*FOREIGN KEY.*CREATE INDEX/);
    expect(journal).toMatch(/^CREATE OR ALTER TRIGGER \[dms\] \. \[TR_Document_Journal\]/);
    expect(model).toMatch(/CREATE SCHEMA \[edfi\].*CREATE TABLE \[edfi\] \. \[Person\]/);
    expect(identity).toMatch(/^CREATE OR ALTER TRIGGER \[edfi\] \. \[TR_Person_ReferentialIdentity\]/);
    expect(stamp).toMatch(/^CREATE OR ALTER TRIGGER \[edfi\] \. \[TR_Person_Stamp\]/);
    expect(seeds).toMatch(/^IF NOT EXISTS \( SELECT 1 FROM \[dms\] \. \[ResourceKey\].* COMMIT TRANSACTION$/);
    expect(closing).toBe('IF @@ERROR <> 0 AND @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION ; END SET NOEXEC OFF ;');
  });

  it('do not end with a separator', () => {
    expect(minimal().mssql.script.trimEnd().endsWith('GO')).toBe(false);
  });
});

describe('ddl.manifest.json', () => {
  it('of a minimal schema (design 06 §12 case 39)', () => {
    const set = minimal();
    const { effectiveSchemaHash } = set.set.info;
    const hash = (dialect: SqlDialect) => createHash('sha256').update(set.in(dialect).script, 'utf8').digest('hex');
    const text = `{
  "effective_schema_hash": "${effectiveSchemaHash}",
  "relational_mapping_version": "v1",
  "ddl": [
    {
      "dialect": "mssql",
      "normalized_sql_sha256": "${hash('mssql')}",
      "statement_count": 77
    },
    {
      "dialect": "pgsql",
      "normalized_sql_sha256": "${hash('pgsql')}",
      "statement_count": 53
    }
  ]
}
`;
    expect(ddlManifestText(set.set.info, set.scripts)).toBe(text);
    expect(ddlManifestText(set.set.info, [...set.scripts].reverse())).toBe(text);
  });

  it('of one dialect has one element, of none an empty list', () => {
    const set = minimal();
    const [pgsql] = set.scripts;
    expect(
      JSON.parse(ddlManifestText(set.set.info, [pgsql!])).ddl.map((entry: { dialect: string }) => entry.dialect),
    ).toEqual(['pgsql']);
    expect(ddlManifestText(set.set.info, [])).toBe(
      `{\n  "effective_schema_hash": "${set.set.info.effectiveSchemaHash}",\n  "relational_mapping_version": "v1",\n  "ddl": []\n}\n`,
    );
  });

  it('counts what design 06 §8.4 prescribes for the objects of a script', async () => {
    const { pgsql, mssql, set } = await emitCampusAndAthletics();
    const n = set.info.resourceKeys.length;
    const m = set.info.schemaComponents.length;
    const objects = ({ catalog }: typeof pgsql) => {
      const tables = catalog.tables.filter(({ schema }) => schema !== 'dms');
      const sum = (list: readonly (readonly unknown[])[]) => list.reduce((total, items) => total + items.length, 0);
      return {
        plain:
          catalog.schemas.filter((schema) => schema !== 'dms').length +
          tables.length +
          sum(tables.map((t) => t.foreignKeys)) +
          sum(tables.map((t) => t.indexes)) +
          catalog.views.length,
        triggers: sum(tables.map((t) => t.triggers)),
      };
    };
    // on PostgreSQL, an entry of the inventory is a function besides its triggers
    const functions = pgsql.inventory.triggers.length;
    const ours = objects(pgsql);
    const theirs = objects(mssql);
    expect(statementCount('pgsql', pgsql.script)).toBe(
      2 + 36 + ours.plain + functions + ours.triggers + (n + 1) + 2 + (m + 1),
    );
    expect(statementCount('mssql', mssql.script)).toBe(
      2 + 5 + 32 + theirs.plain + theirs.triggers + (n + 10) + 10 + (m + 10) + 1,
    );
  });
});

describe('the PostgreSQL script, read as text', () => {
  const vocabulary = new Set(
    `create schema if not exists extension sequence start with table constraint primary key unique check foreign references on delete update
    cascade no action index include or replace view as select from union all function returns trigger language plpgsql after insert for
    each row statement referencing old new old_rows new_rows execute of do null default generated always identity stored case when then else end is and true deferrable initially deferred
    into values conflict nothing false
    bigint integer smallint varchar numeric boolean date time timestamp zone uuid bytea jsonb
    pg_catalog nextval now btrim jsonb_typeof octet_length`.split(/\s+/),
  );

  it('has only statements that create or seed, none that a transaction or a reviewer would refuse', async () => {
    const { script } = (await emitCampusAndAthletics()).pgsql;
    const start = (tokens: readonly string[]) =>
      tokens
        .slice(0, 2)
        .map((token) => /^\$\w*\$/.exec(token)?.[0] ?? token)
        .join(' ');
    expect(new Set(statementTokens(script).map(start))).toEqual(
      new Set([
        'CREATE EXTENSION',
        'CREATE INDEX',
        'CREATE OR',
        'CREATE SCHEMA',
        'CREATE SEQUENCE',
        'CREATE TABLE',
        'DO $$',
        'DO $install$',
        'INSERT INTO',
      ]),
    );
    expect(script).not.toMatch(/^\\/m);
    expect(script).not.toMatch(/CONCURRENTLY/);
  });

  it('quotes every identifier', async () => {
    const { script } = (await emitCampusAndAthletics()).pgsql;
    const words = new Set(
      statementTokens(script).flatMap((tokens) =>
        tokens.filter((token) => /^[A-Za-z_]\w*$/.test(token)).map((token) => token.toLowerCase()),
      ),
    );
    expect([...words].filter((word) => !vocabulary.has(word))).toEqual([]);
  });

  it('has keywords in upper and types in lower case', async () => {
    const { script } = (await emitCampusAndAthletics()).pgsql;
    const types = [
      'bigint',
      'integer',
      'smallint',
      'varchar',
      'numeric',
      'boolean',
      'date',
      'time',
      'timestamp',
      'uuid',
      'bytea',
      'jsonb',
    ];
    for (const tokens of statementTokens(script))
      for (const token of tokens) {
        if (types.includes(token.toLowerCase())) expect(token).toBe(token.toLowerCase());
        if (
          ['create', 'table', 'not', 'null', 'primary', 'foreign', 'references', 'constraint'].includes(
            token.toLowerCase(),
          )
        )
          expect(token).toBe(token.toUpperCase());
      }
  });
});
