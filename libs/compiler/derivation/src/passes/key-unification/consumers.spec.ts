import { resourceDetail } from '@dms/inventory';
import { brokenInvariants } from '@dms/model';
import {
  abstractResource,
  build,
  codesOf,
  columnNames,
  columnOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  fields,
  keyed,
  longNamed,
  longNames,
  modelOf,
  resourceOf,
  school,
  schoolReference,
  shortName,
  subclassOf,
  tableOf,
  twinSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftTable } from '../../../test/drafts.ts';
import { columnLines, constraintLine } from '../../../test/model-text.ts';
import type { DraftUnique } from '../../draft/draft-table.ts';
import { constraintName } from '../../naming/constraint-name.ts';
import { deriveAbstractResources } from '../derive-abstract-resources.ts';
import { deriveNaturalKeys } from '../derive-constraints.ts';

const { array, descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

describe('reference foreign keys', () => {
  const pairTarget = keyed('Pair', { first: integer(), second: integer() });

  it('must not tie one local storage column to two target columns: REFERENCE_STORAGE_CONFLICT', () => {
    const user = resource('User', {
      documentPathsMapping: {
        Pair: reference('Ed-Fi:Pair', [
          ['$.first', '$.pairReference.number'],
          ['$.second', '$.pairReference.number'],
        ]),
      },
      jsonSchemaForInsert: object({ pairReference: fields({ number: integer() }) }),
    });
    const error = failureOf(() => modelOf([edFi([pairTarget, user])]));
    expect(codesOf(error)).toEqual(['REFERENCE_STORAGE_CONFLICT']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:User', 'Pair', 'Number_Unified', 'First', 'Second']);
  });

  it('refuse a conflict that a constraint makes, too', () => {
    const user = resource('User', {
      documentPathsMapping: {
        Pair: reference('Ed-Fi:Pair', [
          ['$.first', '$.pairReference.first'],
          ['$.second', '$.pairReference.second'],
        ]),
      },
      equalityConstraints: [equal('$.pairReference.first', '$.pairReference.second')],
      jsonSchemaForInsert: object({ pairReference: fields({ first: integer(), second: integer() }) }),
    });
    expect(failureOf(() => modelOf([edFi([pairTarget, user])])).code).toBe('REFERENCE_STORAGE_CONFLICT');
  });

  it('order their columns by the identity of the target, whatever the order of the pairs', () => {
    const user = resource('User', {
      documentPathsMapping: {
        Pair: reference('Ed-Fi:Pair', [
          ['$.second', '$.pairReference.second'],
          ['$.first', '$.pairReference.first'],
        ]),
      },
      jsonSchemaForInsert: object({ pairReference: fields({ first: integer(), second: integer() }) }),
    });
    const table = tableOf(modelOf([edFi([pairTarget, user])]), 'edfi.User');
    expect(constraintLine(table, 'FK_User_Pair_RefKey')).toBe(
      'ForeignKey FK_User_Pair_RefKey (Pair_DocumentId, Pair_First, Pair_Second) -> edfi.Pair (DocumentId, First, Second) NoAction/NoAction',
    );
    expect(constraintLine(table, 'CK_User_Pair_AllNone')).toBe(
      'AllOrNone CK_User_Pair_AllNone Pair_DocumentId: Pair_First, Pair_Second',
    );
    expect(columnNames(table)).toEqual(['DocumentId', 'Pair_DocumentId', 'Pair_Second', 'Pair_First']);
  });

  it('share one referenced key when several resources refer to a target with a unified identity', () => {
    const user = (name: string, isSpelledTwice: boolean) =>
      resource(name, {
        documentPathsMapping: {
          Twin: reference('Ed-Fi:TwinSchool', [
            ['$.schoolId', '$.twinReference.schoolId'],
            ['$.localEducationAgencyId', isSpelledTwice ? '$.twinReference.agencyId' : '$.twinReference.schoolId'],
          ]),
        },
        jsonSchemaForInsert: object({ twinReference: object({ schoolId: integer(), agencyId: integer() }) }),
      });
    const model = modelOf([edFi([twinSchool, user('Once', false), user('Twice', true)])]);
    const uniques = tableOf(model, 'edfi.TwinSchool').constraints.filter(({ kind }) => kind === 'Unique');
    expect(uniques).toEqual([
      { kind: 'Unique', name: 'UX_TwinSchool_NK', columns: ['SchoolId', 'LocalEducationAgencyId'] },
      { kind: 'Unique', name: 'UX_TwinSchool_RefKey', columns: ['DocumentId', 'LocalEducationAgencyId_Unified'] },
    ]);
    expect(constraintLine(tableOf(model, 'edfi.Once'), 'FK_Once_Twin_RefKey')).toContain(
      '(Twin_DocumentId, SchoolId_Unified)',
    );
    expect(constraintLine(tableOf(model, 'edfi.Twice'), 'FK_Twice_Twin_RefKey')).toContain(
      '(Twin_DocumentId, Twin_SchoolId)',
    );
  });
});

describe('presence flags', () => {
  it('belong to optional members outside references, one each, with checks in name order', () => {
    const years = resource('Ledger', {
      equalityConstraints: [equal('$.fiscalYear', '$.localFiscalYear')],
      jsonSchemaForInsert: object({ fiscalYear: integer(), localFiscalYear: integer() }),
    });
    const table = tableOf(modelOf([edFi([years])]), 'edfi.Ledger');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'FiscalYear_Present Scalar Boolean NULL -',
      'FiscalYear_Unified Scalar Int32 NULL -',
      'LocalFiscalYear_Present Scalar Boolean NULL -',
      'FiscalYear Scalar Int32 NULL $.fiscalYear = FiscalYear_Unified where FiscalYear_Present',
      'LocalFiscalYear Scalar Int32 NULL $.localFiscalYear = FiscalYear_Unified where LocalFiscalYear_Present',
    ]);
    expect(table.constraints.slice(1)).toEqual([
      { kind: 'NullOrTrue', name: 'CK_Ledger_FiscalYear_Present_NullOrTrue', column: 'FiscalYear_Present' },
      { kind: 'NullOrTrue', name: 'CK_Ledger_LocalFiscalYear_Present_NullOrTrue', column: 'LocalFiscalYear_Present' },
    ]);
    expect(table.columns.filter(({ isWritable }) => isWritable).map(({ name }) => name)).toEqual([
      'DocumentId',
      'FiscalYear_Present',
      'FiscalYear_Unified',
      'LocalFiscalYear_Present',
    ]);
  });

  it('get their checks in name order whatever the order of their columns, once each', () => {
    const names = ['delta', 'alpha', 'charlie', 'bravo'];
    const thing = resource('Thing', {
      equalityConstraints: [equal('$.delta', '$.alpha'), equal('$.charlie', '$.bravo')],
      jsonSchemaForInsert: object(Object.fromEntries(names.map((name) => [name, integer()]))),
    });
    const draft = draftBefore(deriveAbstractResources, [edFi([thing])]);
    const table = draftTable(draft, 'Ed-Fi:Thing', '$');
    const checks = table.constraints.filter(({ kind }) => kind === 'NullOrTrue');
    expect(checks.map((check) => constraintName(table, check))).toEqual(
      ['Alpha', 'Bravo', 'Charlie', 'Delta'].map((name) => `CK_Thing_${name}_Present_NullOrTrue`),
    );
  });

  it('are not used for a boolean class: its canonical column is a value and needs no check', () => {
    const switches = resource('Switch', {
      equalityConstraints: [equal('$.isOn', '$.isLit')],
      jsonSchemaForInsert: object({ isOn: build.boolean(), isLit: build.boolean() }, ['isOn', 'isLit']),
    });
    const table = tableOf(modelOf([edFi([switches])]), 'edfi.Switch');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'IsLit_Unified Scalar Boolean NOT NULL -',
      'IsLit Scalar Boolean NOT NULL $.isLit = IsLit_Unified',
      'IsOn Scalar Boolean NOT NULL $.isOn = IsLit_Unified',
    ]);
    expect(table.constraints.map(({ kind }) => kind)).toEqual(['ForeignKey']);
  });

  it('are not used for a descriptor of a referenced identity: its reference gates it', () => {
    const course = resource('Course', {
      identityJsonPaths: ['$.code', '$.levelDescriptor'],
      documentPathsMapping: { Level: descriptorPath('Ed-Fi:LevelDescriptor', '$.levelDescriptor') },
      jsonSchemaForInsert: object({ code: string(20), levelDescriptor: uri() }, ['code', 'levelDescriptor']),
    });
    const visit = resource('Visit', {
      documentPathsMapping: {
        Course: reference(
          'Ed-Fi:Course',
          [
            ['$.code', '$.courseReference.code'],
            ['$.levelDescriptor', '$.courseReference.levelDescriptor'],
          ],
          false,
        ),
        Level: descriptorPath('Ed-Fi:LevelDescriptor', '$.levelDescriptor'),
      },
      equalityConstraints: [equal('$.levelDescriptor', '$.courseReference.levelDescriptor')],
      jsonSchemaForInsert: object({
        courseReference: fields({ code: string(20), levelDescriptor: uri() }),
        levelDescriptor: uri(),
      }),
    });
    const model = modelOf([edFi([descriptor('LevelDescriptor'), course, visit])]);
    const table = tableOf(model, 'edfi.Visit');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'LevelDescriptor_DescriptorId_Present Scalar Boolean NULL -',
      'LevelDescriptor_Unified_DescriptorId DescriptorFk Int64 NULL -',
      'Course_DocumentId DocumentFk Int64 NULL $.courseReference',
      'Course_Code Scalar String(20) NULL $.courseReference.code',
      'Course_LevelDescriptor_DescriptorId DescriptorFk Int64 NULL $.courseReference.levelDescriptor = LevelDescriptor_Unified_DescriptorId where Course_DocumentId',
      'LevelDescriptor_DescriptorId DescriptorFk Int64 NULL $.levelDescriptor = LevelDescriptor_Unified_DescriptorId where LevelDescriptor_DescriptorId_Present',
    ]);
    expect(constraintLine(table, 'FK_Visit_Course_RefKey')).toBe(
      'ForeignKey FK_Visit_Course_RefKey (Course_DocumentId, Course_Code, LevelDescriptor_Unified_DescriptorId) -> edfi.Course (DocumentId, Code, LevelDescriptor_DescriptorId) NoAction/NoAction',
    );
    const descriptorKeys = table.constraints.filter(
      (constraint) => constraint.kind === 'ForeignKey' && constraint.targetTable.name === 'Descriptor',
    );
    expect(descriptorKeys.map(({ name }) => name)).toEqual(['FK_Visit_LevelDescriptor_Unified']);
    expect(resourceOf(model, 'Ed-Fi:Visit').descriptorFkDeduplications).toEqual([
      {
        table: { schema: 'edfi', name: 'Visit' },
        storageColumn: 'LevelDescriptor_Unified_DescriptorId',
        bindingColumns: ['Course_LevelDescriptor_DescriptorId', 'LevelDescriptor_DescriptorId'],
      },
    ]);
  });
});

describe('descriptor keys', () => {
  it('are one per stored column, sorted, and only merged ones are reported', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const thing = resource('Thing', {
      documentPathsMapping: Object.fromEntries(
        names.map((name) => [name, descriptorPath('Ed-Fi:KindDescriptor', `$.${name}Descriptor`)]),
      ),
      equalityConstraints: [equal('$.eDescriptor', '$.dDescriptor'), equal('$.cDescriptor', '$.bDescriptor')],
      jsonSchemaForInsert: object(Object.fromEntries(names.map((name) => [`${name}Descriptor`, uri()]))),
    });
    const model = modelOf([edFi([descriptor('KindDescriptor'), thing])]);
    const keys = tableOf(model, 'edfi.Thing').constraints.flatMap((constraint) =>
      constraint.kind === 'ForeignKey' && constraint.targetTable.name === 'Descriptor'
        ? [`${constraint.name} ${constraint.columns}`]
        : [],
    );
    expect(keys).toEqual([
      'FK_Thing_ADescriptor ADescriptor_DescriptorId',
      'FK_Thing_BDescriptor_Unified BDescriptor_Unified_DescriptorId',
      'FK_Thing_DDescriptor_Unified DDescriptor_Unified_DescriptorId',
    ]);
    const [manifest] = resourceDetail(resourceOf(model, 'Ed-Fi:Thing')).tables;
    expect(manifest?.descriptor_fk_deduplications).toEqual([
      {
        storage_column: 'BDescriptor_Unified_DescriptorId',
        binding_columns: ['BDescriptor_DescriptorId', 'CDescriptor_DescriptorId'],
        constraint_name: 'FK_Thing_BDescriptor_Unified',
      },
      {
        storage_column: 'DDescriptor_Unified_DescriptorId',
        binding_columns: ['DDescriptor_DescriptorId', 'EDescriptor_DescriptorId'],
        constraint_name: 'FK_Thing_DDescriptor_Unified',
      },
    ]);
  });

  it('of a table without merged descriptors are reported as an empty list', () => {
    const [manifest] = resourceDetail(resourceOf(modelOf([edFi([school])]), 'Ed-Fi:School')).tables;
    expect(manifest?.descriptor_fk_deduplications).toEqual([]);
  });
});

describe('natural keys and array uniqueness', () => {
  it('keep aliases under their own names and collapse references to their foreign key columns', () => {
    const thing = resource('Thing', {
      identityJsonPaths: ['$.year', '$.schoolReference.schoolId'],
      documentPathsMapping: { School: schoolReference() },
      equalityConstraints: [equal('$.year', '$.otherYear'), equal('$.items[*].code', '$.items[*].otherCode')],
      arrayUniquenessConstraints: [{ paths: ['$.items[*].otherCode'] }],
      jsonSchemaForInsert: object(
        {
          year: integer(),
          otherYear: integer(),
          schoolReference: fields({ schoolId: integer() }),
          items: array(object({ code: string(5), otherCode: string(5) }, ['code'])),
        },
        ['year', 'schoolReference'],
      ),
    });
    const model = modelOf([edFi([school, thing])]);
    expect(constraintLine(tableOf(model, 'edfi.Thing'), 'UX_Thing_NK')).toBe(
      'Unique UX_Thing_NK (Year, School_DocumentId)',
    );
    expect(resourceOf(model, 'Ed-Fi:Thing').naturalKey.columns).toEqual(['Year', 'School_DocumentId']);
    const items = tableOf(model, 'edfi.ThingItem');
    expect(constraintLine(items, 'UX_ThingItem_OtherCode_Thing_DocumentId')).toBe(
      'Unique UX_ThingItem_OtherCode_Thing_DocumentId (Thing_DocumentId, OtherCode)',
    );
    expect(columnOf(items, 'OtherCode').storage).toMatchObject({ canonicalColumn: 'Code_Unified' });
  });

  it('use the smallest column name where several columns share a path', () => {
    const draft = draftBefore(deriveNaturalKeys, [edFi([keyed('Thing', { year: integer() })])]);
    const root = draftTable(draft, 'Ed-Fi:Thing', '$');
    const annum = root.addColumn({ ...root.columns.get('Year')!, name: 'Annum' });
    deriveNaturalKeys(draft);
    const key = root.constraints.find(
      (constraint) => constraintName(root, constraint) === 'UX_Thing_NK',
    ) as DraftUnique;
    expect(key.columns).toHaveLength(1);
    expect(key.columns[0]).toBe(annum);
  });

  it('refuse columns of different kinds under one path', () => {
    const draft = draftBefore(deriveNaturalKeys, [edFi([keyed('Thing', { year: integer() })])]);
    const root = draftTable(draft, 'Ed-Fi:Thing', '$');
    root.addColumn({ ...root.columns.get('Year')!, name: 'Annum', kind: 'DescriptorFk' });
    const error = failureOf(() => deriveNaturalKeys(draft));
    expect(codesOf(error)).toEqual(['SOURCE_PATH_KINDS']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Thing', '$.year', 'Annum', 'Year', 'DescriptorFk', 'Scalar']);
  });
});

describe('abstract identity tables', () => {
  const abstractResources = { Event: abstractResource(['$.twinReference.number']) };
  const twinMember = (name: string) =>
    resource(name, {
      ...subclassOf('Ed-Fi:Event'),
      identityJsonPaths: ['$.twinReference.number'],
      documentPathsMapping: {
        Twin: reference('Ed-Fi:TwinSchool', [
          ['$.schoolId', '$.twinReference.number'],
          ['$.localEducationAgencyId', '$.twinReference.number'],
        ]),
      },
      jsonSchemaForInsert: object({ twinReference: fields({ number: integer() }) }, ['twinReference']),
    });
  const plainMember = resource('Walk', {
    ...subclassOf('Ed-Fi:Event'),
    identityJsonPaths: ['$.twinReference.number'],
    equalityConstraints: [equal('$.twinReference.number', '$.copy')],
    jsonSchemaForInsert: object({ twinReference: fields({ number: integer() }), copy: integer() }, ['twinReference']),
  });

  it('read the canonical column where a path has several columns, and an alias where it has one', () => {
    const model = modelOf([edFi([twinSchool, twinMember('Run'), plainMember], { abstractResources })]);
    const [view] = model.abstractUnionViews;
    expect(view?.unionArms.map(({ fromTable, projections }) => [fromTable.name, projections])).toEqual([
      [
        'Run',
        [
          { kind: 'SourceColumn', column: 'DocumentId' },
          { kind: 'SourceColumn', column: 'Number_Unified' },
          { kind: 'StringLiteral', value: 'Ed-Fi:Run' },
        ],
      ],
      [
        'Walk',
        [
          { kind: 'SourceColumn', column: 'DocumentId' },
          { kind: 'SourceColumn', column: 'TwinReferenceNumber' },
          { kind: 'StringLiteral', value: 'Ed-Fi:Walk' },
        ],
      ],
    ]);
    expect(columnOf(tableOf(model, 'edfi.Walk'), 'TwinReferenceNumber').storage.kind).toBe('UnifiedAlias');
    expect(columnOf(tableOf(model, 'edfi.EventIdentity'), 'TwinReferenceNumber')).toMatchObject({
      kind: 'Scalar',
      isNullable: false,
      storage: { kind: 'Stored' },
    });
  });
});

describe('shortened names', () => {
  const { mappingKey, column } = longNames;
  const fk = `${mappingKey}_DocumentId`;
  const year = `${mappingKey}_SchoolYear`;

  it('show in aliases, canonical columns, gates, classes, checks and reports alike in pgsql', () => {
    const model = modelOf([longNamed], 'pgsql');
    const table = tableOf(model, 'edfi.Contract');
    const [alias, canonical, flag] = [column, `${column}_Unified`, `${column}_Present`].map((name) => shortName(name));
    const reference = shortName(fk);
    const part = shortName(year);
    expect(reference).toBe('EmploymentStaffEducationOrganizationEmploymentAssoci_7a3d86aa2b');
    expect(columnOf(table, alias!).storage).toEqual({
      kind: 'UnifiedAlias',
      canonicalColumn: canonical,
      presenceColumn: flag,
    });
    expect(columnOf(table, part).storage).toEqual({
      kind: 'UnifiedAlias',
      canonicalColumn: canonical,
      presenceColumn: reference,
    });
    expect(columnOf(table, reference)).toMatchObject({ kind: 'DocumentFk', storage: { kind: 'Stored' } });
    expect(table.keyUnificationClasses).toEqual([{ canonicalColumn: canonical, memberPathColumns: [alias, part] }]);
    expect(table.constraints.find(({ kind }) => kind === 'NullOrTrue')).toEqual({
      kind: 'NullOrTrue',
      name: shortName(`CK_Contract_${column}_Present_NullOrTrue`, `NullOrTrue|edfi.Contract|${column}_Present`),
      column: flag,
    });
    const jobId = shortName(`${mappingKey}_JobId`);
    const signature = `ForeignKey|edfi.Contract|${fk},${mappingKey}_JobId,${column}_Unified|edfi.Job|DocumentId,JobId,SchoolYear|NoAction|NoAction`;
    expect(table.constraints).toContainEqual({
      kind: 'ForeignKey',
      name: shortName(`FK_Contract_${mappingKey}_RefKey`, signature),
      columns: [reference, jobId, canonical],
      targetTable: { schema: 'edfi', name: 'Job' },
      targetColumns: ['DocumentId', 'JobId', 'SchoolYear'],
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      deferrable: false,
    });
    const { applied, redundant, ignored } = resourceOf(model, 'Ed-Fi:Contract').keyUnificationDiagnostics;
    expect(applied.map((entry) => [entry.endpointAColumn, entry.endpointBColumn, entry.canonicalColumn])).toEqual([
      [alias, part, canonical],
    ]);
    expect(redundant.map(({ binding }) => binding.column)).toEqual([alias]);
    expect(
      ignored.map(({ endpointABinding, endpointBBinding }) => [endpointABinding.column, endpointBBinding.column]),
    ).toEqual([[alias, 'SchoolYear']]);
    expect(brokenInvariants(model)).toEqual([]);
  });

  it('are kept with their full names in the model, so that later steps can make names of them', () => {
    const { shortenedNames } = modelOf([longNamed], 'pgsql');
    const expected = [`${column}`, `${column}_Present`, `${column}_Unified`, fk, `${mappingKey}_JobId`, year]
      .filter((name) => name.length > 63)
      .map((fullName) => ({ kind: 'column', schema: 'edfi', table: 'Contract', name: shortName(fullName), fullName }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(expected.length).toBeGreaterThan(3);
    expect(shortenedNames).toEqual(expected);
  });

  it('do not occur in mssql, where all of them fit', () => {
    const model = modelOf([longNamed], 'mssql');
    expect(model.shortenedNames).toEqual([]);
    expect(tableOf(model, 'edfi.Contract').keyUnificationClasses).toEqual([
      { canonicalColumn: `${column}_Unified`, memberPathColumns: [column, year] },
    ]);
  });
});
