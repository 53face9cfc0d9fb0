import {
  booking,
  bookingFields,
  bookingPairs,
  build,
  columnNames,
  edFi,
  fields,
  modelOf,
  room,
  school,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintLine, constraintLines } from '../../../test/model-text.ts';

const { date, integer, object, reference, resource, string } = build;

describe('consequences of unification for references', () => {
  it('drops the second local column from the key when only the target unified its parts, and keeps it in the check', () => {
    const visit = resource('Visit', {
      documentPathsMapping: {
        Booking: reference('Ed-Fi:Booking', [
          ['$.bookingDate', '$.bookingReference.bookingDate'],
          ['$.roomReference.roomCode', '$.bookingReference.roomCode'],
          ['$.roomReference.schoolId', '$.bookingReference.roomSchoolId'],
          ['$.schoolReference.schoolId', '$.bookingReference.schoolId'],
        ]),
      },
      jsonSchemaForInsert: object(
        {
          bookingReference: fields({
            bookingDate: date(),
            roomCode: string(20),
            roomSchoolId: integer(),
            schoolId: integer(),
          }),
        },
        ['bookingReference'],
      ),
    });
    const table = tableOf(modelOf([edFi([school, room, booking, visit])]), 'edfi.Visit');
    expect(table.keyUnificationClasses).toEqual([]);
    expect(constraintLines(table)).toEqual([
      'ForeignKey FK_Visit_Booking_RefKey (Booking_DocumentId, Booking_BookingDate, Booking_RoomCode, Booking_RoomSchoolId) -> edfi.Booking (DocumentId, BookingDate, Room_RoomCode, SchoolId_Unified) NoAction/NoAction',
      'ForeignKey FK_Visit_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction',
      'AllOrNone CK_Visit_Booking_AllNone Booking_DocumentId: Booking_BookingDate, Booking_RoomCode, Booking_RoomSchoolId, Booking_SchoolId',
    ]);
    expect(columnNames(table)).toContain('Booking_SchoolId');
  });

  it('names the column once in the key and in the target unique when both parts are spelled once', () => {
    const visit = resource('Visit', {
      documentPathsMapping: { Booking: reference('Ed-Fi:Booking', bookingPairs('$.bookingReference')) },
      jsonSchemaForInsert: object({ bookingReference: bookingFields }, ['bookingReference']),
    });
    const model = modelOf([edFi([school, room, booking, visit])]);
    expect(constraintLine(tableOf(model, 'edfi.Visit'), 'FK_Visit_Booking_RefKey')).toBe(
      'ForeignKey FK_Visit_Booking_RefKey (Booking_DocumentId, Booking_BookingDate, Booking_RoomCode, SchoolId_Unified) -> edfi.Booking (DocumentId, BookingDate, Room_RoomCode, SchoolId_Unified) NoAction/NoAction',
    );
    expect(constraintLine(tableOf(model, 'edfi.Booking'), 'UX_Booking_RefKey')).toBe(
      'Unique UX_Booking_RefKey (DocumentId, BookingDate, Room_RoomCode, SchoolId_Unified)',
    );
  });
});
