import { mappingVersions } from '@dms/api-schema';
import { abstractResource, build, edFi, plain, subclassOf } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputOfDocuments, ownInput } from '../test/inputs.ts';
import type { CheckedScript } from './checked-script.ts';
import { staticFindings } from './static-findings.ts';

/* The findings of each check of design 09b §2.4; checks for T-SQL alone are tested where its scripts are made. */

const { integer } = build;

const inputs = new Map<string, CheckedScript>();

beforeAll(async () => {
  for (const dialect of ['pgsql', 'mssql'] as const) inputs.set(dialect, ownInput(dialect));
});

function inputOf(dialect: 'pgsql' | 'mssql'): CheckedScript {
  const input = inputs.get(dialect);
  if (!input) throw new Error(dialect);
  return input;
}

/** The findings after a change of the script, as `id: text`. */
function found(dialect: 'pgsql' | 'mssql', change: (script: string) => string): string[] {
  const input = inputOf(dialect);
  const script = change(input.script);
  expect(script).not.toBe(input.script);
  return staticFindings({ ...input, script }).map(({ id, text }) => `${id}: ${text}`);
}

const append = (text: string) => (script: string) => `${script}${text}\n\n`;
const replace = (from: string | RegExp, to: string) => (script: string) => script.replace(from, to);

it.each(['pgsql', 'mssql'] as const)('finds nothing in the script of this repository for %s', (dialect) => {
  expect(staticFindings(inputOf(dialect))).toEqual([]);
});

it.each([
  ['v2', 'pgsql'],
  ['v2', 'mssql'],
  ['v2-natural', 'pgsql'],
  ['v2-natural', 'mssql'],
] as const)('finds nothing in the script of %s for %s', (version, dialect) => {
  expect(staticFindings(ownInput(dialect, version))).toEqual([]);
});

describe('scripts for PostgreSQL', () => {
  it('S15: a body that writes the hierarchy without its lock, or before it', () => {
    const lock = / {4}LOCK TABLE "auth"[^\n]+\n/;
    expect(found('pgsql', replace(lock, ''))).toEqual([
      expect.stringMatching(/^S15: the trigger \w+ writes .+ without its lock$/),
    ]);
    const weaker = replace('IN SHARE ROW EXCLUSIVE MODE', 'IN ROW EXCLUSIVE MODE');
    expect(found('pgsql', weaker)).toEqual([
      expect.stringMatching(/^S15: the trigger \w+ writes .+ without its lock$/),
    ]);
  });

  it.each(mappingVersions)('S15: the function of an organization with a long name, %s', (version) => {
    const long = (member: string) =>
      plain(
        `${member}OfTheRegionalNetworkOfPublicEducationOrganizations`,
        { organizationId: integer() },
        ['organizationId'],
        {
          ...subclassOf('Ed-Fi:EducationOrganization'),
        },
      );
    const abstractResources = { EducationOrganization: abstractResource(['$.organizationId']) };
    const input = inputOfDocuments([edFi([long('School'), long('District')], { abstractResources })], 'pgsql', version);
    expect(staticFindings(input)).toEqual([]);
    const unlocked = input.script.replace(/ {4}LOCK TABLE "auth"[^\n]+\n/, '');
    expect(staticFindings({ ...input, script: unlocked }).map(({ id, text }) => `${id}: ${text}`)).toEqual([
      expect.stringMatching(/^S15: the trigger \w+ writes .+ without its lock$/),
    ]);
  });

  it('S15 and S17 hold between other dollar tags too, and bodies are still bodies', async () => {
    const otherTags = (script: string) => script.replaceAll('$func$', '$dms1$');
    const lock = / {4}LOCK TABLE "auth"[^\n]+\n/;
    expect(found('pgsql', otherTags)).toEqual([]);
    expect(found('pgsql', (script) => otherTags(script).replace(lock, ''))).toContainEqual(
      expect.stringMatching(/^S15: the trigger \w+ writes .+ without its lock$/),
    );
    const input = ownInput('pgsql', 'v2');
    const script = otherTags(input.script).replaceAll('SECURITY DEFINER\n', '');
    expect(staticFindings({ ...input, script }).map(({ id }) => id)).toContain('S17');
  });

  it('S17: a function of a role without the rights of the role, or one that no role owns', async () => {
    const input = ownInput('pgsql', 'v2');
    const findings = (from: string | RegExp, to: string) => {
      const script = input.script.replaceAll(from, to);
      expect(script).not.toBe(input.script);
      return staticFindings({ ...input, script }).map(({ id, text }) => `${id}: ${text}`);
    };
    const each = ['Insert', 'Update'].map((event) => `the function "dms"."TF_Document_EnqueueProjection${event}"`);
    const role = 'of the role edfi_dms_enqueue_owner is not';
    expect(findings('SECURITY DEFINER\n', '')).toEqual(each.map((name) => `S17: ${name} ${role} SECURITY DEFINER`));
    expect(findings('SET search_path = pg_catalog\nAS', 'AS')).toEqual(
      expect.arrayContaining(each.map((name) => `S17: ${name} ${role} SET search_path = pg_catalog`)),
    );
    expect(findings(/PERFORM pg_catalog.set_config\('role', 'edfi_\w+', true\);\n/g, '')).toEqual(
      each.map((name) => `S17: ${name} writes "dms"."DocumentProjectionWork", and no role owns it`),
    );
  });

  it.each([
    ['COMMIT;', 'COMMIT'],
    ['END;', 'END'],
    ['rollback;', 'ROLLBACK'],
    ['SAVEPOINT a;', 'SAVEPOINT'],
    ['DROP TABLE "campus"."School";', 'DROP TABLE'],
    ['TRUNCATE "campus"."School";', 'TRUNCATE'],
    ['GRANT SELECT ON "campus"."School" TO PUBLIC;', 'GRANT'],
    ['SET search_path = a;', 'SET'],
    ['VACUUM;', 'VACUUM'],
    ['COPY "campus"."School" FROM STDIN;', 'COPY'],
    ['CREATE INDEX CONCURRENTLY "i" ON "campus"."School" ("SchoolId");', 'CREATE INDEX CONCURRENTLY'],
    ['CREATE DATABASE a;', 'CREATE DATABASE'],
  ])('S4: %s', (statement, words) => {
    const findings = found('pgsql', append(statement));
    expect(findings).toEqual([
      expect.stringMatching(new RegExp(`^S4: line \\d+: the statement ${words} is not allowed$`)),
    ]);
  });

  it('S4: columns that are dropped, commands of psql', () => {
    expect(found('pgsql', append('ALTER TABLE "campus"."School" DROP COLUMN "SchoolId";'))).toEqual([
      expect.stringMatching(/^S4: line \d+: the statement drops a column$/),
    ]);
    expect(found('pgsql', append('\\i other.sql'))[0]).toMatch(/^S4: line \d+: a command of psql$/);
  });

  it('S4: not in texts, names, comments and bodies', () => {
    const harmless = `SELECT 'a; COMMIT; b', "COMMIT" FROM "x"; -- COMMIT;\nDO $body$\nBEGIN\n    COMMIT;\nEND\n$body$;`;
    expect(found('pgsql', append(harmless))).toEqual([]);
  });

  it('S2: a text that is never closed', () => {
    expect(found('pgsql', append("SELECT 'a;"))).toContainEqual(expect.stringMatching(/^S2: line \d+: a quote/));
  });

  it('S8: names that are one to the server, or that it would cut', () => {
    const input = inputOf('pgsql');
    const [first, ...rest] = input.catalog.tables;
    if (!first) throw new Error('no table');
    const long = 'x'.repeat(64);
    const [column] = first.columns;
    if (!column) throw new Error('no column');
    const tables = [{ ...first, columns: [...first.columns, { ...column, name: long }, column] }, ...rest, first];
    const texts = staticFindings({ ...input, catalog: { ...input.catalog, tables } }).map(
      ({ id, text }) => `${id}: ${text}`,
    );
    const own = `${first.schema}.${first.name}`;
    expect(texts).toContain(`S8: the name of ${own}.${long} is longer than 63 bytes`);
    expect(texts).toContain(`S8: ${own}.${column.name} has the name of ${own}.${column.name}`);
    expect(texts).toContain(`S8: ${own} has the name of ${own}`);
  });

  it('S14: characters beyond ASCII outside of names and texts', () => {
    expect(found('pgsql', append('-- größer'))).toEqual([expect.stringMatching(/^S14: line \d+: .* in a comment$/)]);
    expect(found('pgsql', append('SELECT größer;'))).toEqual([
      expect.stringMatching(/^S14: line \d+: .* unquoted word$/),
    ]);
    expect(found('pgsql', append(`SELECT 'größer', "größer";`))).toEqual([]);
    expect(found('pgsql', append('SELECT \u0007;'))).toContainEqual(
      expect.stringMatching(/^S14: line \d+ has a control/),
    );
  });
});

describe.each(['pgsql', 'mssql'] as const)('scripts for %s', (dialect) => {
  it.each([
    ['a tab', append('SELECT\t1;'), /line \d+ has a tab/],
    ['a blank at the end of a line', append('SELECT 1; '), /line \d+ ends with a blank/],
    ['a carriage return', append('SELECT 1;\r'), /carriage return/],
    ['another end', (script: string) => script.trimEnd(), /must end with one empty line/],
    ['two empty lines', replace('\n\n', '\n\n\n'), /two empty lines/],
  ])('S13: %s', (_name, change, text) => {
    const findings = found(dialect, change as (script: string) => string).filter((finding) =>
      finding.startsWith('S13'),
    );
    expect(findings).toContainEqual(expect.stringMatching(text as RegExp));
  });

  it.each([
    ['new', { pgsql: 'n', mssql: 'i' }],
    ['old', { pgsql: 'o', mssql: 'd' }],
  ])('S16: two columns of the %s rows are exchanged', (_rows, aliases) => {
    const row = aliases[dialect];
    const [left, right] = ['SchoolId_Unified', 'SchoolYear_Unified'].map((name) => `${row}\\.\\W${name}\\W`);
    const swapped = replace(new RegExp(`(?<=SELECT[^;]+)(${left})(,\\s+)(${right})(?=,|\\s+FROM)`), '$3$2$1');
    const findings = found(dialect, swapped).filter((finding) => !finding.startsWith('S5'));
    expect(findings).toEqual([expect.stringMatching(/^S16: line \d+: \S+ compares unlike columns$/)]);
  });

  it('S13: another script than that of the manifest', () => {
    const findings = staticFindings({ ...inputOf(dialect), scriptSha256: 'a'.repeat(64) });
    expect(findings.map(({ id }) => id)).toEqual(['S13']);
  });
});

describe('scripts for SQL Server', () => {
  it.each([
    [
      'a type',
      replace('[FamilyName] nvarchar(75)', '[FamilyName] nvarchar(76)'),
      'column campus.Staff.FamilyName is changed in the script: type',
    ],
    [
      'a check',
      replace('[EffectiveSchemaSingletonId] = 1)', '[EffectiveSchemaSingletonId] = 2)'),
      'check dms.EffectiveSchema.CK_EffectiveSchema_Singleton is changed in the script: expression',
    ],
    [
      'a cascade',
      replace(/(FK_School_Document\][^;]*)ON DELETE CASCADE/, '$1ON DELETE NO ACTION'),
      'foreignKey campus.School.FK_School_Document is changed in the script: onDelete',
    ],
    ['a body', replace('SET NOCOUNT ON;\n', 'SET NOCOUNT ON;\n    DECLARE @unused int;\n'), null],
  ])('S5: %s', (_name, change, text) => {
    const findings = found('mssql', change as (script: string) => string).filter((finding) => finding.startsWith('S5'));
    if (text === null) expect(findings.length).toBeGreaterThan(0);
    else expect(findings).toContain(`S5: ${text}`);
  });

  it('S2: a text of another form is reported, not thrown', () => {
    const findings = found('mssql', replace('CREATE TABLE [campus].[School]', 'CREATE TABLE campus.School'));
    expect(findings).toContainEqual(expect.stringMatching(/^S2: line \d+: expected a quoted name, found campus$/));
    expect(found('mssql', append('CREATE TABLE [campus].[Open] (')).length).toBeGreaterThan(0);
  });
});
