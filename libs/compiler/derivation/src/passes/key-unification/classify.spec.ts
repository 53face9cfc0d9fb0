import {
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  fields,
  keyed,
  modelOf,
  path,
  reportOf,
  resourceOf,
  school,
  schoolReference,
  sha256Of,
  tableOf,
  twinSchool,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftResource, draftTable } from '../../../test/drafts.ts';
import { failFast } from '../../../test/fail-fast.ts';
import { handMadeColumn } from '../../../test/hand-made.ts';
import { columnLines } from '../../../test/model-text.ts';
import type { DraftBinding } from '../../draft/model-draft.ts';
import { classifyConstraints } from './classify.ts';
import { collectEqualityConstraints, unifyKeys } from './unify-keys.ts';

const { array, descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

const outcomes = (report: ReturnType<typeof reportOf>) => ({
  applied: report.applied.length,
  redundant: report.redundant.length,
  ignored: report.ignored.length,
  skipped: report.skipped.length,
});

const plan = (
  constraints: readonly build.JsonRecord[],
  members: build.JsonRecord = {},
  properties: build.JsonRecord = {},
) =>
  resource('Plan', {
    equalityConstraints: constraints,
    jsonSchemaForInsert: object({
      year: integer(),
      otherYear: integer(),
      place: object({ year: integer(), room: object({ year: integer() }) }),
      items: array(object({ year: integer(), otherYear: integer(), parts: array(object({ year: integer() })) })),
      tasks: array(object({ year: integer() })),
      ...properties,
    }),
    ...members,
  });

describe('resolving an endpoint', () => {
  it('matches by exact canonical text and never puts an index or a parent table in place of a wildcard', () => {
    const report = reportOf(
      modelOf([
        edFi([plan([equal('$.items[*].year', '$.items.year'), equal('$.items[*].parts[*].year', '$.parts[*].year')])]),
      ]),
      'Ed-Fi:Plan',
    );
    expect(report.skipped).toEqual([
      { source_path: '$.items[*].parts[*].year', target_path: '$.parts[*].year', unresolved_endpoint: 'target' },
      { source_path: '$.items[*].year', target_path: '$.items.year', unresolved_endpoint: 'target' },
    ]);
    expect(outcomes(report)).toEqual({ applied: 0, redundant: 0, ignored: 0, skipped: 2 });
  });

  it('lands two endpoints of one collection on one child table and unifies them per element', () => {
    const model = modelOf([edFi([plan([equal('$.items[*].otherYear', '$.items[*].year')])])]);
    expect(tableOf(model, 'edfi.PlanItem').keyUnificationClasses).toEqual([
      { canonicalColumn: 'OtherYear_Unified', memberPathColumns: ['OtherYear', 'Year'] },
    ]);
    expect(tableOf(model, 'edfi.Plan').keyUnificationClasses).toEqual([]);
  });

  it('unifies values of inlined objects with values of the scope itself', () => {
    const model = modelOf([edFi([plan([equal('$.year', '$.place.room.year')])])]);
    expect(tableOf(model, 'edfi.Plan').keyUnificationClasses).toEqual([
      { canonicalColumn: 'PlaceRoomYear_Unified', memberPathColumns: ['PlaceRoomYear', 'Year'] },
    ]);
  });

  it.each([
    ['parent and child', '$.year', '$.items[*].year'],
    ['two collections', '$.items[*].year', '$.tasks[*].year'],
    ['two depths of one collection', '$.items[*].parts[*].year', '$.items[*].year'],
  ])('ignores equality between %s as cross_table', (_, source, target) => {
    const model = modelOf([edFi([plan([equal(source, target)])])]);
    const report = reportOf(model, 'Ed-Fi:Plan');
    expect(outcomes(report)).toEqual({ applied: 0, redundant: 0, ignored: 1, skipped: 0 });
    expect(report.ignored_by_reason).toEqual({ cross_table: 1 });
    const tables = resourceOf(model, 'Ed-Fi:Plan').tablesInDependencyOrder;
    expect(tables.flatMap(({ keyUnificationClasses }) => keyUnificationClasses)).toEqual([]);
  });

  it.each([
    ['source', '$.gone', '$.year'],
    ['target', '$.year', '$.gone'],
    ['both', '$.gone', '$.lost'],
  ])('skips a constraint whose %s has no column and keeps its direction', (unresolved, source, target) => {
    const report = reportOf(modelOf([edFi([plan([equal(source, target)])])]), 'Ed-Fi:Plan');
    expect(report.skipped).toEqual([{ source_path: source, target_path: target, unresolved_endpoint: unresolved }]);
  });

  it('skips a constraint on a path that two missing endpoints share', () => {
    const report = reportOf(modelOf([edFi([plan([equal('$.gone', '$.gone')])])]), 'Ed-Fi:Plan');
    expect(report.skipped).toEqual([{ source_path: '$.gone', target_path: '$.gone', unresolved_endpoint: 'both' }]);
  });
});

describe('an endpoint that names a reference object', () => {
  const withSchool = (constraints: readonly build.JsonRecord[]) => [
    edFi([
      school,
      plan(
        constraints,
        { documentPathsMapping: { School: schoolReference(false), Other: schoolReference(false, '$.otherReference') } },
        { schoolReference: fields({ schoolId: integer() }), otherReference: fields({ schoolId: integer() }) },
      ),
    ]),
  ];

  it.each([
    ['source', equal('$.schoolReference', '$.year')],
    ['target', equal('$.year', '$.schoolReference')],
  ])('is KU_ENDPOINT_KIND with kind DocumentFk as %s', (_, constraint) => {
    const error = failureOf(() => modelOf(withSchool([constraint])));
    expect(codesOf(error)).toEqual(['KU_ENDPOINT_KIND']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Plan', '$.schoolReference', 'School_DocumentId', 'DocumentFk']);
  });

  it('is reported for the source first when both endpoints are objects', () => {
    const error = failureOf(() => modelOf(withSchool([equal('$.schoolReference', '$.otherReference')])));
    expect(error.diagnostics[0].where.path).toBe('$.schoolReference');
  });

  it('is skipped, not refused, when the other endpoint has no column', () => {
    expect(reportOf(modelOf(withSchool([equal('$.schoolReference', '$.gone')])), 'Ed-Fi:Plan').skipped).toEqual([
      { source_path: '$.schoolReference', target_path: '$.gone', unresolved_endpoint: 'target' },
    ]);
  });

  it('is refused even when the other endpoint is in another table', () => {
    expect(failureOf(() => modelOf(withSchool([equal('$.items[*].year', '$.schoolReference')]))).code).toBe(
      'KU_ENDPOINT_KIND',
    );
  });
});

/** Its reference object repeats both identity parts of the target in one field. */
const visit = resource('Visit', {
  documentPathsMapping: {
    School: reference('Ed-Fi:TwinSchool', [
      ['$.schoolId', '$.schoolReference.id'],
      ['$.localEducationAgencyId', '$.schoolReference.id'],
    ]),
  },
  equalityConstraints: [equal('$.schoolReference.id', '$.number')],
  jsonSchemaForInsert: object({ number: integer(), schoolReference: fields({ id: integer() }) }),
});

describe('an ambiguous endpoint', () => {
  /** A draft with one more column at `$.year`, in the root or in another table. */
  const draftWith = (scope: string, constraints: readonly build.JsonRecord[]) => {
    const draft = draftBefore(unifyKeys, [edFi([plan(constraints)])]);
    draftTable(draft, 'Ed-Fi:Plan', scope).addColumn(handMadeColumn('SecondYear', '$.year'));
    return draft;
  };

  it('of two unrelated columns of one table is KU_ENDPOINT_AMBIGUOUS listing both', () => {
    const error = failureOf(() => unifyKeys(draftWith('$', [equal('$.otherYear', '$.year')])));
    expect(codesOf(error)).toEqual(['KU_ENDPOINT_AMBIGUOUS']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Ed-Fi:Plan',
      bindings: ['edfi.Plan[$].SecondYear', 'edfi.Plan[$].Year'],
    });
    const facts = ['Ed-Fi:Plan', '$.year', 'edfi.Plan[$].SecondYear', 'edfi.Plan[$].Year'];
    expectNamed(error.diagnostics[0], facts);
    expect(error.diagnostics[0].where.path).toBe('$.year');
  });

  it('of columns of two tables is KU_ENDPOINT_AMBIGUOUS listing both, sorted by table and scope', () => {
    const error = failureOf(() => unifyKeys(draftWith('$.items[*]', [equal('$.year', '$.otherYear')])));
    expect(codesOf(error)).toEqual(['KU_ENDPOINT_AMBIGUOUS']);
    expect(error.diagnostics[0].details).toMatchObject({
      bindings: ['edfi.PlanItem[$.items[*]].SecondYear', 'edfi.Plan[$].Year'],
    });
    const facts = ['Ed-Fi:Plan', '$.year', 'edfi.PlanItem[$.items[*]].SecondYear', 'edfi.Plan[$].Year'];
    expectNamed(error.diagnostics[0], facts);
  });

  it('of two tables is refused even when the other endpoint has no column', () => {
    expect(failureOf(() => unifyKeys(draftWith('$.items[*]', [equal('$.gone', '$.year')]))).code).toBe(
      'KU_ENDPOINT_AMBIGUOUS',
    );
  });

  it('of one table is skipped when the other endpoint has no column', () => {
    const draft = draftWith('$', [equal('$.gone', '$.year')]);
    unifyKeys(draft);
    expect(draftResource(draft, 'Ed-Fi:Plan').keyUnification.skipped).toHaveLength(1);
  });

  it('of two tables is reported for the source first', () => {
    const draft = draftWith('$.items[*]', [equal('$.year', '$.otherYear')]);
    draftTable(draft, 'Ed-Fi:Plan', '$.items[*]').addColumn(handMadeColumn('ThirdYear', '$.otherYear'));
    expect(failureOf(() => unifyKeys(draft)).diagnostics[0].where.path).toBe('$.year');
  });

  it('is not made plain by a grouped field that has fewer columns than the candidates', () => {
    const draft = draftBefore(unifyKeys, [edFi([twinSchool, visit])]);
    draftTable(draft, 'Ed-Fi:Visit', '$').addColumn(handMadeColumn('Third', '$.schoolReference.id'));
    expect(failureOf(() => unifyKeys(draft)).code).toBe('KU_ENDPOINT_AMBIGUOUS');
  });
});

describe('a grouped field that the metadata lists twice', () => {
  const twice = (more: Partial<DraftBinding>) => {
    const draft = draftBefore(unifyKeys, [edFi([twinSchool, visit])]);
    const { bindings } = draftResource(draft, 'Ed-Fi:Visit');
    bindings.push({ ...bindings[0]!, ...more });
    return draft;
  };

  it('counts once when both entries are the same', () => {
    expect(() => unifyKeys(twice({}))).not.toThrow();
  });

  it.each<[string, Partial<DraftBinding>]>([
    ['the foreign key column', { fkColumn: handMadeColumn('Other_DocumentId', null) }],
    ['the reference object', { referenceObjectPath: path('$.otherReference') }],
    ['the target', { targetResource: { projectName: 'Ed-Fi', resourceName: 'Other' } }],
  ])('is ambiguous when the entries differ in %s', (_, more) => {
    expect(codesOf(failureOf(() => unifyKeys(twice(more))))).toEqual(['KU_ENDPOINT_AMBIGUOUS']);
  });
});

describe('grouped reference fields', () => {
  const pair = (objectPath: string): [string, string][] => [
    ['$.schoolId', `${objectPath}.id`],
    ['$.localEducationAgencyId', `${objectPath}.id`],
  ];
  const visit = (constraints: readonly build.JsonRecord[]) =>
    resource('Visit', {
      documentPathsMapping: {
        School: reference('Ed-Fi:TwinSchool', pair('$.schoolReference')),
        Other: reference('Ed-Fi:TwinSchool', pair('$.otherReference'), false),
      },
      equalityConstraints: constraints,
      jsonSchemaForInsert: object(
        { schoolReference: fields({ id: integer() }), otherReference: fields({ id: integer() }) },
        ['schoolReference'],
      ),
    });

  it('are unified without any constraint and without a report entry', () => {
    const model = modelOf([edFi([twinSchool, visit([])])]);
    const twice = ['$.schoolReference.id', '$.schoolReference.id'];
    const hash = sha256Of(['key-unification-canonical-name:v1', ...twice].join('\n')).slice(0, 8);
    expect(tableOf(model, 'edfi.Visit').keyUnificationClasses).toEqual([
      {
        canonicalColumn: `Id_U${hash}_Unified`,
        memberPathColumns: ['School_LocalEducationAgencyId', 'School_SchoolId'],
      },
      { canonicalColumn: 'Id_Unified', memberPathColumns: ['Other_LocalEducationAgencyId', 'Other_SchoolId'] },
    ]);
    expect(outcomes(reportOf(model, 'Ed-Fi:Visit'))).toEqual({ applied: 0, redundant: 0, ignored: 0, skipped: 0 });
  });

  it('give an edge and an applied entry for every pair of columns of the two sides', () => {
    const model = modelOf([edFi([twinSchool, visit([equal('$.schoolReference.id', '$.otherReference.id')])])]);
    const report = reportOf(model, 'Ed-Fi:Visit');
    expect(report.applied.map((entry) => [entry.endpoint_a_column, entry.endpoint_b_column])).toEqual([
      ['Other_LocalEducationAgencyId', 'School_LocalEducationAgencyId'],
      ['Other_LocalEducationAgencyId', 'School_SchoolId'],
      ['Other_SchoolId', 'School_LocalEducationAgencyId'],
      ['Other_SchoolId', 'School_SchoolId'],
    ]);
    expect(new Set(report.applied.map((entry) => `${entry.endpoint_a_path} ${entry.endpoint_b_path}`))).toEqual(
      new Set(['$.otherReference.id $.schoolReference.id']),
    );
    expect(tableOf(model, 'edfi.Visit').keyUnificationClasses).toEqual([
      {
        canonicalColumn: 'Id_Unified',
        memberPathColumns: [
          'Other_LocalEducationAgencyId',
          'Other_SchoolId',
          'School_LocalEducationAgencyId',
          'School_SchoolId',
        ],
      },
    ]);
  });

  it('are redundant when constrained with themselves, naming the representative', () => {
    const report = reportOf(
      modelOf([edFi([twinSchool, visit([equal('$.schoolReference.id', '$.schoolReference.id')])])]),
      'Ed-Fi:Visit',
    );
    expect(report.redundant).toEqual([
      {
        endpoint_a_path: '$.schoolReference.id',
        endpoint_b_path: '$.schoolReference.id',
        binding: { table: { schema: 'edfi', name: 'Visit' }, column: 'School_LocalEducationAgencyId' },
      },
    ]);
    expect(report.applied).toEqual([]);
  });

  it('must not mix a scalar and a descriptor: KU_MIXED_KINDS without any constraint', () => {
    const thing = resource('Thing', {
      identityJsonPaths: ['$.code', '$.kindDescriptor'],
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: object({ code: string(306), kindDescriptor: uri() }, ['code', 'kindDescriptor']),
    });
    const user = resource('User', {
      documentPathsMapping: {
        Thing: reference('Ed-Fi:Thing', [
          ['$.code', '$.thingReference.kind'],
          ['$.kindDescriptor', '$.thingReference.kind'],
        ]),
      },
      jsonSchemaForInsert: object({ thingReference: fields({ kind: uri() }) }),
    });
    const error = failureOf(() => modelOf([edFi([descriptor('KindDescriptor'), thing, user])]));
    expect(codesOf(error)).toEqual(['KU_MIXED_KINDS']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:User', 'edfi.User', 'Thing_Code', 'Thing_KindDescriptor_DescriptorId']);
  });

  it('that two references share by path are KU_PATH_IN_TWO_REFERENCES', () => {
    const draft = draftBefore(unifyKeys, [edFi([twinSchool, visit([])])]);
    const { bindings } = draftResource(draft, 'Ed-Fi:Visit');
    const [binding] = bindings;
    bindings.push({ ...binding!, referenceObjectPath: path('$.elsewhere') });
    const error = failureOf(() => unifyKeys(draft));
    expect(codesOf(error)).toEqual(['KU_PATH_IN_TWO_REFERENCES']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Visit', '$.otherReference.id']);
  });
});

describe('classification', () => {
  it('adds an edge for each applied constraint, and first-to-other edges for each group, per table', () => {
    const draft = draftBefore(unifyKeys, [
      edFi([plan([equal('$.year', '$.otherYear'), equal('$.items[*].year', '$.items[*].otherYear')])]),
    ]);
    const resource = draftResource(draft, 'Ed-Fi:Plan');
    const { edges } = classifyConstraints(resource, collectEqualityConstraints(resource), failFast);
    expect(
      [...edges].map(([table, list]) => [table.qualified, list.map(({ a, b }) => [a.name, b.name].sort())]),
    ).toEqual([
      ['edfi.Plan', [['OtherYear', 'Year']]],
      ['edfi.PlanItem', [['OtherYear', 'Year']]],
    ]);
  });

  it('of a resource without constraints and without grouped fields changes nothing', () => {
    const documents = [
      edFi([
        school,
        plan(
          [],
          { documentPathsMapping: { School: schoolReference(false) } },
          { schoolReference: fields({ schoolId: integer() }) },
        ),
      ]),
    ];
    const before = draftBefore(unifyKeys, documents);
    const columns = () =>
      draftResource(before, 'Ed-Fi:Plan').tables.map((table) =>
        [...table.columns.values()].map(({ origin: _, ...column }) => ({ ...column })),
      );
    const untouched = structuredClone(columns());
    unifyKeys(before);
    expect(columns()).toEqual(untouched);
    expect(draftResource(before, 'Ed-Fi:Plan').tables.flatMap((table) => table.keyUnificationClasses)).toEqual([]);
  });

  it('never changes columns that belong to no class', () => {
    const before = columnLines(tableOf(modelOf([edFi([plan([])])]), 'edfi.Plan'));
    const after = columnLines(tableOf(modelOf([edFi([plan([equal('$.year', '$.otherYear')])])]), 'edfi.Plan'));
    const others = (texts: readonly string[]) => texts.filter((text) => !/^(?:Other)?Year[ _]/.test(text));
    expect(others(after)).toEqual(others(before));
    expect(others(before)).toHaveLength(3);
  });

  it('adds nothing but applied entries for a constraint that follows from others', () => {
    const two = [equal('$.year', '$.otherYear'), equal('$.otherYear', '$.place.year')];
    const three = [...two, equal('$.place.year', '$.year')];
    const small = modelOf([edFi([plan(two)])]);
    const large = modelOf([edFi([plan(three)])]);
    expect(resourceOf(large, 'Ed-Fi:Plan').tablesInDependencyOrder).toEqual(
      resourceOf(small, 'Ed-Fi:Plan').tablesInDependencyOrder,
    );
    expect(reportOf(small, 'Ed-Fi:Plan').applied).toHaveLength(2);
    expect(reportOf(large, 'Ed-Fi:Plan')).toEqual({
      ...reportOf(small, 'Ed-Fi:Plan'),
      applied: expect.objectContaining({ length: 3 }),
    });
  });

  it('gives every constraint exactly one outcome', () => {
    const paths = [
      '$.year',
      '$.otherYear',
      '$.place.year',
      '$.items[*].year',
      '$.items[*].otherYear',
      '$.tasks[*].year',
      '$.gone',
    ];
    const constraints = paths.flatMap((source, index) => paths.slice(index).map((target) => equal(source, target)));
    const report = reportOf(modelOf([edFi([plan(constraints)])]), 'Ed-Fi:Plan');
    const key = (a: string, b: string) => [a, b].sort().join(' ');
    const found = [
      ...[...report.applied, ...report.redundant, ...report.ignored].map((entry) =>
        key(entry.endpoint_a_path, entry.endpoint_b_path),
      ),
      ...report.skipped.map((entry) => key(entry.source_path, entry.target_path)),
    ];
    expect(found.sort()).toEqual(
      constraints.map((entry) => key(String(entry.sourceJsonPath), String(entry.targetJsonPath))).sort(),
    );
    // 7 paths: the 6 with a column are redundant with themselves, 3 + 1 pairs share a table, $.gone is in 7 pairs
    expect(outcomes(report)).toEqual({ applied: 4, redundant: 6, ignored: 28 - 4 - 6 - 7, skipped: 7 });
    expect(report.ignored_by_reason).toEqual({ cross_table: 11 });
  });

  it('sorts every list of the report by its paths', () => {
    const target = keyed('Target', { id: integer() });
    const report = reportOf(
      modelOf([
        edFi([
          target,
          plan([
            equal('$.tasks[*].year', '$.year'),
            equal('$.year', '$.otherYear'),
            equal('$.place.year', '$.otherYear'),
            equal('$.place.year', '$.items[*].year'),
            equal('$.year', '$.year'),
            equal('$.otherYear', '$.otherYear'),
            equal('$.b', '$.a'),
            equal('$.a', '$.c'),
          ]),
        ]),
      ]),
      'Ed-Fi:Plan',
    );
    const pairs = (entries: readonly { endpoint_a_path: string; endpoint_b_path: string }[]) =>
      entries.map((entry) => `${entry.endpoint_a_path} ${entry.endpoint_b_path}`);
    expect(pairs(report.applied)).toEqual(['$.otherYear $.place.year', '$.otherYear $.year']);
    expect(pairs(report.redundant)).toEqual(['$.otherYear $.otherYear', '$.year $.year']);
    expect(pairs(report.ignored)).toEqual(['$.items[*].year $.place.year', '$.tasks[*].year $.year']);
    expect(report.skipped.map((entry) => `${entry.source_path} ${entry.target_path}`)).toEqual(['$.a $.c', '$.b $.a']);
  });
});
