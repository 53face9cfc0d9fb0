import type { Column, DocumentReferenceBinding, QueryField, ResourceModel, Table } from '@dms/model';
import { diagnosticsOf, expectDiagnostic, handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { elements, rootExtension, rootOf } from '../../test/second-generation-tables.ts';
import { compileMappingSet, type QueryCapability, queryFieldFailureTexts } from '../index.ts';
import { descriptorQueryCapability, queryCapability } from './query-capability.ts';

const { alias, binding, column, descriptor, descriptorResource, edge, modelSet, named, reference, resource, scalar } =
  handMade;

/** A field with its paths and their types. */
const field = (name: string, ...paths: readonly (readonly [string, string])[]): QueryField => ({
  field: name,
  paths: paths.map(([text, type]) => ({ path: path(text), type })),
});

interface QueriedParts {
  readonly columns?: readonly Column[];
  readonly others?: readonly Table[];
  readonly references?: readonly DocumentReferenceBinding[];
  readonly descriptors?: ResourceModel['descriptorEdgeSources'];
  readonly superclass?: string;
}

function schoolWith(
  fields: readonly QueryField[],
  { columns = [], others = [], superclass, ...parts }: QueriedParts = {},
): ResourceModel {
  return {
    ...resource('Ed-Fi:School', [rootOf('edfi.School', columns), ...others], parts),
    queryFieldMapping: fields,
    superclass: superclass === undefined ? null : { resource: named(superclass), identityJsonPath: null },
  };
}

/** The result for one field: its target as text, or the reason why it has none. */
function outcome(of: QueryField, parts: QueriedParts = {}): string {
  const { supportedFields, unsupportedFields } = queryCapability(schoolWith([of], parts));
  const [found] = supportedFields;
  if (!found) return String(unsupportedFields[0]?.failure);
  const { target } = found;
  return [
    target.kind,
    'column' in target ? target.column : '',
    'descriptorResource' in target ? target.descriptorResource.resourceName : '',
  ]
    .join(' ')
    .trim();
}

/** A part of a reference on the root: identity path, member of the reference, column. */
function referenceTo(
  target: string,
  object: string,
  parts: readonly (readonly [string, string, string])[],
): DocumentReferenceBinding {
  return {
    ...binding('edfi.School', `${object}_DocumentId`, `$.${object}`, target, []),
    identityBindings: parts.map(([identity, member, name]) => ({
      identityJsonPath: path(identity),
      referenceJsonPath: path(`$.${object}.${member}`),
      column: name,
    })),
  };
}

// design 17a §2
describe('the target of a query field', () => {
  it('is the uuid of the document for $.id', () => {
    expect(outcome(field('id', ['$.id', 'string']))).toBe('document_uuid');
  });

  it('is the column of a scalar on the root, an alias too', () => {
    expect(outcome(field('name', ['$.name', 'string']), { columns: [scalar('Name', '$.name')] })).toBe(
      'root_column Name',
    );
    const columns = [scalar('Id_Unified', null, 'Int32'), alias(scalar('OwnId', '$.ownId', 'Int32'), 'Id_Unified')];
    expect(outcome(field('ownId', ['$.ownId', 'number']), { columns })).toBe('root_column OwnId');
  });

  it('is the column of a descriptor on the root', () => {
    expect(
      outcome(field('kindDescriptor', ['$.kindDescriptor', 'string']), {
        columns: [descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
        descriptors: [edge('edfi.School', 'KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
      }),
    ).toBe('descriptor_id_column KindDescriptor_DescriptorId KindDescriptor');
  });

  it.each<[string, Parameters<typeof scalar>[2]]>([
    ['boolean', 'Boolean'],
    ['date', 'Date'],
    ['date-time', 'DateTime'],
    ['time', 'Time'],
    ['string', 'String'],
    ['number', 'Int32'],
    ['number', 'Int64'],
    ['number', 'Decimal'],
  ])('of the type %s may be a column of the kind %s, and no other', (type, kind) => {
    const of = (columnKind: typeof kind) =>
      outcome(field('value', ['$.value', type]), { columns: [scalar('Value', '$.value', columnKind)] });
    expect(of(kind)).toBe('root_column Value');
    expect(of(kind === 'Date' ? 'DateTime' : 'Date')).toBe('unmapped_path');
  });

  it('of an unknown type is none, whatever objects inherit', () => {
    const columns = [scalar('Value', '$.value')];
    for (const type of ['toString', 'String', 'text'])
      expect(outcome(field('value', ['$.value', type]), { columns })).toBe('unmapped_path');
  });

  it('must be text for a uuid or a descriptor (case 1)', () => {
    expect(outcome(field('id', ['$.id', 'number']))).toBe('unmapped_path');
    expect(
      outcome(field('kindDescriptor', ['$.kindDescriptor', 'number']), {
        columns: [descriptor('Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
        descriptors: [edge('edfi.School', 'Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
      }),
    ).toBe('unmapped_path');
  });
});

describe('a query field has no target', () => {
  it('with two paths (case 1)', () => {
    const columns = [scalar('Name', '$.name')];
    expect(outcome(field('name', ['$.name', 'string'], ['$.other', 'string']), { columns })).toBe('multi_path');
  });

  it('inside an array (case 1), though a column has the path', () => {
    const others = [
      elements('edfi.SchoolAddress', '$.addresses[*]', { document: 'School_DocumentId' }, [
        scalar('City', '$.addresses[*].city'),
      ]),
    ];
    expect(outcome(field('city', ['$.addresses[*].city', 'string']), { others })).toBe('array_crossing');
  });

  it('in another table that has one row', () => {
    const others = [rootExtension('sample.SchoolExtension', '$._ext.sample', [scalar('Code', '$._ext.sample.code')])];
    expect(outcome(field('code', ['$._ext.sample.code', 'string']), { others })).toBe('non_root_table');
  });

  it('where nothing has its path', () => {
    expect(outcome(field('code', ['$.code', 'string']))).toBe('unmapped_path');
    // only a column of another kind has the path
    const columns = [column('Other_DocumentId', 'DocumentFk', { sourcePath: path('$.otherReference') })];
    expect(outcome(field('other', ['$.otherReference', 'string']), { columns })).toBe('unmapped_path');
  });
});

describe('several root columns of one path', () => {
  const columns = [
    reference('roomReference_DocumentId', '$.roomReference', 'Ed-Fi:Room'),
    scalar('Room_One', '$.roomReference.code'),
    scalar('Room_Two', '$.roomReference.code'),
  ];
  const code = field('roomCode', ['$.roomReference.code', 'string']);
  const room = referenceTo('Ed-Fi:Room', 'roomReference', [
    ['$.one', 'code', 'Room_One'],
    ['$.two', 'code', 'Room_Two'],
  ]);

  it('are the first of them when one reference has them all (case 4)', () => {
    expect(outcome(code, { columns, references: [room] })).toBe('root_column Room_One');
    const [one, two] = room.identityBindings;
    const turned = { ...room, identityBindings: [two, one].flatMap((part) => part ?? []) };
    expect(outcome(code, { columns, references: [turned] })).toBe('root_column Room_Two');
  });

  it('are ambiguous when they are of two references (case 5)', () => {
    const [one, two] = room.identityBindings;
    const references = [one, two].map((part, index) => ({
      ...room,
      fkColumn: `Room${index}_DocumentId`,
      identityBindings: part ? [part] : [],
    }));
    expect(outcome(code, { columns, references })).toBe('ambiguous_root_target');
  });

  it('are ambiguous when the reference has only some of them, or is elsewhere', () => {
    const some = { ...room, identityBindings: room.identityBindings.slice(1) };
    expect(outcome(code, { columns, references: [some] })).toBe('ambiguous_root_target');
    const elsewhere = { ...room, table: { schema: 'edfi', name: 'SchoolRoom' } };
    expect(outcome(code, { columns, references: [elsewhere] })).toBe('ambiguous_root_target');
    expect(outcome(code, { columns })).toBe('ambiguous_root_target');
  });

  it('may have their path as the path of the target', () => {
    // the value is at another path of the reference in the document, which another field of the reference shares
    const references = [
      referenceTo('Ed-Fi:Room', 'roomReference', [
        ['$.roomReference.code', 'other', 'Room_One'],
        ['$.roomReference.code', 'other', 'Room_Two'],
      ]),
    ];
    expect(outcome(code, { columns, references })).toBe('root_column Room_One');
  });

  it('that hold descriptors are one target only of one resource', () => {
    const kind = field('kindDescriptor', ['$.roomReference.kindDescriptor', 'string']);
    const parts = (second: string): QueriedParts => ({
      columns: [
        descriptor('Kind_One', '$.roomReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
        descriptor('Kind_Two', '$.roomReference.kindDescriptor', second),
      ],
      descriptors: [
        edge('edfi.School', 'Kind_One', '$.roomReference.kindDescriptor', 'Ed-Fi:KindDescriptor'),
        edge('edfi.School', 'Kind_Two', '$.roomReference.kindDescriptor', second),
      ],
      references: [
        referenceTo('Ed-Fi:Room', 'roomReference', [
          ['$.oneDescriptor', 'kindDescriptor', 'Kind_One'],
          ['$.twoDescriptor', 'kindDescriptor', 'Kind_Two'],
        ]),
      ],
    });
    expect(outcome(kind, parts('Ed-Fi:KindDescriptor'))).toBe('descriptor_id_column Kind_One KindDescriptor');
    expect(outcome(kind, parts('Ed-Fi:OtherDescriptor'))).toBe('ambiguous_root_target');
  });
});

describe('a path that names no property, but the id of a person after the target of its reference', () => {
  const association = (object: string, member = 'studentUniqueId', identity = '$.studentReference.studentUniqueId') =>
    referenceTo('Ed-Fi:StudentSchoolAssociation', object, [[identity, member, 'Copy']]);
  const columns = [scalar('Copy', '$.studentSchoolAssociationReference.studentUniqueId')];
  const asked = (name: string, text: string, references: readonly DocumentReferenceBinding[], superclass?: string) =>
    outcome(field(name, [text, 'string']), {
      columns,
      references,
      ...(superclass === undefined ? {} : { superclass }),
    });

  it('is the column of that part', () => {
    const references = [association('studentSchoolAssociationReference')];
    const leaf = 'studentSchoolAssociationUniqueId';
    expect(asked('studentUniqueId', `$.studentReference.${leaf}`, references)).toBe('root_column Copy');
  });

  it.each([
    ['another field', 'uniqueId', '$.studentReference.studentSchoolAssociationUniqueId'],
    ['another leaf', 'studentUniqueId', '$.studentReference.studentAssociationUniqueId'],
    ['a leaf that is not an id', 'studentUniqueId', '$.studentReference.studentSchoolAssociation'],
    ['another parent', 'studentUniqueId', '$.staffReference.studentSchoolAssociationUniqueId'],
    ['one property', 'studentUniqueId', '$.studentSchoolAssociationUniqueId'],
    ['three properties', 'studentUniqueId', '$.a.studentReference.studentSchoolAssociationUniqueId'],
  ])('is unmapped with %s', (_, name, text) => {
    expect(asked(name, text, [association('studentSchoolAssociationReference')])).toBe('unmapped_path');
  });

  it('keeps the role of its reference', () => {
    const references = [association('otherStudentSchoolAssociationReference')];
    const leaf = 'studentSchoolAssociationUniqueId';
    expect(asked('otherStudentUniqueId', `$.otherStudentReference.${leaf}`, references)).toBe('root_column Copy');
    expect(asked('studentUniqueId', `$.studentReference.${leaf}`, references)).toBe('unmapped_path');
    // the reference object is not named after its target
    const foreign = [association('schoolReference')];
    expect(asked('studentUniqueId', `$.studentReference.${leaf}`, foreign)).toBe('unmapped_path');
  });

  it('may stand under the reference to the person, whatever the target calls it', () => {
    const references = [
      association('studentSchoolAssociationReference', 'studentUniqueId', '$.personReference.studentUniqueId'),
    ];
    const leaf = 'studentSchoolAssociationUniqueId';
    expect(asked('studentUniqueId', `$.personReference.${leaf}`, references)).toBe('root_column Copy');
    expect(asked('studentUniqueId', `$.studentReference.${leaf}`, references)).toBe('root_column Copy');
    expect(asked('studentUniqueId', `$.contactReference.${leaf}`, references)).toBe('unmapped_path');
  });

  it('must be named in the reference as in the target', () => {
    const references = [association('studentSchoolAssociationReference', 'pupilUniqueId')];
    expect(asked('studentUniqueId', '$.studentReference.studentSchoolAssociationUniqueId', references)).toBe(
      'unmapped_path',
    );
  });

  it('of a subclass may be named after its superclass', () => {
    const references = [
      referenceTo('Ed-Fi:Student', 'studentReference', [['$.studentUniqueId', 'studentUniqueId', 'Copy']]),
    ];
    const text = '$.studentReference.generalAssociationUniqueId';
    expect(asked('studentUniqueId', text, references, 'Ed-Fi:GeneralAssociation')).toBe('root_column Copy');
    expect(asked('studentUniqueId', text, references)).toBe('unmapped_path');
    expect(asked('studentUniqueId', text, references, 'Ed-Fi:OtherAssociation')).toBe('unmapped_path');
  });

  it('is ambiguous when two references have such a part', () => {
    const first = association('studentSchoolAssociationReference');
    const references = [first, { ...first, fkColumn: 'Second_DocumentId' }];
    expect(asked('studentUniqueId', '$.studentReference.studentSchoolAssociationUniqueId', references)).toBe(
      'ambiguous_root_target',
    );
  });

  it('is tried only where no column and no array has the path', () => {
    const references = [association('studentSchoolAssociationReference')];
    const text = '$.studentReference.studentSchoolAssociationUniqueId';
    expect(
      outcome(field('studentUniqueId', [text, 'string']), { columns: [...columns, scalar('Own', text)], references }),
    ).toBe('root_column Own');
  });
});

describe('the capability of a relational resource', () => {
  it('lists fields in ordinal order; without fields it is supported', () => {
    const columns = [scalar('A', '$.a'), scalar('B', '$.b')];
    const fields = [field('b', ['$.b', 'string']), field('a', ['$.a', 'string']), field('Z', ['$.id', 'string'])];
    const { support, supportedFields, unsupportedFields } = queryCapability(schoolWith(fields, { columns }));
    expect(support).toEqual({ kind: 'supported' });
    expect(supportedFields.map(({ field: name }) => name)).toEqual(['Z', 'a', 'b']);
    expect(supportedFields[1]).toEqual({
      field: 'a',
      path: path('$.a'),
      type: 'string',
      target: { kind: 'root_column', column: 'A' },
    });
    expect(unsupportedFields).toEqual([]);
    expect(queryCapability(schoolWith([]))).toEqual({
      support: { kind: 'supported' },
      supportedFields: [],
      unsupportedFields: [],
    });
  });

  it('is omitted with a reason for each field that failed; the other fields stay', () => {
    const fields = [
      field('b', ['$.b[*].c', 'string']),
      field('a', ['$.x', 'string'], ['$.y', 'number']),
      field('id', ['$.id', 'string']),
    ];
    const { support, supportedFields, unsupportedFields } = queryCapability(schoolWith(fields));
    expect(support).toEqual({
      kind: 'omitted',
      omissionKind: 'unsupported_query_fields',
      reason:
        'queryFieldMapping contains unsupported relational GET-many fields: a: maps to multiple ApiSchema paths and cannot compile to one deterministic predicate target; b: crosses an array scope and cannot compile to a root-table predicate.',
    });
    expect(supportedFields.map(({ field: name }) => name)).toEqual(['id']);
    expect(unsupportedFields).toEqual([
      {
        field: 'a',
        failure: 'multi_path',
        paths: [
          { path: path('$.x'), type: 'string' },
          { path: path('$.y'), type: 'number' },
        ],
      },
      { field: 'b', failure: 'array_crossing', paths: [{ path: path('$.b[*].c'), type: 'string' }] },
    ]);
  });

  it('has the texts of the chapter for each failure', () => {
    expect(queryFieldFailureTexts).toEqual({
      multi_path: 'maps to multiple ApiSchema paths and cannot compile to one deterministic predicate target',
      array_crossing: 'crosses an array scope and cannot compile to a root-table predicate',
      non_root_table: 'targets a non-root relational table',
      unmapped_path: 'did not resolve to a deterministic relational binding',
      ambiguous_root_target: 'resolved to more than one possible root-table predicate target',
    });
  });

  it('cannot have two fields that differ in case only; those of all resources are reported', () => {
    const odd = (label: string) => ({
      ...resource(label, [rootOf(`edfi.${label.slice(6)}`)]),
      queryFieldMapping: [
        field('b', ['$.id', 'string']),
        field('A', ['$.id', 'string']),
        field('a', ['$.id', 'string']),
      ],
    });
    expectDiagnostic(() => queryCapability(odd('Ed-Fi:School')), 'QUERY_FIELD_COLLISION', 'Ed-Fi:School', 'A, a');
    const twice = {
      ...odd('Ed-Fi:School'),
      queryFieldMapping: [...odd('Ed-Fi:School').queryFieldMapping, field('B', ['$.id', 'string'])],
    };
    expect(diagnosticsOf(() => queryCapability(twice)).map(({ details }) => details.names)).toEqual([
      ['A', 'a'],
      ['B', 'b'],
    ]);
    const set = modelSet([odd('Ed-Fi:School'), odd('Ed-Fi:Room')]);
    const model = { ...set, effectiveSchema: { ...set.effectiveSchema, relationalMappingVersion: 'v2' as const } };
    expect(() => compileMappingSet(model)).toThrow(/Ed-Fi:School[\s\S]*Ed-Fi:Room/);
  });
});

describe('the capability of a descriptor', () => {
  const all: readonly QueryField[] = [
    field('id', ['$.id', 'string']),
    field('namespace', ['$.namespace', 'string']),
    field('codeValue', ['$.codeValue', 'string']),
    field('shortDescription', ['$.shortDescription', 'string']),
    field('description', ['$.description', 'string']),
    field('effectiveBeginDate', ['$.effectiveBeginDate', 'date']),
    field('effectiveEndDate', ['$.effectiveEndDate', 'date']),
  ];
  const of = (fields: readonly QueryField[]) => ({
    ...descriptorResource('Ed-Fi:KindDescriptor'),
    queryFieldMapping: fields,
  });
  const reasonOf = (fields: readonly QueryField[]): string => {
    const { support, supportedFields } = descriptorQueryCapability(of(fields));
    expect(supportedFields).toEqual([]);
    if (support.kind === 'supported' || support.omissionKind !== 'api_schema_mismatch')
      throw new Error('it is supported');
    expect(support.reason).toMatch(
      /^ApiSchema queryFieldMapping disagrees with the shared descriptor query contract: /,
    );
    return support.reason.replace(/^.*?: /, '');
  };
  const without = (name: string) => all.filter((each) => each.field !== name);

  it('is omitted among those of relational resources, whatever its fields', () => {
    const expected: QueryCapability = {
      support: {
        kind: 'omitted',
        omissionKind: 'descriptor_resource',
        reason:
          "storage kind 'SharedDescriptorTable' uses descriptor-specific query capability metadata instead of compiled relational GET-many support.",
      },
      supportedFields: [],
      unsupportedFields: [],
    };
    expect(queryCapability(of(all))).toEqual(expected);
    expect(queryCapability(of([field('A', ['$.a', 'string']), field('a', ['$.a', 'string'])]))).toEqual(expected);
  });

  it('has the seven fields, whatever their order, and the columns of dms.Descriptor', () => {
    const { support, supportedFields } = descriptorQueryCapability(of(all.toReversed()));
    expect(support).toEqual({ kind: 'supported' });
    expect(supportedFields).toEqual([
      { field: 'codeValue', target: 'code_value', column: 'CodeValue' },
      { field: 'description', target: 'description', column: 'Description' },
      { field: 'effectiveBeginDate', target: 'effective_begin_date', column: 'EffectiveBeginDate' },
      { field: 'effectiveEndDate', target: 'effective_end_date', column: 'EffectiveEndDate' },
      { field: 'id', target: 'document_uuid', column: null },
      { field: 'namespace', target: 'namespace', column: 'Namespace' },
      { field: 'shortDescription', target: 'short_description', column: 'ShortDescription' },
    ]);
  });

  it('takes names and types ignoring case, paths as they are', () => {
    const loud = [...without('codeValue'), field('CODEVALUE', ['$.codeValue', 'String'])];
    expect(descriptorQueryCapability(of(loud)).supportedFields[0]).toEqual({
      field: 'CODEVALUE',
      target: 'code_value',
      column: 'CodeValue',
    });
    expect(reasonOf([...without('codeValue'), field('codeValue', ['$.CodeValue', 'string'])])).toContain(
      "found: '$.CodeValue'",
    );
  });

  it('misses all fields without a mapping (case 7)', () => {
    expect(reasonOf([])).toBe(
      "missing fields: 'id', 'namespace', 'codeValue', 'shortDescription', 'description', 'effectiveBeginDate', 'effectiveEndDate'.",
    );
  });

  it('reports missing, wrong and superfluous parts', () => {
    const fields = [
      ...all.filter((each) => !['id', 'description', 'codeValue', 'effectiveEndDate'].includes(each.field)),
      field('codeValue', ['$.code', 'string']),
      field('effectiveEndDate', ['$.effectiveEndDate', 'string'], ['$.end', 'date']),
      field('zone', ['$.zone', 'string']),
      field('Area', ['$.area', 'string']),
    ];
    expect(reasonOf(fields)).toBe(
      [
        "missing fields: 'id', 'description'.",
        "field 'codeValue' must map to exactly one path '$.codeValue' with type 'string' (found: '$.code' (string)).",
        "field 'effectiveEndDate' must map to exactly one path '$.effectiveEndDate' with type 'date' (found: '$.effectiveEndDate' (string), '$.end' (date)).",
        "unexpected fields: 'Area', 'zone'.",
      ].join(' '),
    );
  });

  it('says nothing else where names differ in case only', () => {
    const fields = [
      ...without('id'),
      field('CodeValue', ['$.codeValue', 'string']),
      field('b', ['$.b', 'x']),
      field('B', ['$.b', 'x']),
    ];
    expect(reasonOf(fields)).toBe(
      "case-insensitive query field name collisions were found: 'B', 'b'; 'CodeValue', 'codeValue'.",
    );
  });
});
