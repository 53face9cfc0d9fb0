import { diffCatalogs } from '@dms/catalog';
import { textOf } from '@dms/sql';
import { hasSharedData, mssqlRows, ownSchemaFile, RecordedMssql, readSharedText } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EmittedInput, emitted, setOfFiles } from '../../test/schema-sets.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { introspect } from './introspect.ts';
import { mssqlCatalog, mssqlType } from './mssql-catalog.ts';
import { mssqlQueries } from './mssql-queries.ts';

/*
 * Runs without a SQL Server: its rows are derived from the catalog and the script, in the spelling of the server
 * (design 09a §1.4).
 */

let wanted: EmittedInput;
beforeAll(async () => {
  wanted = emitted(await setOfFiles(ownSchemaFile('campus'), ownSchemaFile('athletics')), 'mssql');
});

const rows = () => mssqlRows(wanted.catalog, wanted.script);
const differences = (found: ReturnType<typeof rows>) =>
  diffCatalogs(wanted.catalog, mssqlCatalog(found, wanted.catalog.fingerprint).catalog).differences.map(
    ({ change, object, path, field, severity }) =>
      [severity, change, object, ...path, ...(field === undefined ? [] : [field])].join(' '),
  );

describe('the catalog of SQL Server', () => {
  it('assembled from rows in any order equals the catalog of the script, bodies included', () => {
    expect(wanted.catalog.tables.length).toBeGreaterThan(30);
    expect(differences(rows())).toEqual([]);
    const { catalog, diagnostics } = mssqlCatalog(rows(), wanted.catalog.fingerprint);
    expect(catalog).toEqual(wanted.catalog);
    expect(diagnostics).toEqual([]);
  });

  it.each<[string, (found: ReturnType<typeof rows>) => void, string[]]>([
    [
      'a wider column',
      (found) => void Object.assign(found.columns.find(({ name }) => name === 'CodeValue') ?? {}, { max_length: 102 }),
      ['error changed column dms.Descriptor CodeValue type'],
    ],
    [
      'a key that is not trusted',
      (found) =>
        void Object.assign(found.foreignKeys.find(({ name }) => name === 'FK_Document_ResourceKey') ?? {}, {
          is_not_trusted: true,
        }),
      ['error changed foreignKey dms.Document FK_Document_ResourceKey validated'],
    ],
    [
      'a check that is switched off',
      (found) =>
        void Object.assign(found.checks.find(({ name }) => name === 'CK_EffectiveSchema_Singleton') ?? {}, {
          is_disabled: true,
        }),
      ['error changed check dms.EffectiveSchema CK_EffectiveSchema_Singleton validated'],
    ],
    [
      'an index that is switched off',
      (found) =>
        void Object.assign(found.indexes.find(({ name }) => name === 'IX_Document_ResourceKeyId_DocumentId') ?? {}, {
          is_disabled: true,
        }),
      ['warning changed index dms.Document IX_Document_ResourceKeyId_DocumentId valid'],
    ],
    [
      'an index with a filter, downwards',
      (found) => {
        const index = found.indexes.find(({ name }) => name === 'IX_Document_ResourceKeyId_DocumentId');
        Object.assign(index ?? {}, { filter_definition: '([ResourceKeyId]>(1))' });
        for (const column of found.indexColumns)
          if (column.object_id === index?.object_id && column.index_id === index.index_id)
            Object.assign(column, { is_descending_key: true });
      },
      [
        'warning changed index dms.Document IX_Document_ResourceKeyId_DocumentId predicate',
        'warning changed index dms.Document IX_Document_ResourceKeyId_DocumentId plain',
      ],
    ],
    [
      'a clustered key that is not',
      (found) => void Object.assign(found.indexes.find(({ name }) => name === 'PK_Document') ?? {}, { index_type: 2 }),
      ['warning changed primaryKey dms.Document PK_Document clustered'],
    ],
    [
      'another seed',
      (found) => void Object.assign(found.columns.find(({ is_identity }) => is_identity) ?? {}, { seed_value: '5' }),
      ['error changed column dms.Document DocumentId identity'],
    ],
    [
      'another collation',
      (found) =>
        void Object.assign(found.columns.find(({ name }) => name === 'CodeValue') ?? {}, {
          collation_name: 'Latin1_General_BIN2',
        }),
      ['error changed column dms.Descriptor CodeValue collation'],
    ],
    [
      'a computed column that is not kept',
      (found) =>
        void Object.assign(found.columns.find(({ name }) => name === 'Room_SchoolId') ?? {}, { is_persisted: false }),
      [],
    ],
    [
      'a trigger that is switched off',
      (found) =>
        void Object.assign(found.triggers.find(({ name }) => name === 'TR_Document_Journal') ?? {}, {
          is_disabled: true,
        }),
      ['error changed trigger dms.Document TR_Document_Journal enabled'],
    ],
    [
      'a trigger that runs before all others, and not for replication',
      (found) => {
        const { parent_id: owner_id = 0 } = found.triggers.find(({ name }) => name === 'TR_Document_Journal') ?? {};
        found.options.push({ owner_id, part: 'TR_Document_Journal', text: 'NOT FOR REPLICATION' });
        found.options.push({ owner_id, part: 'TR_Document_Journal', text: 'FIRST INSERT' });
      },
      ['error changed trigger dms.Document TR_Document_Journal options'],
    ],
    [
      'a key that ignores duplicates, and one that is switched off',
      (found) => {
        const owner_id = found.keys.find(({ name }) => name === 'PK_Document')?.parent_object_id ?? 0;
        found.options.push({ owner_id, part: 'PK_Document', text: 'IGNORE_DUP_KEY' });
        found.options.push({ owner_id, part: 'UX_Document_DocumentUuid', text: 'DISABLED' });
      },
      [
        'error changed primaryKey dms.Document PK_Document options',
        'error changed unique dms.Document UX_Document_DocumentUuid options',
      ],
    ],
    [
      'a foreign key and a check that do not apply to replication',
      (found) => {
        const key = found.foreignKeys.find(({ name }) => name === 'FK_Document_ResourceKey');
        const check = found.checks.find(({ name }) => name === 'CK_EffectiveSchema_Singleton');
        for (const row of [key, check]) {
          found.options.push({
            owner_id: row?.parent_object_id ?? 0,
            part: row?.name ?? '',
            text: 'NOT FOR REPLICATION',
          });
        }
      },
      [
        'error changed foreignKey dms.Document FK_Document_ResourceKey options',
        'error changed check dms.EffectiveSchema CK_EffectiveSchema_Singleton options',
      ],
    ],
    [
      'a security policy',
      (found) => {
        const owner_id = found.objects.find(({ name }) => name === 'Descriptor')?.object_id ?? 0;
        found.options.push({ owner_id, part: null, text: 'SECURITY POLICY mine FILTER' });
      },
      ['error changed table dms.Descriptor options'],
    ],
    [
      'a synonym in place of a table',
      (found) => {
        const table = found.objects.find(({ name }) => name === 'DocumentCache');
        found.objects.splice(table ? found.objects.indexOf(table) : 0, 1);
        const schema_id = table?.schema_id ?? 0;
        found.synonyms.push({ schema_id, name: 'DocumentCache', base_object_name: '[other].[dms].[DocumentCache]' });
      },
      ['error missing table dms.DocumentCache', 'warning extra view dms.DocumentCache'],
    ],
    [
      'a procedure and a table type of their own',
      (found) => {
        const schema_id = found.schemas.find(({ name }) => name === 'dms')?.schema_id ?? 0;
        found.objects.push({ object_id: 9001, schema_id, name: 'mine', type: 'P', parent_object_id: 0 });
        found.tableTypes.push({ object_id: 9002, schema_id, name: 'pairs' });
      },
      ['warning extra function dms.mine()', 'warning extra tableType dms.pairs'],
    ],
  ])('shows %s', (_name, change, expected) => {
    const found = rows();
    change(found);
    const lines = differences(found);
    if (expected.length > 0) expect(lines).toEqual(expected);
    else
      expect(
        lines.length > 0 && lines.every((line) => /^error changed column \S+ Room_SchoolId generated$/.test(line)),
      ).toBe(true);
  });

  it.each([true, false])(
    'reads a computed column as nullable as the column that it repeats, whatever the server says: %s',
    (says) => {
      const found = rows();
      const computed = found.columns.find(({ computed_definition }) => computed_definition !== null);
      const others = found.columns.filter(({ object_id }) => object_id === computed?.object_id);
      for (const repeated of [
        others.find(({ is_nullable }) => !is_nullable),
        others.find(({ is_nullable }) => is_nullable),
      ]) {
        Object.assign(computed ?? {}, { computed_definition: `([${repeated?.name}])`, is_nullable: says });
        const { catalog } = mssqlCatalog(found, wanted.catalog.fingerprint);
        const read = catalog.tables
          .flatMap(({ columns }) => columns)
          .find(({ name, generated }) => name === computed?.name && generated?.expression === `"${repeated?.name}"`);
        expect(read?.nullable).toBe(repeated?.is_nullable);
      }
    },
  );

  it('has the collation of the database, which columns without one have', () => {
    const found = rows();
    found.options.push({ owner_id: 0, part: null, text: 'Turkish_100_CS_AS' });
    expect(mssqlCatalog(found, null).catalog.collation).toBe('Turkish_100_CS_AS');
    expect(differences(found)).toEqual([]);
  });

  it('reads what the server says of any other computed column', () => {
    const found = rows();
    const computed = found.columns.find(({ computed_definition }) => computed_definition !== null);
    Object.assign(computed ?? {}, { is_nullable: false });
    expect(differences(found)).toEqual([expect.stringMatching(/^error changed column \S+ \S+ nullable$/)]);
  });

  it('shows a changed body, and a module that was created with other settings', () => {
    const found = rows();
    const module =
      found.modules.find(({ definition }) => definition?.includes('TRIGGER [campus].[TR_School_')) ?? found.modules[0];
    Object.assign(module ?? {}, {
      definition: module?.definition?.replace('SET NOCOUNT ON', 'SET NOCOUNT OFF'),
      uses_quoted_identifier: false,
    });
    const lines = differences(found);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error changed trigger campus\.School TR_School_\S+ body$/);
    expect(mssqlCatalog(found, null).diagnostics.map(({ code }) => code)).toEqual(['VERIFY_MODULE_SETTINGS']);
  });
});

it.each([
  ['nvarchar', 120, 0, 0, 'nvarchar(60)'],
  ['nvarchar', -1, 0, 0, 'nvarchar(max)'],
  ['nchar', 8, 0, 0, 'nchar(4)'],
  ['varchar', 60, 0, 0, 'varchar(60)'],
  ['binary', 32, 0, 0, 'binary(32)'],
  ['decimal', 9, 18, 0, 'decimal(18,0)'],
  ['numeric', 5, 9, 2, 'decimal(9,2)'],
  ['datetime2', 8, 27, 7, 'datetime2(7)'],
  ['time', 5, 16, 7, 'time(7)'],
  ['bigint', 8, 19, 0, 'bigint'],
  ['uniqueidentifier', 16, 0, 0, 'uniqueidentifier'],
])('type %s of length %s, precision %s, scale %s is %s', (type_name, max_length, precision, scale, expected) => {
  expect(mssqlType({ type_name, max_length, precision, scale })).toBe(expected);
});

it('sends all queries at once, in the order in which the results are read', async () => {
  const found = rows();
  const recorded = new RecordedMssql((text) => {
    if (text.includes('FROM sys.schemas s WHERE'))
      return Object.keys(mssqlQueries).map((name) => found[name as keyof typeof found]);
    if (text.includes('IS NULL THEN 0')) return [[{ EffectiveSchema: 0, ResourceKey: 0, SchemaComponent: 0 }]];
    return undefined;
  });
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind === 'static') throw new Error('static');
  const connection = await openDatabase(target, { load: recorded.load });
  const from = recorded.sent.length;
  const { catalog } = await introspect(connection);
  expect({ ...catalog, fingerprint: wanted.catalog.fingerprint }).toEqual(wanted.catalog);
  const whole = Object.values(mssqlQueries)
    .map((query) => `${textOf(query)};`)
    .join('\n');
  expect(recorded.sent.slice(from, from + 2)).toEqual(['begin 2', `batch ${whole}`]);
  expect(recorded.sent.slice(-2)).toEqual(['rollback', 'batch SET NOEXEC OFF;']);
});

describe.runIf(hasSharedData)('the published queries (needs the shared conformance data)', () => {
  it('are the ones that are sent', () => {
    const chapter = readSharedText('design', '09-databases.md');
    const section = chapter.slice(chapter.indexOf('### 3.4'), chapter.indexOf('### 3.5'));
    const [, block = ''] = /```sql\n([\s\S]*?)```/.exec(section) ?? [];
    const published = Object.fromEntries(
      block
        .split(/^-- /m)
        .slice(1)
        .map((part) => [
          part.slice(0, part.indexOf('\n')),
          part
            .slice(part.indexOf('\n') + 1)
            .replace(/\s+/g, ' ')
            .trim(),
        ]),
    );
    const sent = Object.fromEntries(
      Object.entries(mssqlQueries).map(([name, query]) => [name, `${textOf(query).replace(/\s+/g, ' ').trim()};`]),
    );
    // further queries follow the published ones
    const { options, synonyms, ...first } = sent;
    expect([typeof options, typeof synonyms]).toEqual(['string', 'string']);
    expect(first).toEqual(published);
    expect(Object.keys(sent)).toEqual([...Object.keys(published), 'options', 'synonyms']);
  });
});
