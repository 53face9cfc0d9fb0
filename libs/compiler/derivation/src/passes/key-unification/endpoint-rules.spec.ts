import {
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  extension,
  failureOf,
  fields,
  keyed,
  modelOf,
  resourceOf,
  school,
  schoolReference,
  tableOf,
  twinSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftResource, draftTable } from '../../../test/drafts.ts';
import { handMadeColumn, handMadeTable } from '../../../test/hand-made.ts';
import type { DraftTable } from '../../draft/draft-table.ts';
import { unifyKeys } from './unify-keys.ts';

/* Edge cases of reading, resolving and classifying constraints, and of implicit edges (design 04 §4–§6). */

const { array, ext, extensionOf, integer, object, reference, resource } = build;

const plan = (constraints: build.Json, members: build.JsonRecord = {}) =>
  resource('Plan', {
    documentPathsMapping: { School: schoolReference(false) },
    equalityConstraints: constraints,
    jsonSchemaForInsert: object({
      year: integer(),
      otherYear: integer(),
      items: array(object({ year: integer() })),
      schoolReference: fields({ schoolId: integer() }),
    }),
    ...members,
  });

/** The draft of a plan before its keys are unified, changed by hand. */
function draftOf(constraints: build.Json, change: (root: DraftTable, items: DraftTable) => void = () => {}) {
  const draft = draftBefore(unifyKeys, [edFi([school, plan(constraints)])]);
  change(draftTable(draft, 'Ed-Fi:Plan', '$'), draftTable(draft, 'Ed-Fi:Plan', '$.items[*]'));
  return draft;
}

function reportAfter(draft: ReturnType<typeof draftOf>) {
  unifyKeys(draft);
  return draftResource(draft, 'Ed-Fi:Plan').keyUnification;
}

const secondYear = (root: DraftTable) => root.addColumn(handMadeColumn('SecondYear', '$.year'));
const referenceAtYear = (root: DraftTable) =>
  root.addColumn(handMadeColumn('Year_DocumentId', '$.year', { kind: 'DocumentFk' }));

describe('reading constraints (design 04 §4)', () => {
  it.each<[string, build.Json, string[]]>([
    ['KU_CONSTRAINTS_NOT_ARRAY', {}, []],
    ['KU_CONSTRAINT_NOT_OBJECT', [null], ['equalityConstraints[0]']],
    ['KU_CONSTRAINT_PATH_MISSING', [{ sourceJsonPath: '$.year' }], ['equalityConstraints[0].targetJsonPath']],
    ['JSONPATH_INVALID', [equal('$.year', 'year')], ['year']],
  ])('%s in an extension names the extension', (code, equalityConstraints, facts) => {
    const extended = extensionOf('Plan', {
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: integer() })) }),
      equalityConstraints,
    });
    const error = failureOf(() => modelOf([edFi([school, plan(null)]), extension([extended])]));
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], ['Sample:Plan', ...facts]);
  });

  it('a source path outside the subset is an error as a target path is', () => {
    const error = failureOf(() => modelOf([edFi([school, plan([equal('$.items[1].year', '$.year')])])]));
    expect(codesOf(error)).toEqual(['JSONPATH_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Plan', '$.items[1].year']);
  });

  it('a constraint of a path with itself is kept once, however often it is written', () => {
    const { redundant, ...others } = reportAfter(draftOf([equal('$.year', '$.year'), equal('$.year', '$.year')]));
    expect(redundant).toHaveLength(1);
    expect(others).toMatchObject({ applied: [], ignored: [], skipped: [] });
  });

  it.each<[string, string, build.Json]>([
    ['white space as source', 'sourceJsonPath', { sourceJsonPath: '\n ', targetJsonPath: '$.year' }],
    ['an empty text as target', 'targetJsonPath', { sourceJsonPath: '$.year', targetJsonPath: '' }],
    ['an object as source', 'sourceJsonPath', { sourceJsonPath: {}, targetJsonPath: '$.year' }],
  ])('%s is KU_CONSTRAINT_PATH_MISSING of %s', (_, property, constraint) => {
    const error = failureOf(() => modelOf([edFi([school, plan([equal('$.year', '$.otherYear'), constraint])])]));
    expect(codesOf(error)).toEqual(['KU_CONSTRAINT_PATH_MISSING']);
    expect(error.diagnostics[0].details).toMatchObject({ index: 1, property });
  });
});

describe('candidates of an endpoint (design 04 §5.1)', () => {
  it('are columns with a path: a reference binding alone is not a candidate', () => {
    const draft = draftOf([equal('$.schoolReference.schoolId', '$.year')], ({ columns }) => {
      columns.set('School_SchoolId', { ...columns.get('School_SchoolId')!, sourcePath: null });
    });
    expect(reportAfter(draft).skipped).toMatchObject([{ unresolvedEndpoint: 'source' }]);
  });

  it('lie on two tables where the tables have one physical name but two scopes', () => {
    const namesake = (path: string) => handMadeTable('edfi.Plan', '$.namesakes[*]', [handMadeColumn('Year', path)]);
    const ignored = draftOf([equal('$.namesakes[*].year', '$.year')]);
    draftResource(ignored, 'Ed-Fi:Plan').addTable(namesake('$.namesakes[*].year'));
    expect(reportAfter(ignored)).toMatchObject({ applied: [], ignored: [{ reason: 'cross_table' }] });

    const ambiguous = draftOf([equal('$.year', '$.otherYear')]);
    draftResource(ambiguous, 'Ed-Fi:Plan').addTable(namesake('$.year'));
    const error = failureOf(() => unifyKeys(ambiguous));
    expect(codesOf(error)).toEqual(['KU_ENDPOINT_AMBIGUOUS']);
    expectNamed(error.diagnostics[0], ['edfi.Plan[$].Year', 'edfi.Plan[$.namesakes[*]].Year']);
  });

  it('are found in root, child and extension tables alike', () => {
    const extended = extensionOf('Plan', {
      jsonSchemaForInsert: object({
        _ext: ext('sample', object({ parts: array(object({ year: integer(), otherYear: integer() })) })),
      }),
      equalityConstraints: [equal('$._ext.sample.parts[*].year', '$._ext.sample.parts[*].otherYear')],
    });
    const constraints = [equal('$.year', '$.otherYear'), equal('$._ext.sample.parts[*].year', '$.items[*].year')];
    const model = modelOf([edFi([school, plan(constraints)]), extension([extended])]);
    const tables = ['edfi.Plan', 'sample.PlanExtensionPart'].map((name) => tableOf(model, name).keyUnificationClasses);
    const members = (first: string, next: string) => [
      { canonicalColumn: `${first}_Unified`, memberPathColumns: [first, next] },
    ];
    expect(tables).toEqual([members('OtherYear', 'Year'), members('OtherYear', 'Year')]);
    const { ignored } = resourceOf(model, 'Ed-Fi:Plan').keyUnificationDiagnostics;
    expect(
      ignored.map(({ endpointABinding, endpointBBinding }) => [endpointABinding.table, endpointBBinding.table]),
    ).toEqual([
      [
        { schema: 'sample', name: 'PlanExtensionPart' },
        { schema: 'edfi', name: 'PlanItem' },
      ],
    ]);
  });
});

describe('the order of the rules of classification (design 04 §5.3)', () => {
  it.each<[string, string, build.JsonRecord, (root: DraftTable, items: DraftTable) => void]>([
    ['1 before 2', 'KU_ENDPOINT_AMBIGUOUS', equal('$.year', '$.gone'), (_, items) => secondYear(items)],
    ['1 before 3', 'KU_ENDPOINT_AMBIGUOUS', equal('$.schoolReference', '$.year'), (_, items) => secondYear(items)],
    ['3 before 4, at one endpoint', 'KU_ENDPOINT_KIND', equal('$.year', '$.otherYear'), referenceAtYear],
    ['3 at the target before 4 at the source', 'KU_ENDPOINT_KIND', equal('$.year', '$.schoolReference'), secondYear],
    ['4 before 5', 'KU_ENDPOINT_AMBIGUOUS', equal('$.items[*].year', '$.year'), secondYear],
    ['4 before 6', 'KU_ENDPOINT_AMBIGUOUS', equal('$.year', '$.year'), secondYear],
  ])('%s: %s', (_, code, constraint, change) => {
    expect(codesOf(failureOf(() => unifyKeys(draftOf([constraint], change))))).toEqual([code]);
  });

  it('2 before 4: a constraint with an endpoint without column is skipped, however ambiguous the other one is', () => {
    expect(reportAfter(draftOf([equal('$.year', '$.gone')], secondYear)).skipped).toHaveLength(1);
  });

  it('2 before 3: so is one whose other endpoint is of a wrong kind', () => {
    expect(reportAfter(draftOf([equal('$.gone', '$.year')], referenceAtYear)).skipped).toHaveLength(1);
  });
});

describe('implicit edges (design 04 §6)', () => {
  const triple = keyed(
    'Triple',
    { a: integer(), b: integer(), c: integer() },
    { equalityConstraints: [equal('$.a', '$.b'), equal('$.b', '$.c')] },
  );
  const pairs = (path: string): [string, string][] => ['c', 'a', 'b'].map((name) => [`$.${name}`, path]);

  it('make one class of all columns of a field that stands for three parts, in any order of the parts', () => {
    const user = resource('User', {
      documentPathsMapping: { Triple: reference('Ed-Fi:Triple', pairs('$.tripleReference.number')) },
      jsonSchemaForInsert: object({ tripleReference: fields({ number: integer() }) }, ['tripleReference']),
    });
    const model = modelOf([edFi([triple, user])]);
    expect(tableOf(model, 'edfi.User').keyUnificationClasses).toEqual([
      { canonicalColumn: 'Number_Unified', memberPathColumns: ['Triple_A', 'Triple_B', 'Triple_C'] },
    ]);
    expect(resourceOf(model, 'Ed-Fi:User').keyUnificationDiagnostics.applied).toEqual([]);
  });

  it('belong to the extension table where the reference stands in an extension', () => {
    const extended = extensionOf('Plan', {
      documentPathsMapping: {
        Twin: reference(
          'Ed-Fi:TwinSchool',
          [
            ['$.schoolId', '$._ext.sample.twinReference.id'],
            ['$.localEducationAgencyId', '$._ext.sample.twinReference.id'],
          ],
          false,
        ),
      },
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ twinReference: fields({ id: integer() }) })) }),
    });
    const model = modelOf([edFi([school, twinSchool, plan(null)]), extension([extended])]);
    expect(tableOf(model, 'sample.PlanExtension').keyUnificationClasses).toEqual([
      { canonicalColumn: 'Id_Unified', memberPathColumns: ['Twin_LocalEducationAgencyId', 'Twin_SchoolId'] },
    ]);
    expect(tableOf(model, 'edfi.Plan').keyUnificationClasses).toEqual([]);
  });

  it('do not arise where one field feeds one column, be it of two references with equal names', () => {
    const both = plan(null, {
      documentPathsMapping: { School: schoolReference(false), Other: schoolReference(false, '$.otherReference') },
      jsonSchemaForInsert: object({
        schoolReference: fields({ schoolId: integer() }),
        otherReference: fields({ schoolId: integer() }),
      }),
    });
    expect(tableOf(modelOf([edFi([school, both])]), 'edfi.Plan').keyUnificationClasses).toEqual([]);
  });
});
