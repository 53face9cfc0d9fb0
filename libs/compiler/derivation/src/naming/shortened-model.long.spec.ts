import { brokenInvariants, FullNames, modelIndex, qualified, type RelationalModelSet, type Table } from '@dms/model';
import { dialectRules, dialects, limitIdentifier } from '@dms/sql';
import {
  abstractResource,
  build,
  columnNames,
  edFi,
  extension,
  fields,
  hasSharedData,
  keyed,
  modelOf,
  ownSchema,
  plain,
  shortName,
  subclassOf,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52, tpdm } from '../../test/data-standard.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, reference, resource, string, uri } =
  build;

const longColumn = 'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgreSQLAtSixtyThree';
const longProperty = `t${longColumn.slice(1)}`;

/** A name of exactly `length` characters. */
const nameOf = (start: string, length: number) => `${start}${'x'.repeat(length - start.length)}`;

describe('the key of a table whose document id has a shortened name', () => {
  const root = nameOf('Participation', 60);
  const documents = [
    edFi([plain(root, { periods: array(object({ details: array(object({ note: string() })) })) })]),
    extension([
      extensionOf(root, {
        jsonSchemaForInsert: object({ _ext: ext('sample', object({ marks: array(object({ mark: string() })) })) }),
      }),
    ]),
  ];

  it.each(dialects)('says by roles what its columns are for in %s', (dialect) => {
    const [, ...children] = modelOf(documents, dialect).resources.flatMap(
      ({ tablesInDependencyOrder }) => tablesInDependencyOrder,
    );
    const full = `${root}_DocumentId`;
    const documentId = dialect === 'pgsql' ? shortName(full) : full;
    expect(documentId.endsWith('_DocumentId')).toBe(dialect === 'mssql');
    const keys = children.map(({ jsonScope, key }) => [jsonScope.canonical, key.columns]);
    const id = { name: documentId, kind: 'ParentKeyPart', role: 'DocumentId' };
    const ordinal = { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' };
    expect(Object.fromEntries(keys)).toEqual({
      '$._ext.sample': [{ ...id, name: 'DocumentId' }],
      '$._ext.sample.marks[*]': [id, ordinal],
      '$.periods[*]': [id, ordinal],
      '$.periods[*].details[*]': [id, { name: 'PeriodOrdinal', kind: 'ParentKeyPart', role: 'ParentOrdinal' }, ordinal],
    });
  });
});

describe('a column name', () => {
  const table = (dialect: 'pgsql' | 'mssql') =>
    tableOf(
      modelOf([edFi([plain('Thing', { [longProperty]: string(), [`${longProperty}X`]: string() })])], dialect),
      'edfi.Thing',
    );

  it('is shortened with a hash of itself in pgsql', () => {
    expect(columnNames(table('pgsql'))).toEqual([
      'DocumentId',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgre_026b941dbf',
      'ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgre_e2f35e760a',
    ]);
    expect(shortName(longColumn)).toBe('ThisIsAVeryLongFieldNameThatWillBeTruncatedByPostgre_026b941dbf');
  });

  it('that fits 128 characters is unchanged in mssql', () => {
    expect(columnNames(table('mssql'))).toEqual(['DocumentId', longColumn, `${longColumn}X`]);
  });

  it.each([
    ['pgsql', 63],
    ['mssql', 128],
  ] as const)('in %s of %i characters is the longest that stays', (dialect, limit) => {
    const names = [nameOf('A', limit), nameOf('B', limit + 1)];
    const thing = plain('Thing', Object.fromEntries(names.map((name) => [name, integer()])));
    const [, kept = '', cut = ''] = columnNames(tableOf(modelOf([edFi([thing])], dialect), 'edfi.Thing'));
    expect(kept).toBe(names[0]);
    expect(cut).toMatch(/_[0-9a-f]{10}$/);
    expect(cut).toHaveLength(limit);
  });
});

describe('a constraint name', () => {
  const mutable = (allowIdentityUpdates: boolean) =>
    modelOf([
      edFi([
        keyed('Target', { id: integer() }, { allowIdentityUpdates }),
        resource(nameOf('Referrer', 50), {
          documentPathsMapping: { [nameOf('Key', 20)]: reference('Ed-Fi:Target', [['$.id', '$.targetReference.id']]) },
          jsonSchemaForInsert: object({ targetReference: fields({ id: integer() }) }, ['targetReference']),
        }),
      ]),
    ]);

  it('is shortened with a hash of its meaning, the final action included', () => {
    const table = nameOf('Referrer', 50);
    const base = nameOf('Key', 20);
    const full = `FK_${table}_${base}_RefKey`;
    const expected = (['NoAction', 'Cascade'] as const).map((action) =>
      shortName(
        full,
        `ForeignKey|edfi.${table}|${base}_DocumentId,${base}_Id|edfi.Target|DocumentId,Id|NoAction|${action}`,
      ),
    );
    const actual = [false, true].map((isMutable) =>
      tableOf(mutable(isMutable), `edfi.${table}`).constraints.flatMap((constraint) =>
        constraint.kind === 'ForeignKey' && constraint.targetTable.name === 'Target' ? [constraint.name] : [],
      ),
    );
    expect(actual).toEqual(expected.map((name) => [name]));
    expect(expected[0]).not.toBe(expected[1]);
  });

  it('of a primary key is shortened like all others', () => {
    const table = nameOf('Table', 61);
    const { key } = tableOf(modelOf([edFi([plain(table, { note: string() })])]), `edfi.${table}`);
    expect(key.constraintName).toBe(shortName(`PK_${table}`, `PrimaryKey|edfi.${table}|DocumentId`));
    expect(key.constraintName).toHaveLength(63);
  });

  it('is hashed from full column and table names, although these are shortened too', () => {
    const table = nameOf('Table', 70);
    const column = nameOf('Column', 70);
    const model = modelOf([edFi([keyed(table, { [column]: integer() })])]);
    const { constraints } = tableOf(model, `edfi.${shortName(table)}`);
    expect(constraints).toContainEqual({
      kind: 'Unique',
      name: shortName(`UX_${table}_NK`, `Unique|edfi.${table}|${column}`),
      columns: [shortName(column)],
    });
  });
});

const longRoot = nameOf('Root', 66);
const longChild = nameOf('child', 40);
const longAbstract = nameOf('Abstract', 70);
const longKey = nameOf('Key', 56);
const longEndpoint = `e${'n'.repeat(70)}`;
const longPart = nameOf('part', 66);

/** One model with everything that can be too long for PostgreSQL. */
const longModel: readonly build.JsonRecord[] = [
  edFi(
    [
      descriptor('KindDescriptor'),
      keyed('Target', { [longPart]: integer() }),
      resource(longRoot, {
        ...subclassOf(`Ed-Fi:${longAbstract}`),
        identityJsonPaths: [`$.${longPart}`],
        documentPathsMapping: {
          [longKey]: reference(
            'Ed-Fi:Target',
            [[`$.${longPart}`, `$.${longChild}s[*].targetReference.${longPart}`]],
            false,
          ),
          Kind: descriptorPath('Ed-Fi:KindDescriptor', `$.${longPart}Descriptor`),
        },
        arrayUniquenessConstraints: [{ paths: [`$.${longChild}s[*].${longPart}`] }],
        jsonSchemaForInsert: object(
          {
            [longPart]: integer(),
            [`${longPart}Descriptor`]: uri(),
            [`${longChild}s`]: array(
              object({
                [longPart]: integer(),
                targetReference: fields({ [longPart]: integer() }),
                inner: array(object({ a: integer() })),
              }),
            ),
          },
          [longPart],
        ),
      }),
    ],
    { endpoint: longEndpoint, abstractResources: { [longAbstract]: abstractResource([`$.${longPart}`]) } },
  ),
  extension([
    extensionOf(longRoot, {
      jsonSchemaForInsert: object({
        _ext: ext('sample', object({ [longPart]: integer(), [`${longChild}s`]: array(object({ a: integer() })) })),
      }),
    }),
  ]),
];

describe('a model with names of every kind too long for PostgreSQL', () => {
  const pgsql = modelOf(longModel, 'pgsql');
  const mssql = modelOf(longModel, 'mssql');
  const schema = shortName(longEndpoint);

  it('shortens schemas, tables, views, key columns and columns each with a hash of itself', () => {
    const expected = [
      `${schema}.Target`,
      `${schema}.${shortName(longRoot)}`,
      `sample.${shortName(`${longRoot}Extension`)}`,
      `${schema}.${shortName(`${longRoot}${longChild.charAt(0).toUpperCase()}${longChild.slice(1)}`)}`,
      `${schema}.${shortName(`${longRoot}${longChild.charAt(0).toUpperCase()}${longChild.slice(1)}Inner`)}`,
      `sample.${shortName(`${longRoot}Extension${longChild.charAt(0).toUpperCase()}${longChild.slice(1)}`)}`,
      `${schema}.${shortName(`${longAbstract}Identity`)}`,
    ];
    expect(
      modelIndex(pgsql)
        .allTables.map(({ table }) => qualified(table.table))
        .sort(),
    ).toEqual(expected.sort());
    expect(pgsql.abstractUnionViews.map(({ view }) => qualified(view))).toEqual([
      `${schema}.${shortName(`${longAbstract}_View`)}`,
    ]);
    expect(pgsql.projects.map(({ physicalSchema }) => physicalSchema)).toEqual([schema, 'sample']);
    expect(pgsql.resources.map(({ physicalSchema }) => physicalSchema)).toEqual([schema, schema, schema]);
  });

  it('mentions no name that does not exist', () => {
    expect(brokenInvariants(pgsql)).toEqual([]);
    expect(brokenInvariants(mssql)).toEqual([]);
  });

  it('keeps JSONPaths, resource names and discriminators in full length', () => {
    expect(pgsql.resources.map(({ resourceKey }) => resourceKey.resourceName)).toEqual([
      'KindDescriptor',
      longRoot,
      'Target',
    ]);
    const [view] = pgsql.abstractUnionViews;
    expect(view?.unionArms[0]?.projections.at(-1)).toEqual({ kind: 'StringLiteral', value: `Ed-Fi:${longRoot}` });
    expect(view?.outputColumns.map(({ name, sourcePath }) => [name, sourcePath?.canonical])).toEqual([
      ['DocumentId', undefined],
      [shortName(`P${longPart.slice(1)}`), `$.${longPart}`],
      ['Discriminator', undefined],
    ]);
  });

  it('changes nothing in mssql, where all of it fits', () => {
    expect(mssql.shortenedNames).toEqual([]);
    expect(
      modelIndex(mssql).allTables.every(({ table }) => table.columns.every(({ name }) => name.length <= 128)),
    ).toBe(true);
  });

  it('lists every shortened schema, table, view and column once, by what holds it', () => {
    const { shortenedNames } = pgsql;
    const keys = shortenedNames.map(({ kind, schema: holder, table, name }) => [kind, holder ?? '', table ?? '', name]);
    const order = ['schema', 'table', 'column'];
    const sorted = [...keys].sort(
      (a, b) =>
        order.indexOf(a[0] ?? '') - order.indexOf(b[0] ?? '') ||
        (a.slice(1).join('\n') < b.slice(1).join('\n') ? -1 : 1),
    );
    expect(keys).toEqual(sorted);
    expect(new Set(keys.map((key) => key.join('\n'))).size).toBe(keys.length);
    expect(shortenedNames[0]).toEqual({
      kind: 'schema',
      schema: null,
      table: null,
      name: schema,
      fullName: longEndpoint,
    });
    expect(shortenedNames).toContainEqual({
      kind: 'table',
      schema,
      table: null,
      name: shortName(`${longAbstract}_View`),
      fullName: `${longAbstract}_View`,
    });
    for (const { name, fullName } of shortenedNames) expect(name).toBe(shortName(fullName));
  });

  it('orders tables and columns by their final names', () => {
    const names = (table: Table) => table.columns.slice(1).map(({ name }) => name);
    const thing = plain('Thing', {
      [`${nameOf('aa', 69)}1`]: integer(),
      [`${nameOf('aa', 69)}2`]: integer(),
      [`${nameOf('aa', 69)}3`]: integer(),
    });
    const finals = names(tableOf(modelOf([edFi([thing])]), 'edfi.Thing'));
    expect(finals).toEqual([...finals].sort());
    expect(finals.map((name) => name.slice(0, 52))).toEqual(Array(3).fill(`A${'a'}${'x'.repeat(50)}`));
  });
});

function namesAgree(name: string, documents: () => readonly build.JsonRecord[]): void {
  it(`are those of the full names in both dialects for ${name}`, () => {
    const facts = (model: RelationalModelSet) => {
      const full = new FullNames(model);
      const rules = dialectRules[model.dialect];
      const wrong: string[] = [];
      const check = (final: string, fullName: string) => {
        if (final !== limitIdentifier(rules, fullName)) wrong.push(`${final} of ${fullName}`);
      };
      const names = modelIndex(model).allTables.flatMap(({ table: { table, columns, key } }) => {
        const fullSchema = full.schema(table.schema);
        const fullTable = full.table(table);
        check(table.schema, fullSchema);
        check(table.name, fullTable);
        for (const column of columns) check(column.name, full.column(table, column.name));
        expect(rules.identifierLength(key.constraintName)).toBeLessThanOrEqual(rules.identifierLimit);
        return columns.map((column) => `${fullSchema}.${fullTable}.${full.column(table, column.name)}`);
      });
      return { names: names.sort(), wrong };
    };
    const pgsql = facts(modelOf(documents(), 'pgsql'));
    const mssql = facts(modelOf(documents(), 'mssql'));
    expect(pgsql.names).toEqual(mssql.names);
    expect(pgsql.wrong).toEqual([]);
    expect(mssql.wrong).toEqual([]);
  });

  it(`of constraints are unique in their schema and short enough for ${name}`, () => {
    for (const dialect of dialects) {
      const model = modelOf(documents(), dialect);
      const rules = dialectRules[dialect];
      const names = modelIndex(model).allTables.flatMap(({ table: { table, key, constraints } }) =>
        [key.constraintName, ...constraints.map((constraint) => constraint.name)].map((constraint) => ({
          table,
          constraint,
        })),
      );
      expect(new Set(names.map(({ table, constraint }) => `${table.schema}.${constraint}`)).size).toBe(names.length);
      expect(names.filter(({ constraint }) => rules.identifierLength(constraint) > rules.identifierLimit)).toEqual([]);
    }
  });
}

describe('final names', () => {
  namesAgree('a model of long names', () => longModel);
  namesAgree('the campus and athletics schemas', () => [ownSchema('campus'), ownSchema('athletics')]);
});

describe.runIf(hasSharedData)('final names (needs the shared conformance data)', () => {
  namesAgree('the data standard 5.2 with TPDM 1.1', () => [core52(), tpdm()]);
});
