import { resourceDetail } from '@dms/inventory';
import { dialects } from '@dms/sql';
import {
  agenda,
  booking,
  budget,
  build,
  classesOf,
  columnNames,
  edFi,
  equal,
  expectSameJson,
  fields,
  keyed,
  languageDescriptor,
  menu,
  modelOf,
  nothing,
  numbered,
  registration,
  reportOf,
  resourceOf,
  room,
  roomFields,
  roomReference,
  school,
  schoolReference,
  spending,
  standby,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintLine, constraintLines } from '../../../test/model-text.ts';

const { integer, object, reference, resource, string } = build;

describe.each(dialects)('worked examples of design 04 §15 in %s', (dialect) => {
  describe('15.1 two required references in a root table', () => {
    const model = modelOf([edFi([school, room, booking, agenda])], dialect);
    const table = tableOf(model, 'edfi.Booking');

    it('stores the shared school id once, not null, and gates both copies by their own references', () => {
      expect(columnLines(table)).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'SchoolId_Unified Scalar Int32 NOT NULL -',
        'Room_DocumentId DocumentFk Int64 NOT NULL $.roomReference',
        'Room_RoomCode Scalar String(20) NOT NULL $.roomReference.roomCode',
        'Room_SchoolId Scalar Int32 NOT NULL $.roomReference.schoolId = SchoolId_Unified where Room_DocumentId',
        'School_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
        'School_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId = SchoolId_Unified where School_DocumentId',
        'BookingDate Scalar Date NOT NULL $.bookingDate',
      ]);
      expect(classesOf(model, 'edfi.Booking')).toEqual(['SchoolId_Unified: Room_SchoolId, School_SchoolId']);
    });

    it('marks exactly the aliases as not writable', () => {
      expect(table.columns.filter(({ isWritable }) => !isWritable).map(({ name }) => name)).toEqual([
        'Room_SchoolId',
        'School_SchoolId',
      ]);
    });

    it('uses stored columns in keys that references use and path columns in the natural key and the checks', () => {
      expect(constraintLines(table)).toEqual([
        'Unique UX_Booking_NK (BookingDate, Room_DocumentId, School_DocumentId)',
        'Unique UX_Booking_RefKey (DocumentId, BookingDate, Room_RoomCode, SchoolId_Unified)',
        'ForeignKey FK_Booking_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
        'ForeignKey FK_Booking_Room_RefKey (Room_DocumentId, Room_RoomCode, SchoolId_Unified) -> edfi.Room (DocumentId, RoomCode, School_SchoolId) NoAction/NoAction',
        'ForeignKey FK_Booking_School_RefKey (School_DocumentId, SchoolId_Unified) -> edfi.School (DocumentId, SchoolId) NoAction/NoAction',
        'AllOrNone CK_Booking_Room_AllNone Room_DocumentId: Room_RoomCode, Room_SchoolId',
        'AllOrNone CK_Booking_School_AllNone School_DocumentId: School_SchoolId',
      ]);
    });

    it('reports one applied constraint with the smaller path first, however the schema wrote it', () => {
      expectSameJson(reportOf(model, 'Ed-Fi:Booking'), {
        ...nothing,
        applied: [
          {
            endpoint_a_path: '$.roomReference.schoolId',
            endpoint_b_path: '$.schoolReference.schoolId',
            table: { schema: 'edfi', name: 'Booking' },
            endpoint_a_column: 'Room_SchoolId',
            endpoint_b_column: 'School_SchoolId',
            canonical_column: 'SchoolId_Unified',
          },
        ],
      });
    });

    it('has no reference key when nothing refers to the resource', () => {
      const alone = tableOf(modelOf([edFi([school, room, booking])], dialect), 'edfi.Booking');
      expect(constraintLine(alone, 'UX_Booking_RefKey')).toBeUndefined();
      expect(constraintLine(alone, 'UX_Booking_NK')).toBeDefined();
    });
  });

  it('15.1 with an optional school reference: the canonical column stays not null and the optional copy stays gated', () => {
    const optional = resource('Booking', {
      documentPathsMapping: { Room: roomReference('$.roomReference'), School: schoolReference(false) },
      equalityConstraints: [equal('$.schoolReference.schoolId', '$.roomReference.schoolId')],
      jsonSchemaForInsert: object({ roomReference: roomFields, schoolReference: fields({ schoolId: integer() }) }, [
        'roomReference',
      ]),
    });
    expect(columnLines(tableOf(modelOf([edFi([school, room, optional])], dialect), 'edfi.Booking'))).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'SchoolId_Unified Scalar Int32 NOT NULL -',
      'Room_DocumentId DocumentFk Int64 NOT NULL $.roomReference',
      'Room_RoomCode Scalar String(20) NOT NULL $.roomReference.roomCode',
      'Room_SchoolId Scalar Int32 NOT NULL $.roomReference.schoolId = SchoolId_Unified where Room_DocumentId',
      'School_DocumentId DocumentFk Int64 NULL $.schoolReference',
      'School_SchoolId Scalar Int32 NULL $.schoolReference.schoolId = SchoolId_Unified where School_DocumentId',
    ]);
  });

  it('15.2 two optional references: the canonical column is nullable, each reference gates its own copy, no flag appears', () => {
    const model = modelOf([edFi([school, room, standby])], dialect);
    const table = tableOf(model, 'edfi.Standby');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'SchoolId_Unified Scalar Int32 NULL -',
      'Backup_DocumentId DocumentFk Int64 NULL $.backupRoomReference',
      'Backup_RoomCode Scalar String(20) NULL $.backupRoomReference.roomCode',
      'Backup_SchoolId Scalar Int32 NULL $.backupRoomReference.schoolId = SchoolId_Unified where Backup_DocumentId',
      'Room_DocumentId DocumentFk Int64 NULL $.roomReference',
      'Room_RoomCode Scalar String(20) NULL $.roomReference.roomCode',
      'Room_SchoolId Scalar Int32 NULL $.roomReference.schoolId = SchoolId_Unified where Room_DocumentId',
    ]);
    expect(classesOf(model, 'edfi.Standby')).toEqual(['SchoolId_Unified: Backup_SchoolId, Room_SchoolId']);
    expect(table.constraints.filter(({ kind }) => kind === 'NullOrTrue')).toEqual([]);
  });

  describe('15.3 a nested collection with an implicit class and a constraint across tables', () => {
    const model = modelOf([edFi([school, room, booking, agenda])], dialect);
    const table = tableOf(model, 'edfi.AgendaSlotBooking');

    it('unifies the columns of a path that the reference object spells once, per row of the child table', () => {
      const at = '$.slots[*].bookings[*].bookingReference';
      expect(columnLines(table)).toEqual([
        'Agenda_DocumentId ParentKeyPart Int64 NOT NULL -',
        'SlotOrdinal ParentKeyPart Int32 NOT NULL -',
        'Ordinal Ordinal Int32 NOT NULL -',
        'SchoolId_Unified Scalar Int32 NULL -',
        `Booking_DocumentId DocumentFk Int64 NULL ${at}`,
        `Booking_BookingDate Scalar Date NULL ${at}.bookingDate`,
        `Booking_RoomCode Scalar String(20) NULL ${at}.roomCode`,
        `Booking_RoomReferenceSchoolId Scalar Int32 NULL ${at}.schoolId = SchoolId_Unified where Booking_DocumentId`,
        `Booking_SchoolReferenceSchoolId Scalar Int32 NULL ${at}.schoolId = SchoolId_Unified where Booking_DocumentId`,
      ]);
      expect(table.jsonScope.canonical).toBe('$.slots[*].bookings[*]');
      expect(classesOf(model, 'edfi.AgendaSlotBooking')).toEqual([
        'SchoolId_Unified: Booking_RoomReferenceSchoolId, Booking_SchoolReferenceSchoolId',
      ]);
    });

    it('keeps the pair of canonical columns once in the foreign key and both aliases in the check', () => {
      expect(constraintLine(table, 'FK_AgendaSlotBooking_Booking_RefKey')).toBe(
        'ForeignKey FK_AgendaSlotBooking_Booking_RefKey (Booking_DocumentId, Booking_BookingDate, Booking_RoomCode, SchoolId_Unified) -> edfi.Booking (DocumentId, BookingDate, Room_RoomCode, SchoolId_Unified) NoAction/NoAction',
      );
      expect(constraintLine(table, 'CK_AgendaSlotBooking_Booking_AllNone')).toBe(
        'AllOrNone CK_AgendaSlotBooking_Booking_AllNone Booking_DocumentId: Booking_BookingDate, Booking_RoomCode, Booking_RoomReferenceSchoolId, Booking_SchoolReferenceSchoolId',
      );
    });

    it('ignores the constraint across tables, naming the representative, and reports nothing for the implicit edge', () => {
      expectSameJson(reportOf(model, 'Ed-Fi:Agenda'), {
        ...nothing,
        ignored: [
          {
            endpoint_a_path: '$.schoolReference.schoolId',
            endpoint_b_path: '$.slots[*].bookings[*].bookingReference.schoolId',
            reason: 'cross_table',
            endpoint_a_binding: { table: { schema: 'edfi', name: 'Agenda' }, column: 'School_SchoolId' },
            endpoint_b_binding: {
              table: { schema: 'edfi', name: 'AgendaSlotBooking' },
              column: 'Booking_RoomReferenceSchoolId',
            },
          },
        ],
        ignored_by_reason: { cross_table: 1 },
      });
    });

    it('leaves the root table, which only takes part in the ignored constraint, untouched', () => {
      const root = tableOf(model, 'edfi.Agenda');
      expect(root.keyUnificationClasses).toEqual([]);
      expect(columnLines(root)).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'School_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
        'School_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
      ]);
    });
  });

  describe('15.4 descriptors outside references', () => {
    const model = modelOf([edFi([languageDescriptor, menu()])], dialect);
    const table = tableOf(model, 'edfi.Menu');

    it('takes the base token from the first member, gates the optional one by a flag and leaves the required one ungated', () => {
      expect(columnLines(table)).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'FirstLanguageDescriptor_DescriptorId_Present Scalar Boolean NULL -',
        'FirstLanguageDescriptor_Unified_DescriptorId DescriptorFk Int64 NOT NULL -',
        'FirstLanguageDescriptor_DescriptorId DescriptorFk Int64 NULL $.firstLanguageDescriptor = FirstLanguageDescriptor_Unified_DescriptorId where FirstLanguageDescriptor_DescriptorId_Present',
        'SecondLanguageDescriptor_DescriptorId DescriptorFk Int64 NOT NULL $.secondLanguageDescriptor = FirstLanguageDescriptor_Unified_DescriptorId',
      ]);
      expect(table.columns[2]?.targetResource).toEqual({ projectName: 'Ed-Fi', resourceName: 'LanguageDescriptor' });
    });

    it('has one descriptor key, on the canonical column, and a check of the flag whose name just fits PostgreSQL', () => {
      expect(constraintLines(table)).toEqual([
        'ForeignKey FK_Menu_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
        'ForeignKey FK_Menu_FirstLanguageDescriptor_Unified (FirstLanguageDescriptor_Unified_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
        'NullOrTrue CK_Menu_FirstLanguageDescriptor_DescriptorId_Present_NullOrTrue FirstLanguageDescriptor_DescriptorId_Present',
      ]);
      expect('CK_Menu_FirstLanguageDescriptor_DescriptorId_Present_NullOrTrue').toHaveLength(63);
    });

    it('reports that both path columns share the one descriptor key', () => {
      const [manifest] = resourceDetail(resourceOf(model, 'Ed-Fi:Menu')).tables;
      expectSameJson(manifest?.descriptor_fk_deduplications, [
        {
          storage_column: 'FirstLanguageDescriptor_Unified_DescriptorId',
          binding_columns: ['FirstLanguageDescriptor_DescriptorId', 'SecondLanguageDescriptor_DescriptorId'],
          constraint_name: 'FK_Menu_FirstLanguageDescriptor_Unified',
        },
      ]);
    });

    it('keeps both path columns as sources of descriptor edges', () => {
      expect(
        resourceOf(model, 'Ed-Fi:Menu').descriptorEdgeSources.map(({ descriptorValuePath, fkColumn }) => [
          descriptorValuePath.canonical,
          fkColumn,
        ]),
      ).toEqual([
        ['$.firstLanguageDescriptor', 'FirstLanguageDescriptor_DescriptorId'],
        ['$.secondLanguageDescriptor', 'SecondLanguageDescriptor_DescriptorId'],
      ]);
    });

    it('gives both members a flag and a nullable canonical column when both are optional', () => {
      const both = tableOf(modelOf([edFi([languageDescriptor, menu([], { note: string(20) })])], dialect), 'edfi.Menu');
      expect(columnLines(both)).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'FirstLanguageDescriptor_DescriptorId_Present Scalar Boolean NULL -',
        'FirstLanguageDescriptor_Unified_DescriptorId DescriptorFk Int64 NULL -',
        'SecondLanguageDescriptor_DescriptorId_Present Scalar Boolean NULL -',
        'FirstLanguageDescriptor_DescriptorId DescriptorFk Int64 NULL $.firstLanguageDescriptor = FirstLanguageDescriptor_Unified_DescriptorId where FirstLanguageDescriptor_DescriptorId_Present',
        'SecondLanguageDescriptor_DescriptorId DescriptorFk Int64 NULL $.secondLanguageDescriptor = FirstLanguageDescriptor_Unified_DescriptorId where SecondLanguageDescriptor_DescriptorId_Present',
        'Note Scalar String(20) NULL $.note',
      ]);
    });
  });

  describe('15.5 a class of four, transitive, with every kind of gate', () => {
    const model = modelOf(
      [edFi([numbered('Fund', 'fiscalYear'), numbered('Grant', 'fiscalYear'), budget, spending])],
      dialect,
    );
    const table = tableOf(model, 'edfi.Budget');

    it('has one class of four in path order, one gate of each kind', () => {
      expect(columnLines(table)).toEqual([
        'DocumentId ParentKeyPart Int64 NOT NULL -',
        'FiscalYear_Unified Scalar Int32 NOT NULL -',
        'PlannedFiscalYear_Present Scalar Boolean NULL -',
        'Fund_DocumentId DocumentFk Int64 NULL $.fundReference',
        'Fund_FiscalYear Scalar Int32 NULL $.fundReference.fiscalYear = FiscalYear_Unified where Fund_DocumentId',
        'Grant_DocumentId DocumentFk Int64 NOT NULL $.grantReference',
        'Grant_FiscalYear Scalar Int32 NOT NULL $.grantReference.fiscalYear = FiscalYear_Unified where Grant_DocumentId',
        'FiscalYear Scalar Int32 NOT NULL $.fiscalYear = FiscalYear_Unified',
        'PlannedFiscalYear Scalar Int32 NULL $.plannedFiscalYear = FiscalYear_Unified where PlannedFiscalYear_Present',
      ]);
      expect(classesOf(model, 'edfi.Budget')).toEqual([
        'FiscalYear_Unified: FiscalYear, Fund_FiscalYear, Grant_FiscalYear, PlannedFiscalYear',
      ]);
    });

    it('applies three constraints, all to the one canonical column', () => {
      const entry = (a: string, b: string, aColumn: string, bColumn: string) => ({
        endpoint_a_path: a,
        endpoint_b_path: b,
        table: { schema: 'edfi', name: 'Budget' },
        endpoint_a_column: aColumn,
        endpoint_b_column: bColumn,
        canonical_column: 'FiscalYear_Unified',
      });
      expectSameJson(reportOf(model, 'Ed-Fi:Budget'), {
        ...nothing,
        applied: [
          entry('$.fiscalYear', '$.fundReference.fiscalYear', 'FiscalYear', 'Fund_FiscalYear'),
          entry('$.fiscalYear', '$.grantReference.fiscalYear', 'FiscalYear', 'Grant_FiscalYear'),
          entry('$.fundReference.fiscalYear', '$.plannedFiscalYear', 'Fund_FiscalYear', 'PlannedFiscalYear'),
        ],
      });
    });

    it('uses the alias in the natural key and the canonical column in the referenced key', () => {
      expect(constraintLine(table, 'UX_Budget_NK')).toBe('Unique UX_Budget_NK (FiscalYear)');
      expect(constraintLine(table, 'UX_Budget_RefKey')).toBe(
        'Unique UX_Budget_RefKey (DocumentId, FiscalYear_Unified)',
      );
      expect(constraintLine(tableOf(model, 'edfi.Spending'), 'FK_Spending_Budget_RefKey')).toBe(
        'ForeignKey FK_Spending_Budget_RefKey (Budget_DocumentId, Budget_FiscalYear) -> edfi.Budget (DocumentId, FiscalYear_Unified) NoAction/NoAction',
      );
    });

    it('has the same class without the flag when the planned year is not constrained', () => {
      const three = resource('Budget', {
        ...budget.schema,
        equalityConstraints: (budget.schema.equalityConstraints as build.Json[]).slice(0, 2),
      });
      const smaller = modelOf(
        [edFi([numbered('Fund', 'fiscalYear'), numbered('Grant', 'fiscalYear'), three])],
        dialect,
      );
      expect(classesOf(smaller, 'edfi.Budget')).toEqual([
        'FiscalYear_Unified: FiscalYear, Fund_FiscalYear, Grant_FiscalYear',
      ]);
      expect(columnNames(tableOf(smaller, 'edfi.Budget'))).toEqual(
        columnNames(table).filter((name) => name !== 'PlannedFiscalYear_Present'),
      );
    });
  });

  describe('15.6 two targets that allow identity updates', () => {
    const mutable = { allowIdentityUpdates: true };
    const section = keyed('Section', { sectionId: integer(), schoolYear: integer() }, mutable);
    const period = keyed('Period', { periodId: integer(), schoolYear: integer() }, mutable);

    it('lets both keys cascade into the one stored column when no common table feeds the targets', () => {
      const table = tableOf(modelOf([edFi([section, period, registration])], dialect), 'edfi.Registration');
      const keys = table.constraints.filter((key) => key.kind === 'ForeignKey' && key.targetTable.schema === 'edfi');
      expect(keys).toEqual([
        expect.objectContaining({
          name: 'FK_Registration_Period_RefKey',
          columns: ['Period_DocumentId', 'Period_PeriodId', 'SchoolYear_Unified'],
          targetColumns: ['DocumentId', 'PeriodId', 'SchoolYear'],
          onUpdate: 'Cascade',
          deferrable: false,
        }),
        expect.objectContaining({
          name: 'FK_Registration_Section_RefKey',
          columns: ['Section_DocumentId', 'Section_SectionId', 'SchoolYear_Unified'],
          targetColumns: ['DocumentId', 'SectionId', 'SchoolYear'],
          onUpdate: 'Cascade',
          deferrable: false,
        }),
      ]);
    });

    it('defers both keys in pgsql and keeps one cascade in mssql when an ancestor can reach both targets', () => {
      const year = keyed('SchoolYear', { schoolYear: integer() }, mutable);
      const below = (name: string, property: string) =>
        resource(name, {
          identityJsonPaths: [`$.${property}`, '$.schoolYearReference.schoolYear'],
          documentPathsMapping: {
            SchoolYear: reference('Ed-Fi:SchoolYear', [['$.schoolYear', '$.schoolYearReference.schoolYear']]),
          },
          jsonSchemaForInsert: object(
            { [property]: integer(), schoolYearReference: fields({ schoolYear: integer() }) },
            [property, 'schoolYearReference'],
          ),
        });
      const pairs = (object: string, id: string): [string, string][] => [
        [`$.${id}`, `${object}.${id}`],
        ['$.schoolYearReference.schoolYear', `${object}.schoolYear`],
      ];
      const both = resource('Registration', {
        ...registration.schema,
        documentPathsMapping: {
          Section: reference('Ed-Fi:Section', pairs('$.sectionReference', 'sectionId')),
          Period: reference('Ed-Fi:Period', pairs('$.periodReference', 'periodId')),
        },
      });
      const documents = [edFi([year, below('Section', 'sectionId'), below('Period', 'periodId'), both])];
      const keys = tableOf(modelOf(documents, dialect), 'edfi.Registration').constraints.flatMap((key) =>
        key.kind === 'ForeignKey' && key.targetTable.schema === 'edfi' ? [key] : [],
      );
      expect(keys).toHaveLength(2);
      if (dialect === 'pgsql')
        expect(keys.map((key) => [key.onUpdate, key.deferrable])).toEqual(Array(2).fill(['Cascade', true]));
      else {
        expect(keys.map(({ onUpdate }) => onUpdate).sort()).toEqual(['Cascade', 'NoAction']);
        expect(keys.every(({ deferrable }) => !deferrable)).toBe(true);
      }
    });
  });
});
