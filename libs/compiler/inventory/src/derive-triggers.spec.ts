import { qualified } from '@dms/model';
import { dialects } from '@dms/sql';
import { once, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { derive } from '../test/derived.ts';
import { triggerNames, triggerOf } from '../test/inventory-lookup.ts';
import { int32, int64, registry } from '../test/registry.ts';

describe.each(dialects)(
  'the triggers of a schema with families, nested collections and an extension, in %s',
  (dialect) => {
    const inventory = once(() => derive(dialect, ...registry).inventory);

    it('are these', () => {
      const lines = inventory().triggers.map(
        ({ table, name, kind, keyColumns, identityProjectionColumns }) =>
          `${qualified(table)} ${name} ${kind} (${keyColumns.join(', ')}) [${identityProjectionColumns.join(', ')}]`,
      );
      const enrolment = 'PersonId_Unified, Term_Year, KindDescriptor_DescriptorId, Day';
      expect(lines).toEqual([
        `edfi.Enrolment TR_Enrolment_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [${enrolment}]`,
        `edfi.Enrolment TR_Enrolment_Stamp DocumentStamping (DocumentId) [${enrolment}]`,
        'edfi.Firm TR_Firm_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [PartyId]',
        'edfi.Firm TR_Firm_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [PartyId]',
        'edfi.Firm TR_Firm_Stamp DocumentStamping (DocumentId) [PartyId]',
        'edfi.Person TR_Person_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [PersonId]',
        'edfi.Person TR_Person_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [PersonId]',
        'edfi.Person TR_Person_Stamp DocumentStamping (DocumentId) [PersonId]',
        'edfi.PersonAddress TR_PersonAddress_Stamp DocumentStamping (Person_DocumentId) []',
        'edfi.PersonAddressPhone TR_PersonAddressPhone_Stamp DocumentStamping (Person_DocumentId) []',
        'edfi.Term TR_Term_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [Person_PersonId, Year]',
        'edfi.Term TR_Term_Stamp DocumentStamping (DocumentId) [Person_PersonId, Year]',
        'sample.Club TR_Club_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [ClubId]',
        'sample.Club TR_Club_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [ClubId]',
        'sample.Club TR_Club_Stamp DocumentStamping (DocumentId) [ClubId]',
        'sample.PersonExtension TR_PersonExtension_Stamp DocumentStamping (DocumentId) []',
        'sample.PersonExtensionAddress TR_PersonExtensionAddress_Stamp DocumentStamping (Person_DocumentId) []',
        'sample.PersonExtensionMark TR_PersonExtensionMark_Stamp DocumentStamping (Person_DocumentId) []',
      ]);
    });

    it('know the resource of the table by key, project and name', () => {
      const { resourceKeyId, projectName, resourceName } = triggerOf(
        inventory(),
        'sample.Club',
        'ReferentialIdentityMaintenance',
      );
      expect([resourceKeyId, projectName, resourceName]).toEqual([7, 'Sample', 'Club']);
      expect(triggerOf(inventory(), 'edfi.Enrolment', 'ReferentialIdentityMaintenance')).toMatchObject({
        resourceKeyId: 1,
        projectName: 'Ed-Fi',
        resourceName: 'Enrolment',
        superclassAlias: null,
      });
    });

    it('hold the identity in schema order, with the type and descriptor mark of each column', () => {
      expect(triggerOf(inventory(), 'edfi.Enrolment', 'ReferentialIdentityMaintenance').identityElements).toEqual([
        {
          column: 'Term_PersonId',
          identityJsonPath: path('$.termReference.personId'),
          scalarType: int32,
          isDescriptor: false,
        },
        { column: 'Term_Year', identityJsonPath: path('$.termReference.year'), scalarType: int32, isDescriptor: false },
        {
          column: 'KindDescriptor_DescriptorId',
          identityJsonPath: path('$.kindDescriptor'),
          scalarType: int64,
          isDescriptor: true,
        },
        {
          column: 'Person_PersonId',
          identityJsonPath: path('$.personReference.personId'),
          scalarType: int32,
          isDescriptor: false,
        },
        {
          column: 'Day',
          identityJsonPath: path('$.day'),
          scalarType: { kind: 'Date', maxLength: null, decimal: null },
          isDescriptor: false,
        },
      ]);
    });

    it('give each subclass an alias with the key, project and name of its superclass', () => {
      const alias = (table: string) => triggerOf(inventory(), table, 'ReferentialIdentityMaintenance').superclassAlias;
      const party = { resourceKeyId: 4, projectName: 'Ed-Fi', resourceName: 'Party' };
      const element = { identityJsonPath: path('$.partyId'), scalarType: int32, isDescriptor: false };
      expect(alias('edfi.Person')).toEqual({ ...party, identityElements: [{ column: 'PersonId', ...element }] });
      expect(alias('edfi.Firm')).toEqual({ ...party, identityElements: [{ column: 'PartyId', ...element }] });
      expect(alias('sample.Club')).toEqual({ ...party, identityElements: [{ column: 'ClubId', ...element }] });
    });

    it('copy the identity of each subclass to the identity table of its superclass', () => {
      const copy = (table: string) => {
        const { targetTable, targetColumnMappings, discriminatorValue } = triggerOf(
          inventory(),
          table,
          'AbstractIdentityMaintenance',
        );
        return [qualified(targetTable), targetColumnMappings, discriminatorValue];
      };
      const from = (sourceColumn: string) => [{ sourceColumn, targetColumn: 'PartyId' }];
      expect(copy('edfi.Person')).toEqual(['edfi.PartyIdentity', from('PersonId'), 'Ed-Fi:Person']);
      expect(copy('edfi.Firm')).toEqual(['edfi.PartyIdentity', from('PartyId'), 'Ed-Fi:Firm']);
      expect(copy('sample.Club')).toEqual(['edfi.PartyIdentity', from('ClubId'), 'Sample:Club']);
    });

    it('exist on no abstract identity table', () => {
      expect(triggerNames(inventory(), 'edfi.PartyIdentity')).toEqual([]);
    });

    it('are those of tables of the extended resource: an extension has no identity of its own (case 17)', () => {
      const onExtensions = inventory().triggers.filter(({ table }) => table.name.startsWith('PersonExtension'));
      expect(onExtensions.map(({ kind, table, keyColumns }) => [kind, table.name, keyColumns])).toEqual([
        ['DocumentStamping', 'PersonExtension', ['DocumentId']],
        ['DocumentStamping', 'PersonExtensionAddress', ['Person_DocumentId']],
        ['DocumentStamping', 'PersonExtensionMark', ['Person_DocumentId']],
      ]);
    });

    it('stamp the root by its document id and nested children by that of the root (case 16)', () => {
      const stamp = (table: string) => {
        const { name, keyColumns, identityProjectionColumns } = triggerOf(inventory(), table, 'DocumentStamping');
        return [name, keyColumns, identityProjectionColumns];
      };
      expect(stamp('edfi.Person')).toEqual(['TR_Person_Stamp', ['DocumentId'], ['PersonId']]);
      expect(stamp('edfi.PersonAddress')).toEqual(['TR_PersonAddress_Stamp', ['Person_DocumentId'], []]);
      expect(stamp('edfi.PersonAddressPhone')).toEqual(['TR_PersonAddressPhone_Stamp', ['Person_DocumentId'], []]);
    });
  },
);
