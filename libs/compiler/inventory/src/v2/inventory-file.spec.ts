import { dialects } from '@dms/sql';
import { build, edFi, expectDiagnostic, fixtureDocumentsV2, hasSharedData, isQuick } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  association,
  derivedV2,
  organizations,
  school,
  secured,
  student,
  toSchool,
  toStudent,
} from '../../test/associations.ts';
import { everything } from '../../test/every-entry.ts';
import { type Inventory, inventoryText, readInventory } from '../inventory.ts';

const { descriptor, string } = build;

const studentId = '$.studentReference.studentUniqueId';
const visit = association('Visit', {
  values: { '$.visitId': string(), '$.namespace': string() },
  references: { School: toSchool(), Student: toStudent() },
  descriptors: { Kind: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor'] },
  identity: ['$.visitId', '$.kindDescriptor'],
  members: secured({
    EducationOrganization: organizations('$.schoolReference.schoolId'),
    Namespace: ['$.namespace'],
    Student: [studentId],
  }),
});
const visits = [edFi([descriptor('KindDescriptor'), school, student, visit])];

const modelHash = 'a'.repeat(64);

function expectRoundTrip(inventory: Inventory): void {
  const text = inventoryText(inventory, modelHash);
  const read = readInventory(text, 'inventory.json', inventory.dialect, modelHash);
  expect(read).toEqual(inventory);
  expect(inventoryText(read, modelHash)).toBe(text);
}

describe('the inventory file of the second generation (design 15 §11)', () => {
  // `everything` of the first generation has a reference of schools to schools, which the second generation refuses for
  // SQL Server
  it('is read back as it was written, and written with the same bytes', () => {
    for (const dialect of dialects) expectRoundTrip(derivedV2(visits, { dialect }).inventory);
    expectRoundTrip(derivedV2(everything).inventory);
  });

  it('begins with its format and has tracked changes, views and what triggers stamp', () => {
    const { inventory } = derivedV2(visits);
    const text = inventoryText(inventory, modelHash);
    expect(text.split('\n').slice(0, 4)).toEqual([
      ...['{', '"inventoryFormat": 3,', `"modelHash": "${modelHash}",`, '"dialect": "pgsql",'],
    ]);
    const value = JSON.parse(text);
    expect(Object.keys(value)).toEqual([
      'inventoryFormat',
      'modelHash',
      'dialect',
      'indexes',
      'triggers',
      'trackedChangeTables',
      'authEdOrgHierarchy',
      'authViews',
    ]);
    const tracked = value.trackedChangeTables.find(({ table }: { table: { name: string } }) => table.name === 'Visit');
    expect(tracked.valueColumns.map(({ oldColumn }: { oldColumn: string }) => oldColumn)).toEqual([
      'OldVisitId',
      'OldKindDescriptor_Namespace',
      'OldKindDescriptor_CodeValue',
      'OldSchool_SchoolId',
      'OldNamespace',
      'OldStudent_DocumentId',
    ]);
    const stamp = value.triggers.find(({ name }: { name: string }) => name === 'TR_Visit_Stamp');
    expect(stamp.mirrorStampTargetTable).toEqual({ schema: 'edfi', name: 'Visit' });
    expect(stamp.changeTracking).toEqual({ trackedChangeTable: { schema: 'tracked_changes_edfi', name: 'Visit' } });
  });

  it('of another model is refused, with both named', () => {
    const text = inventoryText(derivedV2(visits).inventory, modelHash);
    expectDiagnostic(
      () => readInventory(text, 'folder/inventory.json', 'pgsql', 'b'.repeat(64)),
      ...(['MODEL_FILE_INVALID', 'folder/inventory.json', 'aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const),
    );
  });

  it.each([
    ['no tracked changes', /"trackedChangeTables"/, '"tracked"'],
    ['no views', /"authViews"/, '"views"'],
    ['an unknown kind of table', /"kind":"SharedDescriptor"/, '"kind":"Descriptor"'],
    ['an unknown role', /"role":"PersonDocumentId"/, '"role":"Person"'],
    ['an unknown origin', /"origins":\["Identity"\]/, '"origins":["Key"]'],
    ['no stamped table', /"mirrorStampTargetTable":/, '"mirror":'],
    ['an unknown kind of person', /"personKind":"Student"/, '"personKind":"Pupil"'],
  ])('is refused with %s', (_, member, other) => {
    const text = inventoryText(derivedV2(visits).inventory, modelHash);
    const changed = text.replace(member, other);
    expect(changed).not.toBe(text);
    expectDiagnostic(
      () => readInventory(changed, 'folder/inventory.json', 'pgsql', modelHash),
      'MODEL_FILE_INVALID',
      'folder/inventory.json',
    );
  });
});

describe.runIf(hasSharedData)('the inventory file of fixtures (needs the shared conformance data)', () => {
  it.each(
    ['stable-key-extension-child-collections', 'polymorphic', ...(isQuick() ? [] : ['ds-5.2'])].flatMap((fixture) =>
      dialects.map((dialect) => [fixture, dialect] as const),
    ),
  )('%s is read back in %s', (fixture, dialect) =>
    expectRoundTrip(derivedV2(fixtureDocumentsV2(fixture), { dialect }).inventory),
  );
});
