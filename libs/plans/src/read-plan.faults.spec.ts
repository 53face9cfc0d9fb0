import type { Column, DescriptorEdgeSource, DocumentReferenceBinding, ResourceModel } from '@dms/model';
import { expectFault, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan } from './index.ts';

const { alias, binding, column, descriptor, edge, reference, resource, rootTable, scalar } = handMade;

const fk = 'Offering_DocumentId';
const object = '$.offeringReference';
const target = 'Ed-Fi:Offering';
const kind = 'Ed-Fi:KindDescriptor';
const offering = reference(fk, object, target);
const code = scalar('Offering_Code', `${object}.code`);

type Fields = Parameters<typeof binding>[4];

const toOffering = (fields: Fields = [[`${object}.code`, 'Offering_Code']]) =>
  binding('edfi.School', fk, object, target, fields);

function read(
  columns: readonly Column[],
  references: readonly DocumentReferenceBinding[] = [toOffering()],
  descriptors: readonly DescriptorEdgeSource[] = [],
) {
  const model: ResourceModel = resource('Ed-Fi:School', [rootTable('edfi.School', columns)], { references, descriptors });
  return () => compileReadPlan('pgsql', model);
}

it('a sound model is accepted', () => {
  expect(read([offering, code])().referenceIdentityProjectionPlansInDependencyOrder).toHaveLength(1);
});

it('a table may occur only once', () => {
  const twice = resource('Ed-Fi:School', [
    rootTable('edfi.School'),
    { ...rootTable('edfi.School'), jsonScope: { canonical: '$._ext', segments: [{ kind: 'property', name: '_ext' }] } },
  ]);
  expectFault(() => compileReadPlan('pgsql', twice), 'PLAN_DUPLICATE_TABLE', 'Ed-Fi:School', 'edfi.School', 'read');
});

describe('what a reference binding names (design 08 §7.2)', () => {
  it('is a table of the resource', () => {
    const elsewhere = binding('edfi.Other', fk, object, target, []);
    expectFault(read([offering], [elsewhere]), 'PLAN_TABLE_UNKNOWN', 'Ed-Fi:School', 'edfi.Other', object);
  });

  it('is a column of that table', () => {
    expectFault(read([code]), 'PLAN_COLUMN_UNKNOWN', 'edfi.School', fk, object);
    expectFault(read([offering]), 'PLAN_COLUMN_UNKNOWN', 'edfi.School', 'Offering_Code', `${object}.code`);
  });

  it('is a foreign key to a document', () => {
    const scalarFk = column(fk, 'Scalar', { sourcePath: offering.sourcePath });
    expectFault(read([scalarFk, code]), 'PLAN_FK_KIND', 'edfi.School', fk, object, 'Scalar');
  });

  it('is stored', () => {
    expectFault(
      read([alias(offering, 'Id_Unified'), column('Id_Unified', 'DocumentFk'), code]),
      'PLAN_FK_NOT_STORED',
      'edfi.School',
      fk,
      object,
    );
  });

  it('has the path of the reference', () => {
    expectFault(
      read([reference(fk, '$.otherReference', target), code]),
      'PLAN_PATH_MISMATCH',
      'edfi.School',
      fk,
      object,
      '$.otherReference',
    );
  });

  it('has the target of the reference', () => {
    expectFault(
      read([reference(fk, object, 'Ed-Fi:Other'), code]),
      'PLAN_TARGET_MISMATCH',
      'edfi.School',
      fk,
      object,
      target,
      'Ed-Fi:Other',
    );
  });

  it('case 29: a part bound to the canonical column instead of the alias', () => {
    const canonical = scalar('Code_Unified', null);
    const columns = [offering, canonical, alias(code, 'Code_Unified', fk)];
    expectFault(
      read(columns, [toOffering([[`${object}.code`, 'Code_Unified']])]),
      'PLAN_PATH_MISMATCH',
      'edfi.School',
      'Code_Unified',
      `${object}.code`,
    );
    expect(read(columns)).not.toThrow();
  });

  it('references are compared before descriptors', () => {
    const descriptors = [edge('edfi.School', 'Gone', '$.kindDescriptor', kind)];
    expectFault(read([code], [toOffering()], descriptors), 'PLAN_COLUMN_UNKNOWN', fk);
    expectFault(read([offering, code], [toOffering()], descriptors), 'PLAN_COLUMN_UNKNOWN', 'Gone');
  });
});

describe('what a descriptor edge names (design 08 §7.2, §7.5)', () => {
  const kindColumn = descriptor('Kind_DescriptorId', '$.kindDescriptor', kind);
  const toKind = edge('edfi.School', 'Kind_DescriptorId', '$.kindDescriptor', kind);

  it('is a table and a column of the resource', () => {
    expectFault(
      read([], [], [edge('edfi.Other', 'Kind_DescriptorId', '$.kindDescriptor', kind)]),
      'PLAN_TABLE_UNKNOWN',
      'edfi.Other',
      '$.kindDescriptor',
    );
    expectFault(read([], [], [toKind]), 'PLAN_COLUMN_UNKNOWN', 'edfi.School', 'Kind_DescriptorId');
  });

  it('has the path and the descriptor of the edge', () => {
    const elsewhere = descriptor('Kind_DescriptorId', '$.other', kind);
    expectFault(read([elsewhere], [], [toKind]), 'PLAN_PATH_MISMATCH', 'Kind_DescriptorId', '$.other', '$.kindDescriptor');
    const other = descriptor('Kind_DescriptorId', '$.kindDescriptor', 'Ed-Fi:TermDescriptor');
    expectFault(read([other], [], [toKind]), 'PLAN_TARGET_MISMATCH', 'Kind_DescriptorId', kind, 'Ed-Fi:TermDescriptor');
  });

  it('is a descriptor column', () => {
    const notOne = reference('Kind_DescriptorId', '$.kindDescriptor', kind);
    expectFault(
      read([notOne], [], [toKind]),
      'PLAN_DESCRIPTOR_STORAGE',
      'edfi.School',
      '$.kindDescriptor',
      'Kind_DescriptorId',
    );
  });

  it.each<[string, readonly Column[]]>([
    ['is missing', []],
    ['is no descriptor column', [scalar('Kind_Unified', null, 'Int64')]],
    ['is an alias itself', [alias(descriptor('Kind_Unified', null, kind), 'Other'), descriptor('Other', null, kind)]],
  ])('is stored in a descriptor column; one that %s is refused', (_, canonical) => {
    expectFault(
      read([alias(kindColumn, 'Kind_Unified'), ...canonical], [], [toKind]),
      'PLAN_DESCRIPTOR_STORAGE',
      'edfi.School',
      '$.kindDescriptor',
      'Kind_Unified',
    );
  });
});

describe('the columns of one reference field (design 08 §7.4)', () => {
  const field = `${object}.code`;
  const second = scalar('Offering_Other', field);
  const grouped = [
    toOffering([
      [field, 'Offering_Code'],
      [field, 'Offering_Other'],
    ]),
  ];
  const canonical = scalar('Code_Unified', null);

  const refused = (columns: readonly Column[], ...names: string[]) =>
    expectFault(read([offering, ...columns], grouped), 'PLAN_PROJECTION_GROUP', 'edfi.School', object, field, ...names);

  it('case 31: aliases with different gates are refused', () => {
    refused([canonical, alias(code, 'Code_Unified', fk), alias(second, 'Code_Unified')]);
    refused([
      canonical,
      reference('Second_DocumentId', '$.secondReference', target),
      alias(code, 'Code_Unified', fk),
      alias(second, 'Code_Unified', 'Second_DocumentId'),
    ]);
  });

  it('are gated by the foreign key of their reference, all of them', () => {
    refused([canonical, alias(code, 'Code_Unified'), alias(second, 'Code_Unified')]);
    const other = reference('Second_DocumentId', '$.secondReference', target);
    refused([
      canonical,
      other,
      alias(code, 'Code_Unified', 'Second_DocumentId'),
      alias(second, 'Code_Unified', 'Second_DocumentId'),
    ]);
    expectFault(
      read([offering, canonical, alias(code, 'Code_Unified')]),
      'PLAN_PROJECTION_GROUP',
      'edfi.School',
      object,
      field,
      'Offering_Code',
    );
  });

  it('are one stored column', () => {
    refused([code, second]);
    refused([canonical, scalar('Other_Unified', null), alias(code, 'Code_Unified', fk), alias(second, 'Other_Unified', fk)]);
    refused([code, alias(second, 'Offering_Code', fk)]);
  });

  it('are no aliases of aliases', () => {
    refused([
      alias(canonical, 'Deeper'),
      scalar('Deeper', null),
      alias(code, 'Code_Unified', fk),
      alias(second, 'Code_Unified', fk),
    ]);
    refused([alias(code, 'Gone', fk), alias(second, 'Gone', fk)]);
  });

  it('are at least one for every reference', () => {
    expectFault(read([offering], [toOffering([])]), 'PLAN_PROJECTION_GROUP', 'edfi.School', object);
  });
});
