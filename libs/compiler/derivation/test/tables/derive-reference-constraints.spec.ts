import { dialects } from '@dms/sql';
import { build, edFi, expectDiagnostics, expectRejected, modelOf, school, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { DraftTable } from '../../src/draft/draft-table.ts';
import { DraftResource } from '../../src/draft/model-draft.ts';
import { deriveReferenceConstraints } from '../../src/passes/derive-constraints.ts';
import { courseOffering, offered, schoolReference, session, toSchool } from '../course-offering.ts';
import { draftBefore } from '../drafts.ts';
import { rootShape } from '../hand-made.ts';
import { columnLines, constraintLines, constraintsOf, lines } from '../model-text.ts';

const thing = (documentPathsMapping: build.JsonRecord, properties: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.resource('Thing', { documentPathsMapping, jsonSchemaForInsert: build.object(properties), ...members });

/** `Pair` with the identity `$.a`, `$.b`. */
const pair = (members: build.JsonRecord = {}) =>
  build.resource('Pair', {
    identityJsonPaths: ['$.a', '$.b'],
    jsonSchemaForInsert: build.object({ a: build.string(10), b: build.string(10) }, ['a', 'b']),
    ...members,
  });

describe('the all-or-none check of a reference', () => {
  it('names the key column and the identity columns in the order of the target, not of the pairs', () => {
    const mapping = {
      Pair: build.reference('Ed-Fi:Pair', [
        ['$.b', '$.pairReference.b'],
        ['$.a', '$.pairReference.a'],
      ]),
    };
    const model = modelOf([
      edFi([pair(), thing(mapping, { pairReference: build.object({ a: build.string(10), b: build.string(10) }) })]),
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'AllOrNone')).toEqual([
      'AllOrNone CK_Thing_Pair_AllNone Pair_DocumentId: Pair_A, Pair_B',
    ]);
    // the columns stay in pair order
    expect(columnLines(tableOf(model, 'edfi.Thing')).map((line) => line.split(' ')[0])).toEqual([
      'DocumentId',
      'Pair_DocumentId',
      'Pair_B',
      'Pair_A',
    ]);
  });

  it('exists for required and optional references, and stands on the table that holds the reference', () => {
    const rows = build.array(build.object({ schoolReference }));
    const model = modelOf([
      edFi([
        school,
        thing(
          { School: toSchool('$.rows[*].schoolReference', false), Home: toSchool('$.homeReference') },
          { rows, homeReference: schoolReference },
        ),
      ]),
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.ThingRow'), 'AllOrNone')).toEqual([
      'AllOrNone CK_ThingRow_School_AllNone School_DocumentId: School_SchoolId',
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'AllOrNone')).toEqual([
      'AllOrNone CK_Thing_Home_AllNone Home_DocumentId: Home_SchoolId',
    ]);
  });
});

describe('a reference', () => {
  it('must bind every identity path of its target; those that it does not are listed, sorted', () => {
    const wide = build.resource('Wide', {
      identityJsonPaths: ['$.c', '$.b', '$.a'],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string(), c: build.string() }, ['a', 'b', 'c']),
    });
    const mapping = { TheKey: build.reference('Ed-Fi:Wide', [['$.b', '$.wideReference.b']]) };
    expectRejected([edFi([wide, thing(mapping, { wideReference: build.object({ b: build.string() }) })])], {
      code: 'REFERENCE_IDENTITY_NOT_COVERED',
      resource: 'Ed-Fi:Thing',
      names: ['TheKey', ['$.a', '$.c'], 'Ed-Fi:Wide'],
    });
  });

  it('must not tie one stored column to two columns of the target', () => {
    // the reference repeats a and b in one field, the target stores them separately
    const mapping = {
      TheKey: build.reference('Ed-Fi:Pair', [
        ['$.a', '$.pairReference.value'],
        ['$.b', '$.pairReference.value'],
      ]),
    };
    expectRejected([edFi([pair(), thing(mapping, { pairReference: build.object({ value: build.string(10) }) })])], {
      code: 'REFERENCE_STORAGE_CONFLICT',
      resource: 'Ed-Fi:Thing',
      names: ['TheKey', 'Value_Unified', ['A', 'B']],
    });
  });

  it('must point at identity values that its target has in its root table', () => {
    // with any input, the natural key of the target would fail first, so its root is emptied by hand
    const draft = draftBefore(deriveReferenceConstraints, [
      edFi([school, thing({ School: toSchool('$.schoolReference') }, { schoolReference })]),
    ]);
    const { input, resourceKey, root } = draft.resources.get('Ed-Fi:School') as DraftResource;
    const emptied = new DraftResource(input, resourceKey);
    const { table: name, scope, origin, collectionNames } = root;
    emptied.addTable(new DraftTable({ table: name, scope, origin, collectionNames, shape: rootShape }));
    draft.resources.set('Ed-Fi:School', emptied);
    expectDiagnostics(() => deriveReferenceConstraints(draft), {
      code: 'IDENTITY_NOT_ON_ROOT',
      resource: 'Ed-Fi:Thing',
      names: ['$.schoolId'],
    });
  });
});

describe('the reference key of a target', () => {
  it('is made once, however many references point at it, each with a key of its own', () => {
    const model = modelOf([
      edFi([
        school,
        thing(
          { One: toSchool('$.oneReference'), Two: toSchool('$.twoReference', false) },
          { oneReference: schoolReference, twoReference: schoolReference },
        ),
      ]),
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.School'), 'Unique')).toEqual([
      'Unique UX_School_NK (SchoolId)',
      'Unique UX_School_RefKey (DocumentId, SchoolId)',
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'ForeignKey')).toEqual(
      lines(`
        ForeignKey FK_Thing_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction
        ForeignKey FK_Thing_One_RefKey (One_DocumentId, One_SchoolId) -> edfi.School (DocumentId, SchoolId) NoAction/NoAction
        ForeignKey FK_Thing_Two_RefKey (Two_DocumentId, Two_SchoolId) -> edfi.School (DocumentId, SchoolId) NoAction/NoAction`),
    );
  });

  it('is made for references from several resources once, and not without a reference', () => {
    const referrer = (name: string) =>
      build.resource(name, {
        documentPathsMapping: { School: toSchool('$.schoolReference') },
        jsonSchemaForInsert: build.object({ schoolReference }),
      });
    const model = modelOf([edFi([school, referrer('A'), referrer('B')])]);
    expect(constraintsOf(tableOf(model, 'edfi.School'), 'Unique')).toHaveLength(2);
    expect(constraintsOf(tableOf(modelOf([edFi([school])]), 'edfi.School'), 'Unique')).toEqual([
      'Unique UX_School_NK (SchoolId)',
    ]);
  });

  it('has the propagated values of a reference in the identity, where the natural key has its key column', () => {
    const middle = build.resource('Middle', {
      identityJsonPaths: ['$.schoolReference.schoolId', '$.code'],
      documentPathsMapping: { School: toSchool('$.schoolReference') },
      jsonSchemaForInsert: build.object({ schoolReference, code: build.string(10) }, ['schoolReference', 'code']),
    });
    const mapping = {
      Middle: build.reference('Ed-Fi:Middle', [
        ['$.schoolReference.schoolId', '$.middleReference.schoolId'],
        ['$.code', '$.middleReference.code'],
      ]),
    };
    const model = modelOf([
      edFi([
        school,
        middle,
        thing(mapping, { middleReference: build.object({ schoolId: build.integer(), code: build.string(10) }) }),
      ]),
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Middle'), 'Unique')).toEqual([
      'Unique UX_Middle_NK (School_DocumentId, Code)',
      'Unique UX_Middle_RefKey (DocumentId, School_SchoolId, Code)',
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'ForeignKey')).toContain(
      'ForeignKey FK_Thing_Middle_RefKey (Middle_DocumentId, Middle_SchoolId, Middle_Code) -> edfi.Middle (DocumentId, School_SchoolId, Code) NoAction/NoAction',
    );
  });
});

describe('the worked example of 02 §8.3 and §9.4: a target whose identity holds one value twice', () => {
  const section = build.resource('Section', offered);
  const document = edFi([school, session, courseOffering, section]);

  it.each(dialects)('keeps the value once in the keys on both sides, in %s', (dialect) => {
    const model = modelOf([document], dialect);
    expect(constraintsOf(tableOf(model, 'edfi.CourseOffering'), 'Unique')).toEqual([
      'Unique UX_CourseOffering_NK (LocalCourseCode, School_DocumentId, Session_DocumentId)',
      'Unique UX_CourseOffering_RefKey (DocumentId, LocalCourseCode, SchoolId_Unified, Session_SchoolYear, Session_SessionName)',
    ]);
    expect(constraintLines(tableOf(model, 'edfi.Section'))).toEqual(
      lines(`
        ForeignKey FK_Section_CourseOffering_RefKey (CourseOffering_DocumentId, CourseOffering_LocalCourseCode, SchoolId_Unified, CourseOffering_SchoolYear, CourseOffering_SessionName) -> edfi.CourseOffering (DocumentId, LocalCourseCode, SchoolId_Unified, Session_SchoolYear, Session_SessionName) NoAction/Cascade
        ForeignKey FK_Section_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction
        AllOrNone CK_Section_CourseOffering_AllNone CourseOffering_DocumentId: CourseOffering_LocalCourseCode, CourseOffering_SchoolReferenceSchoolId, CourseOffering_SessionReferenceSchoolId, CourseOffering_SchoolYear, CourseOffering_SessionName`),
    );
  });

  it('has two columns for the one value, both read from the stored one', () => {
    expect(columnLines(tableOf(modelOf([document]), 'edfi.Section'))).toEqual(
      lines(`
        DocumentId       ParentKeyPart Int64 NOT NULL -
        SchoolId_Unified Scalar        Int32 NOT NULL -
        CourseOffering_DocumentId      DocumentFk Int64      NOT NULL $.courseOfferingReference
        CourseOffering_LocalCourseCode Scalar     String(60) NOT NULL $.courseOfferingReference.localCourseCode
        CourseOffering_SchoolReferenceSchoolId  Scalar Int32 NOT NULL $.courseOfferingReference.schoolId = SchoolId_Unified where CourseOffering_DocumentId
        CourseOffering_SessionReferenceSchoolId Scalar Int32 NOT NULL $.courseOfferingReference.schoolId = SchoolId_Unified where CourseOffering_DocumentId
        CourseOffering_SchoolYear      Scalar     Int32      NOT NULL $.courseOfferingReference.schoolYear
        CourseOffering_SessionName     Scalar     String(60) NOT NULL $.courseOfferingReference.sessionName`),
    );
  });
});

describe('a target path that feeds several columns', () => {
  it('means the first of them by name, and its stored column', () => {
    // Middle repeats the values of both identity paths of Twin in one field; End refers to Middle
    const twin = build.resource('Twin', {
      identityJsonPaths: ['$.b', '$.a'],
      equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
      jsonSchemaForInsert: build.object({ a: build.string(10), b: build.string(10) }, ['a', 'b']),
    });
    const middle = build.resource('Middle', {
      identityJsonPaths: ['$.twinReference.value'],
      documentPathsMapping: {
        Twin: build.reference('Ed-Fi:Twin', [
          ['$.b', '$.twinReference.value'],
          ['$.a', '$.twinReference.value'],
        ]),
      },
      jsonSchemaForInsert: build.object({ twinReference: build.object({ value: build.string(10) }, ['value']) }, [
        'twinReference',
      ]),
    });
    const end = thing(
      { Middle: build.reference('Ed-Fi:Middle', [['$.twinReference.value', '$.middleReference.value']]) },
      { middleReference: build.object({ value: build.string(10) }) },
    );
    const model = modelOf([edFi([twin, middle, end])]);
    expect(constraintsOf(tableOf(model, 'edfi.Middle'), 'Unique')).toEqual([
      'Unique UX_Middle_NK (Twin_DocumentId)',
      'Unique UX_Middle_RefKey (DocumentId, Value_Unified)',
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Middle'), 'ForeignKey')).toContain(
      'ForeignKey FK_Middle_Twin_RefKey (Twin_DocumentId, Value_Unified) -> edfi.Twin (DocumentId, A_Unified) NoAction/NoAction',
    );
    expect(constraintsOf(tableOf(model, 'edfi.Thing'), 'ForeignKey')).toContain(
      'ForeignKey FK_Thing_Middle_RefKey (Middle_DocumentId, Middle_Value) -> edfi.Middle (DocumentId, Value_Unified) NoAction/NoAction',
    );
  });
});

describe('the update action of a reference key', () => {
  const referrer = (target: string, path: string) =>
    build.resource('Referrer', {
      documentPathsMapping: { Target: build.reference(`Ed-Fi:${target}`, [[path, '$.targetReference.id']]) },
      jsonSchemaForInsert: build.object({ targetReference: build.object({ id: build.integer() }) }),
    });
  const target = (members: build.JsonRecord = {}) =>
    build.resource('Target', {
      identityJsonPaths: ['$.id'],
      jsonSchemaForInsert: build.object({ id: build.integer() }, ['id']),
      ...members,
    });
  const mutable = build.resource('Mutable', {
    allowIdentityUpdates: true,
    identityJsonPaths: ['$.id'],
    jsonSchemaForInsert: build.object({ id: build.integer() }, ['id']),
  });
  const toMutable = (isRequired?: boolean) =>
    build.reference('Ed-Fi:Mutable', [['$.id', '$.mutableReference.id']], isRequired);
  const mutableReference = build.object({ id: build.integer() }, ['id']);

  const actions = (document: build.JsonRecord) =>
    dialects.map((dialect) =>
      tableOf(modelOf([document], dialect), 'edfi.Referrer').constraints.flatMap((constraint) =>
        constraint.kind === 'ForeignKey' && constraint.columns[0] === 'Target_DocumentId'
          ? [`${constraint.onDelete}/${constraint.onUpdate}`]
          : [],
      ),
    );

  it('cascades in both dialects when the target allows identity updates', () => {
    const document = edFi([target({ allowIdentityUpdates: true }), referrer('Target', '$.id')]);
    expect(actions(document)).toEqual([['NoAction/Cascade'], ['NoAction/Cascade']]);
  });

  it('cascades in pgsql only when the target is abstract without mutable members', () => {
    const member = target({ isSubclass: true, superclassProjectName: 'Ed-Fi', superclassResourceName: 'Base' });
    const document = build.project('Ed-Fi', [member, referrer('Base', '$.id')], {
      abstractResources: { Base: { identityJsonPaths: ['$.id'] } },
    });
    expect(actions(document)).toEqual([['NoAction/Cascade'], ['NoAction/NoAction']]);
  });

  it("cascades in both dialects when the target's identity contains a mutable reference", () => {
    const middle = target({
      identityJsonPaths: ['$.mutableReference.id'],
      documentPathsMapping: { Mutable: toMutable() },
      jsonSchemaForInsert: build.object({ mutableReference }, ['mutableReference']),
    });
    expect(actions(edFi([mutable, middle, referrer('Target', '$.mutableReference.id')]))).toEqual([
      ['NoAction/Cascade'],
      ['NoAction/Cascade'],
    ]);
  });

  it('does nothing when the mutable reference of the target is not part of its identity', () => {
    const middle = target({
      documentPathsMapping: { Mutable: toMutable(false) },
      jsonSchemaForInsert: build.object({ id: build.integer(), mutableReference }, ['id']),
    });
    expect(actions(edFi([mutable, middle, referrer('Target', '$.id')]))).toEqual([
      ['NoAction/NoAction'],
      ['NoAction/NoAction'],
    ]);
  });
});
