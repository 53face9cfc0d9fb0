import { deriveModel, type RelationalModelSet } from '@dms/relational-model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from './index.ts';
import { dialectViolations } from './invariants.spec-support.ts';
import {
  derive,
  diagnosticsOf,
  expectFault,
  type HandMadeTable,
  handMadeModel,
  indexLines,
  once,
  resourceOf,
  schemaSet,
  tableOf,
  triggerNames,
  triggerOf,
  withResource,
} from './inventory.spec-support.ts';
import { shortName } from './short-name.spec-support.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, project, reference, resource, string, uri } =
  build;

const limits = { pgsql: 63, mssql: 128 } as const;

/** Name of the support index of a hand-made table with one foreign key. */
function supportName(dialect: SqlDialect, table: string, ...columns: string[]): string | undefined {
  const { indexes } = deriveInventory(handMadeModel(dialect, { name: table, columns, foreignKeys: [columns] }));
  return indexes.find(({ kind }) => kind === 'ForeignKeySupport')?.name;
}

describe('the length of a name', () => {
  it.each(dialects)('may reach the limit of %s; one more, and the name ends in `_` and ten hex digits', (dialect) => {
    const limit = limits[dialect];
    const fitting = 'c'.repeat(limit - 'IX_T_'.length);
    expect(supportName(dialect, 'T', fitting)).toBe(`IX_T_${fitting}`);
    const tooLong = supportName(dialect, 'T', `${fitting}c`) ?? '';
    expect(tooLong).toHaveLength(limit);
    expect(tooLong).toMatch(/^IX_T_c+_[0-9a-f]{10}$/);
    expect(tooLong).toBe(shortName(`IX_T_${fitting}c`, dialect));
  });

  it('is counted in bytes in pgsql, without cutting a character, and in UTF-16 units in mssql', () => {
    const column = 'é'.repeat(30);
    const full = `IX_T_${column}`;
    expect(Buffer.byteLength(full)).toBe(65);
    const shortened = supportName('pgsql', 'T', column) ?? '';
    // 5 bytes of `IX_T_` and 23 characters of 2 bytes are 51; one more would be 53
    expect(shortened.startsWith(`IX_T_${'é'.repeat(23)}_`)).toBe(true);
    expect(shortened).toBe(shortName(full, 'pgsql'));
    expect(supportName('mssql', 'T', column)).toBe(full);
  });

  it('of a composite index beyond 63 bytes is 63 in pgsql and stays in mssql (case 13)', () => {
    const columns = ['Assessment_DocumentId', 'Assessment_AssessmentIdentifier', 'Assessment_Namespace'];
    const full = `IX_StudentAssessment_${columns.join('_')}`;
    expect(full.length).toBeGreaterThan(63);
    expect(supportName('mssql', 'StudentAssessment', ...columns)).toBe(full);
    const shortened = supportName('pgsql', 'StudentAssessment', ...columns) ?? '';
    expect(Buffer.byteLength(shortened)).toBe(63);
    expect(shortened.slice(0, 52)).toBe(full.slice(0, 52));
    expect(shortened.slice(52)).toMatch(/^_[0-9a-f]{10}$/);
    expect(shortened).toBe(shortName(full, 'pgsql'));
  });

  it('beyond both limits gives the same hash in both dialects', () => {
    const columns = ['First', 'Second', 'Third'].map((name) => `${name}${'Part'.repeat(12)}`);
    const [pgsql = '', mssql = ''] = dialects.map((dialect) => supportName(dialect, 'T', ...columns));
    expect(pgsql).toHaveLength(63);
    expect(mssql).toHaveLength(128);
    expect(pgsql.slice(-10)).toBe(mssql.slice(-10));
  });
});

const longRoot = 'StudentEducationOrganizationAssessmentAccommodationParticipation';
const longTarget = 'ResponsibleEducationOrganizationOfTheSupportingProgramAssociation';
const longProperty = 'identifierOfTheEducationOrganizationThatIsResponsibleForTheProgram';
const pascal = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const longReference = reference(`Ed-Fi:${longTarget}`, [[`$.${longProperty}`, `$.targetReference.${longProperty}`]]);

const longNamed = [
  project(
    'Ed-Fi',
    [
      descriptor('KindDescriptor'),
      resource(longTarget, {
        isSubclass: true,
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'EducationOrganization',
        superclassIdentityJsonPath: '$.educationOrganizationIdThatIsUniqueAmongAll',
        identityJsonPaths: [`$.${longProperty}`],
        documentPathsMapping: {
          SupportingEducationOrganizationThatTheTargetDependsUpon: reference(
            'Ed-Fi:EducationOrganization',
            [
              [
                '$.educationOrganizationIdThatIsUniqueAmongAll',
                '$.parentReference.educationOrganizationIdThatIsUniqueAmongAll',
              ],
            ],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          {
            [longProperty]: integer(),
            parentReference: object({
              educationOrganizationIdThatIsUniqueAmongAll: integer(),
            }),
          },
          [longProperty],
        ),
      }),
      resource(longRoot, {
        identityJsonPaths: [
          `$.targetReference.${longProperty}`,
          '$.kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor',
        ],
        equalityConstraints: [
          {
            sourceJsonPath: `$.targetReference.${longProperty}`,
            targetJsonPath: '$.accommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent',
          },
        ],
        documentPathsMapping: {
          SupportingTargetThatTheParticipationOfTheStudentIsReportedTo: longReference,
          Kind: descriptorPath(
            'Ed-Fi:KindDescriptor',
            '$.kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor',
          ),
        },
        jsonSchemaForInsert: object(
          {
            targetReference: object({ [longProperty]: integer() }, [longProperty]),
            accommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent: integer(),
            kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor: uri(),
            periods: array(object({ note: string(), details: array(object({ detail: string() })) })),
          },
          ['targetReference', 'kindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor'],
        ),
      }),
    ],
    {
      abstractResources: {
        EducationOrganization: {
          identityJsonPaths: ['$.educationOrganizationIdThatIsUniqueAmongAll'],
        },
      },
    },
  ),
  project(
    'Sample',
    [
      extensionOf(longRoot, {
        jsonSchemaForInsert: object({
          _ext: ext('sample', object({ remark: string(), marks: array(object({ mark: string() })) })),
        }),
      }),
    ],
    { isExtension: true },
  ),
];

describe('the identifiers of a model with long names', () => {
  const pgsql = once(() => derive('pgsql', ...longNamed));
  const mssql = once(() => derive('mssql', ...longNamed));

  it('are shortened everywhere in pgsql and nowhere in mssql', () => {
    expect(mssql().model.shortenedNames).toEqual([]);
    expect(dialectViolations(pgsql().inventory, mssql().inventory)).toEqual([]);
    const { indexes, triggers } = pgsql().inventory;
    const names = JSON.stringify([indexes, triggers]).match(/"[A-Za-z0-9_]{64,}"/g) ?? [];
    // what stays long are names of resources, which are no identifiers
    expect(new Set(names)).toEqual(new Set([`"${longTarget}"`, `"${longRoot}"`]));
  });

  it('are found in the model: tables and columns of all entries exist under these names', () => {
    for (const { table, keyColumns, kind } of pgsql().inventory.indexes) {
      if (kind === 'Explicit') continue;
      const columns = tableOf(pgsql().model, `${table.schema}.${table.name}`).columns.map(({ name }) => name);
      expect(keyColumns.filter((name) => !columns.includes(name))).toEqual([]);
    }
    const elements = triggerOf(pgsql().inventory, `edfi.${shortName(longRoot, 'pgsql')}`, 'ReferentialIdentityMaintenance');
    expect(elements.identityElements.map(({ column }) => column)).toEqual([
      shortName(`SupportingTargetThatTheParticipationOfTheStudentIsReportedTo_${pascal(longProperty)}`, 'pgsql'),
      shortName('KindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor_DescriptorId', 'pgsql'),
    ]);
  });

  it('do not make the names of indexes: these come from the full names of table and columns', () => {
    const columns = [
      'SupportingTargetThatTheParticipationOfTheStudentIsReportedTo_DocumentId',
      'AccommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent_Unified',
    ];
    const full = `IX_${longRoot}_${columns.join('_')}`;
    for (const [dialect, { inventory }] of [['pgsql', pgsql()] as const, ['mssql', mssql()] as const]) {
      const index = inventory.indexes.find(({ name }) => name === shortName(full, dialect));
      expect(index?.keyColumns).toEqual(columns.map((name) => shortName(name, dialect)));
      expect(index?.table.name).toBe(shortName(longRoot, dialect));
    }
    // an index name made of shortened names would be another one
    const [short, ...shortColumns] = [longRoot, ...columns].map((name) => shortName(name, 'pgsql'));
    expect(shortName(full, 'pgsql')).not.toBe(shortName(`IX_${short}_${shortColumns.join('_')}`, 'pgsql'));
  });

  it('do not make the names of triggers: these come from the full name of the table', () => {
    const names = triggerNames(pgsql().inventory).map((line) => line.split(' ')[1]);
    for (const full of [
      `TR_${longRoot}_Stamp`,
      `TR_${longRoot}_ReferentialIdentity`,
      `TR_${longRoot}Period_Stamp`,
      `TR_${longRoot}PeriodDetail_Stamp`,
      `TR_${longRoot}Extension_Stamp`,
      `TR_${longRoot}ExtensionMark_Stamp`,
      `TR_${longTarget}_AbstractIdentity`,
      `TR_${longTarget}_AuthHierarchy_Insert`,
    ])
      expect(names).toContain(shortName(full, 'pgsql'));
  });

  it('do not make the name of a fallback trigger, where mssql shortens the name of its table', () => {
    const full = 'Receiver'.repeat(17);
    const name = shortName(full, 'mssql');
    const table = { schema: 'edfi', name };
    const model: RelationalModelSet = {
      ...handMadeModel('mssql', { name, columns: ['Parent_DocumentId', 'Parent_Id'] }),
      shortenedNames: [{ kind: 'table', schema: 'edfi', table: null, name, fullName: full }],
      propagationFallbacks: [
        {
          targetTable: table,
          receiverTable: table,
          receiverFkColumn: 'Parent_DocumentId',
          columnMappings: [{ sourceColumn: 'Id', targetColumn: 'Parent_Id' }],
        },
      ],
    };
    expect(name).not.toBe(full);
    expect(triggerOf(deriveInventory(model), `edfi.${name}`, 'IdentityPropagationFallback').name).toBe(
      shortName(`TR_${full}_PropagateIdentity`, 'mssql'),
    );
  });

  it('leave the key column of a child recognizable as a document id by its full name', () => {
    const stamp = triggerOf(pgsql().inventory, `edfi.${shortName(`${longRoot}PeriodDetail`, 'pgsql')}`, 'DocumentStamping');
    expect(stamp.keyColumns).toEqual([shortName(`${longRoot}_DocumentId`, 'pgsql')]);
    expect(stamp.keyColumns[0]).not.toContain('_DocumentId');
  });

  it('are shortened in the projection: the canonical column of an alias', () => {
    const stamp = triggerOf(pgsql().inventory, `edfi.${shortName(longRoot, 'pgsql')}`, 'DocumentStamping');
    expect(stamp.identityProjectionColumns).toEqual([
      shortName('AccommodatingEducationOrganizationOfTheStudentAtTheTimeOfTheEvent_Unified', 'pgsql'),
      shortName('KindOfTheAccommodationThatWasGivenToTheStudentInTheAssessmentDescriptor_DescriptorId', 'pgsql'),
    ]);
  });

  it('are shortened in the hierarchy, the entity name is not', () => {
    expect(pgsql().inventory.authEdOrgHierarchy).toEqual({
      entities: [
        {
          entityName: longTarget,
          table: { schema: 'edfi', name: shortName(longTarget, 'pgsql') },
          identityColumn: shortName(pascal(longProperty), 'pgsql'),
          parentFks: [
            {
              denormalizedParentIdColumn: shortName(
                'SupportingEducationOrganizationThatTheTargetDependsUpon_EducationOrganizationIdThatIsUniqueAmongAll',
                'pgsql',
              ),
            },
          ],
        },
      ],
    });
  });

  it('leave the index of the hierarchy alone', () => {
    const explicit = pgsql().inventory.indexes.filter(({ kind }) => kind === 'Explicit');
    expect(explicit.map(({ name }) => name)).toEqual(['IX_EducationOrganizationIdToEducationOrganizationId_Target']);
    expect(explicit[0]?.name).toHaveLength(58);
  });
});

describe('where several columns share a path, the first one by its full name', () => {
  const earlier = 'AnIdentifierThatIsLongEnoughToBeShortenedInPostgreSqlOnlyA';
  const later = 'AnIdentifierThatIsLongEnoughToBeShortenedInPostgreSqlOnlyB';

  it('is taken, whatever its shortened name is', () => {
    const plain = handMadeModel('pgsql', { name: 'T' });
    const id = tableOf(plain, 'edfi.T').columns.find(({ name }) => name === 'Id');
    if (!id) throw new Error('no column Id');
    const [first, second] = ['Zzz_0000000001', 'Aaa_0000000002'];
    const model: RelationalModelSet = {
      ...withResource(plain, 'Hand:Made1', ({ tablesInDependencyOrder: [root] }) => ({
        tablesInDependencyOrder: root
          ? [
              {
                ...root,
                columns: [
                  ...root.columns.filter((column) => column !== id),
                  { ...id, name: first as string },
                  { ...id, name: second as string },
                ],
              },
            ]
          : [],
      })),
      shortenedNames: [
        { kind: 'column', schema: 'edfi', table: 'T', name: first as string, fullName: earlier },
        { kind: 'column', schema: 'edfi', table: 'T', name: second as string, fullName: later },
      ],
    };
    const { identityElements } = triggerOf(deriveInventory(model), 'edfi.T', 'ReferentialIdentityMaintenance');
    expect(identityElements.map(({ column }) => column)).toEqual([first]);
  });
});

/** The collisions that derivation reports, as the place and the sources of each. */
function collisionsOf(model: RelationalModelSet): unknown {
  const found = diagnosticsOf(() => deriveInventory(model));
  expect(found.map(({ code }) => code)).toEqual(['NAME_COLLISION']);
  return found[0]?.details.collisions;
}

const schoolReference = reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);
const schoolObject = object({ schoolId: integer() }, ['schoolId']);
const school = resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: object({ schoolId: integer() }, ['schoolId']),
});
const named = (name: string) =>
  resource(name, {
    identityJsonPaths: ['$.code'],
    documentPathsMapping: { School: schoolReference },
    jsonSchemaForInsert: object({ code: string(), schoolReference: schoolObject }, ['code', 'schoolReference']),
  });

/*
 * Pairs of names found by trial, whose SHA-256 begins with the same ten hex digits: after shortening, the names of the index of
 * the first pair (beyond 63) and of the referential identity trigger of the second (beyond 128) are equal.
 */
const indexTwins = ['VBRB8', 'V1EQP1'].map((suffix) => `StudentAssessmentAccommodationParticipationHistory${suffix}`);
const triggerTwins = ['V50OC', 'V7FZK'].map(
  (suffix) => `${'StudentAssessmentAccommodationParticipationHistory'.repeat(3).slice(0, 118)}${suffix}`,
);

describe('two indexes whose names are equal after shortening', () => {
  const fullNames = indexTwins.map((name) => `IX_${name}_School_DocumentId_School_SchoolId`);
  const document = project('Ed-Fi', [school, ...indexTwins.map(named)]);
  const modelOf = (dialect: SqlDialect) => deriveModel(schemaSet(document), dialect).model;

  it('are a pair that the premise holds for', () => {
    const [first, second] = fullNames.map((name) => shortName(name, 'pgsql'));
    expect(first).toBe(second);
    expect(new Set(fullNames).size).toBe(2);
  });

  it('on different tables of one schema are a NAME_COLLISION in pgsql, with both sources, sorted (case 14, 03 case 20)', () => {
    const final = shortName(fullNames[0] as string, 'pgsql');
    expect(collisionsOf(modelOf('pgsql'))).toEqual([
      {
        kind: 'index',
        location: "schema 'edfi'",
        name: final,
        sources: fullNames.map((full, index) => `${full} -> ${final} (index ${full} on edfi.${indexTwins[index]})`).sort(),
      },
    ]);
    expectFault(() => deriveInventory(modelOf('pgsql')), 'NAME_COLLISION', final, ...fullNames);
  });

  it('on different tables of one schema are accepted in mssql (case 14, 03 case 20)', () => {
    const { inventory } = derive('mssql', document);
    expect(fullNames.map((name) => inventory.indexes.filter((index) => index.name === name).length)).toEqual([1, 1]);
  });

  it('in different schemas are accepted in both dialects', () => {
    const [first = '', second = ''] = indexTwins;
    const documents = [project('Ed-Fi', [school, named(first)]), project('Sample', [named(second)], { isExtension: true })];
    const { inventory } = derive('pgsql', ...documents);
    const final = shortName(fullNames[0] as string, 'pgsql');
    expect(inventory.indexes.filter(({ name }) => name === final).map(({ table }) => table.schema)).toEqual(['edfi', 'sample']);
    expect(derive('mssql', ...documents).inventory.indexes).toHaveLength(inventory.indexes.length);
  });

  it('of equal full length collide in the same way', () => {
    const tables: HandMadeTable[] = [
      { name: 'A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'A_B', columns: ['c'], foreignKeys: [['c']] },
    ];
    expect(collisionsOf(handMadeModel('pgsql', ...tables))).toEqual([
      {
        kind: 'index',
        location: "schema 'edfi'",
        name: 'IX_A_B_c',
        sources: ['IX_A_B_c -> IX_A_B_c (index IX_A_B_c on edfi.A)', 'IX_A_B_c -> IX_A_B_c (index IX_A_B_c on edfi.A_B)'],
      },
    ]);
    expect(
      deriveInventory(handMadeModel('mssql', ...tables))
        .indexes.filter(({ name }) => name === 'IX_A_B_c')
        .map(({ table }) => table.name),
    ).toEqual(['A', 'A_B']);
  });
});

describe('two triggers whose names are equal after shortening', () => {
  const fullNames = triggerTwins.map((name) => `TR_${name}_ReferentialIdentity`);
  const document = project('Ed-Fi', [school, ...triggerTwins.map(named)]);

  it('are a pair that the premise holds for', () => {
    for (const dialect of dialects) {
      const [first, second] = fullNames.map((name) => shortName(name, dialect));
      expect(first).toBe(second);
    }
    expect(new Set(fullNames).size).toBe(2);
    expect(triggerTwins.every(({ length }) => length <= 128)).toBe(true);
  });

  it('on different tables of one schema are a NAME_COLLISION in mssql, with both sources, sorted (case 15, 03 case 21)', () => {
    const final = shortName(fullNames[0] as string, 'mssql');
    expect(collisionsOf(deriveModel(schemaSet(document), 'mssql').model)).toEqual([
      {
        kind: 'trigger',
        location: "schema 'edfi'",
        name: final,
        sources: fullNames.map((full, index) => `${full} -> ${final} (trigger ${full} on edfi.${triggerTwins[index]})`).sort(),
      },
    ]);
  });

  it('on different tables of one schema are accepted in pgsql (case 15, 03 case 21)', () => {
    const { inventory } = derive('pgsql', document);
    const final = shortName(fullNames[0] as string, 'pgsql');
    expect(inventory.triggers.filter(({ name }) => name === final)).toHaveLength(2);
  });
});

describe('a hierarchy trigger, which is named by its resource,', () => {
  const organization = (name: string, table?: string) =>
    resource(name, {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'EducationOrganization',
      identityJsonPaths: ['$.educationOrganizationId'],
      jsonSchemaForInsert: object({ educationOrganizationId: integer() }, ['educationOrganizationId']),
      ...(table === undefined ? {} : { relational: { rootTableNameOverride: table } }),
    });
  const documents = [
    project('Ed-Fi', [organization('School')], {
      abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
    }),
    project('Sample', [organization('School', 'Academy')], { isExtension: true }),
  ];

  it.each(dialects)('may bear one name in two schemas in %s', (dialect) => {
    const { inventory } = derive(dialect, ...documents);
    expect(triggerNames(inventory).filter((line) => line.endsWith(' TR_School_AuthHierarchy_Insert'))).toEqual([
      'edfi.School TR_School_AuthHierarchy_Insert',
      'sample.Academy TR_School_AuthHierarchy_Insert',
    ]);
  });

  /** The same with the table of the second school moved into the schema of the first. */
  const inOneSchema = (dialect: SqlDialect): RelationalModelSet =>
    JSON.parse(
      JSON.stringify(deriveModel(schemaSet(...documents), dialect).model).replaceAll('"schema":"sample"', '"schema":"edfi"'),
    );

  it('may bear one name on two tables of a schema in pgsql (case 15)', () => {
    const names = triggerNames(deriveInventory(inOneSchema('pgsql')));
    expect(names).toContain('edfi.School TR_School_AuthHierarchy_Insert');
    expect(names).toContain('edfi.Academy TR_School_AuthHierarchy_Insert');
  });

  it('collides with the same name on another table of the schema in mssql (case 15)', () => {
    expect(collisionsOf(inOneSchema('mssql'))).toEqual(
      ['Delete', 'Insert'].map((event) => {
        const name = `TR_School_AuthHierarchy_${event}`;
        return {
          kind: 'trigger',
          location: "schema 'edfi'",
          name,
          sources: ['Academy', 'School'].map((table) => `${name} -> ${name} (trigger ${name} on edfi.${table})`),
        };
      }),
    );
  });
});

describe('the report of collisions', () => {
  it('holds all of them: indexes before triggers, then by schema and name, whatever the order of the tables', () => {
    const tables: HandMadeTable[] = [
      { name: 'alpha.A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'alpha.A_B', columns: ['c'], foreignKeys: [['c']] },
      { name: 'A', columns: ['B_c', 'B_b'], foreignKeys: [['B_c'], ['B_b']] },
      { name: 'A_B', columns: ['c', 'b'], foreignKeys: [['c'], ['b']] },
    ];
    const places = (found: unknown) =>
      (found as { location: string; name: string }[]).map(({ location, name }) => [location, name]);
    const expected = [
      ["schema 'alpha'", 'IX_A_B_c'],
      ["schema 'edfi'", 'IX_A_B_b'],
      ["schema 'edfi'", 'IX_A_B_c'],
    ];
    expect(places(collisionsOf(handMadeModel('pgsql', ...tables)))).toEqual(expected);
    expect(places(collisionsOf(handMadeModel('pgsql', ...[...tables].reverse())))).toEqual(expected);
  });

  it('names the stage, which holds the dialect', () => {
    const tables: HandMadeTable[] = [
      { name: 'A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'A_B', columns: ['c'], foreignKeys: [['c']] },
    ];
    expectFault(
      () => deriveInventory(handMadeModel('pgsql', ...tables)),
      'NAME_COLLISION',
      'AfterDialectShortening(Pgsql:63-bytes)',
    );
  });

  it('does not mix kinds: a UNIQUE constraint and a trigger of one name are no collision', () => {
    const tables: HandMadeTable[] = [{ name: 'A', columns: ['b'], uniques: [['b']], uniqueNames: ['TR_A_Stamp'] }];
    for (const dialect of dialects) expect(deriveInventory(handMadeModel(dialect, ...tables)).indexes).toHaveLength(2);
  });
});

describe('two entries of equal name and equal origin', () => {
  const doubled = (...names: string[]): HandMadeTable[] =>
    names.map((name) => {
      const table = name.split('.').at(-1);
      return { name, columns: ['b', 'c'], uniques: [['b'], ['c']], uniqueNames: [`UX_${table}_NK`, `UX_${table}_NK`] };
    });

  it('are a NAME_INVENTORY_DUPLICATE, named by schema for indexes in pgsql', () => {
    const message = expectFault(
      () => deriveInventory(handMadeModel('pgsql', ...doubled('Term', 'Course'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi:UX_Course_NK, edfi:UX_Term_NK');
  });

  it('are a NAME_INVENTORY_DUPLICATE, named by table for indexes in mssql', () => {
    const message = expectFault(
      () => deriveInventory(handMadeModel('mssql', ...doubled('Term', 'Course'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi.Course:UX_Course_NK, edfi.Term:UX_Term_NK');
  });

  it('are listed once, however often they occur', () => {
    const model = handMadeModel('mssql', {
      name: 'T',
      columns: ['b', 'c', 'd'],
      uniques: [['b'], ['c'], ['d']],
      uniqueNames: ['UX_T_NK', 'UX_T_NK', 'UX_T_NK'],
    });
    const message = expectFault(() => deriveInventory(model), 'NAME_INVENTORY_DUPLICATE');
    expect(message.match(/edfi\.T:UX_T_NK/g)).toHaveLength(1);
  });

  it('are sorted by table, then name: the table Term comes before Term2', () => {
    const message = expectFault(
      () => deriveInventory(handMadeModel('mssql', ...doubled('Term2', 'Term'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi.Term:UX_Term_NK, edfi.Term2:UX_Term2_NK');
  });

  it('are sorted by schema first: the schema edfi comes before edfi2', () => {
    const message = expectFault(
      () => deriveInventory(handMadeModel('pgsql', ...doubled('edfi2.A', 'B'))),
      'NAME_INVENTORY_DUPLICATE',
    );
    expect(message).toContain('edfi:UX_B_NK, edfi2:UX_A_NK');
  });

  it('are no collision, although two foreign keys give their indexes one full name', () => {
    const model = handMadeModel('pgsql', {
      name: 'T',
      columns: ['a', 'b_c', 'a_b', 'c'],
      foreignKeys: [
        ['a', 'b_c'],
        ['a_b', 'c'],
      ],
    });
    expectFault(() => deriveInventory(model), 'NAME_INVENTORY_DUPLICATE', 'edfi:IX_T_a_b_c');
    const mssql = { ...model, dialect: 'mssql' as const };
    expectFault(() => deriveInventory(mssql), 'NAME_INVENTORY_DUPLICATE', 'edfi.T:IX_T_a_b_c');
  });

  describe('among triggers', () => {
    const organization = project(
      'Ed-Fi',
      [
        resource('School', {
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'EducationOrganization',
          identityJsonPaths: ['$.educationOrganizationId'],
          jsonSchemaForInsert: object({ educationOrganizationId: integer() }, ['educationOrganizationId']),
        }),
      ],
      { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
    );
    /** The union view with each arm twice. */
    const withDoubledArms = (dialect: SqlDialect): RelationalModelSet => {
      const { model } = deriveModel(schemaSet(organization), dialect);
      return {
        ...model,
        abstractUnionViews: model.abstractUnionViews.map((view) => ({
          ...view,
          unionArms: [...view.unionArms, ...view.unionArms],
        })),
      };
    };

    it('are named by table in pgsql and by schema in mssql', () => {
      expect(expectFault(() => deriveInventory(withDoubledArms('pgsql')), 'NAME_INVENTORY_DUPLICATE')).toContain(
        'edfi.School:TR_School_AuthHierarchy_Delete, edfi.School:TR_School_AuthHierarchy_Insert',
      );
      expect(expectFault(() => deriveInventory(withDoubledArms('mssql')), 'NAME_INVENTORY_DUPLICATE')).toContain(
        'edfi:TR_School_AuthHierarchy_Delete, edfi:TR_School_AuthHierarchy_Insert',
      );
    });
  });
});

describe('the order of both lists', () => {
  const tables: HandMadeTable[] = [
    { name: 'edfi.School_X' },
    { name: 'edfi.schoolyear' },
    { name: 'edfi.SchoolAddress' },
    { name: 'Zeta.A' },
    { name: 'alpha.B' },
    {
      name: 'edfi.School',
      columns: ['b', 'a'],
      foreignKeys: [['b'], ['a']],
      uniques: [['a', 'b']],
      uniqueNames: ['UX_School_NK'],
    },
  ];

  it.each(dialects)('is by schema, table and name, ordinal, in %s: upper case before `_` before lower case', (dialect) => {
    const inventory = deriveInventory(handMadeModel(dialect, ...tables));
    expect(inventory.indexes.map(({ table, name }) => `${table.schema}.${table.name} ${name}`)).toEqual([
      'Zeta.A PK_A',
      'alpha.B PK_B',
      'edfi.School IX_School_b',
      'edfi.School PK_School',
      'edfi.School UX_School_NK',
      'edfi.SchoolAddress PK_SchoolAddress',
      'edfi.School_X PK_School_X',
      'edfi.schoolyear PK_schoolyear',
    ]);
    expect(triggerNames(inventory)).toEqual([
      'Zeta.A TR_A_ReferentialIdentity',
      'Zeta.A TR_A_Stamp',
      'alpha.B TR_B_ReferentialIdentity',
      'alpha.B TR_B_Stamp',
      'edfi.School TR_School_ReferentialIdentity',
      'edfi.School TR_School_Stamp',
      'edfi.SchoolAddress TR_SchoolAddress_ReferentialIdentity',
      'edfi.SchoolAddress TR_SchoolAddress_Stamp',
      'edfi.School_X TR_School_X_ReferentialIdentity',
      'edfi.School_X TR_School_X_Stamp',
      'edfi.schoolyear TR_schoolyear_ReferentialIdentity',
      'edfi.schoolyear TR_schoolyear_Stamp',
    ]);
  });

  it.each(dialects)('does not depend on the order of the model in %s', (dialect) => {
    const inventory = deriveInventory(handMadeModel(dialect, ...tables));
    const model = handMadeModel(dialect, ...tables);
    expect(deriveInventory({ ...model, resources: [...model.resources].reverse() })).toEqual(inventory);
  });

  it('is by the shortened names of the tables', () => {
    const { inventory, model } = derive('pgsql', ...longNamed);
    const roots = [longRoot, longTarget].map(
      (name) => resourceOf(model, `Ed-Fi:${name}`).tablesInDependencyOrder[0]?.table.name,
    );
    expect(roots.every((name) => name !== undefined && name.length === 63)).toBe(true);
    const owners = inventory.triggers.map(({ table }) => `${table.schema} ${table.name}`);
    expect(owners).toEqual([...owners].sort());
  });
});

describe.runIf(hasSharedData)('the names of triggers (needs the shared conformance data)', () => {
  interface TriggerName {
    readonly table: string;
    readonly purpose: string;
    readonly trigger: string;
    readonly mssqlTrigger?: string;
  }
  const vectors: TriggerName[] = hasSharedData ? readSharedJson('design', 'vectors', 'names.json').triggerNames : [];
  const stamps = vectors.filter(({ purpose }) => purpose === 'Stamp' || purpose === 'ReferentialIdentity');

  it('are given by vectors, with and without shortening', () => {
    expect(stamps.some(({ mssqlTrigger }) => mssqlTrigger !== undefined)).toBe(true);
    expect(stamps.some(({ mssqlTrigger }) => mssqlTrigger === undefined)).toBe(true);
  });

  it.each(stamps)('are those of the vector for $purpose on $table', ({ table, trigger, mssqlTrigger }) => {
    const model = (dialect: SqlDialect): RelationalModelSet => {
      const final = shortName(table, dialect);
      const shortenedNames =
        final === table ? [] : [{ kind: 'table' as const, schema: 'edfi', table: null, name: final, fullName: table }];
      return { ...handMadeModel(dialect, { name: final }), shortenedNames };
    };
    expect(triggerNames(deriveInventory(model('pgsql')), `edfi.${shortName(table, 'pgsql')}`)).toContain(trigger);
    expect(triggerNames(deriveInventory(model('mssql')), `edfi.${table}`)).toContain(mssqlTrigger ?? trigger);
  });
});

describe('a name of exactly the limit', () => {
  it('is kept where the other dialect would shorten it', () => {
    const table = 'T'.repeat(54);
    const inventory = (dialect: SqlDialect) => deriveInventory(handMadeModel(dialect, { name: table }));
    expect(triggerNames(inventory('pgsql'))).toContain(`edfi.${table} TR_${table}_Stamp`);
    expect(indexLines(inventory('pgsql'), `edfi.${table}`)).toEqual([`PrimaryKey PK_${table} (DocumentId)`]);
    expect(triggerNames(inventory('pgsql'))).not.toContain(`edfi.${table} TR_${table}_ReferentialIdentity`);
    expect(triggerNames(inventory('mssql'))).toContain(`edfi.${table} TR_${table}_ReferentialIdentity`);
  });
});
