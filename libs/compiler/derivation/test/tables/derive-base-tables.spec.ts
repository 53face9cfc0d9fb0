import { build, columnNames, edFi, expectRejected, modelOf, resourceOf, rows, tableNames, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines, constraintsOf, lines, tableLines } from '../model-text.ts';

/** A resource without identity whose insert schema has exactly these properties. */
const withProperties = (name: string, properties: build.JsonRecord, members: build.JsonRecord = {}) =>
  build.resource(name, { jsonSchemaForInsert: build.object(properties), ...members });

describe('the root table', () => {
  it('has the document id as key, the identity as natural key and no reference key when nothing references it', () => {
    const model = modelOf([
      edFi([
        build.resource('School', {
          identityJsonPaths: ['$.schoolId'],
          jsonSchemaForInsert: build.object({ schoolId: build.integer() }, ['schoolId']),
        }),
      ]),
    ]);
    expect(tableLines(tableOf(model, 'edfi.School'))).toEqual(
      lines(`
        edfi.School $ PK_School (DocumentId)
        DocumentId ParentKeyPart Int64 NOT NULL -
        SchoolId   Scalar        Int32 NOT NULL $.schoolId
        Unique     UX_School_NK (SchoolId)
        ForeignKey FK_School_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction`),
    );
    expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School']);
  });

  it('is in the physical schema of its project and is named after the resource in PascalCase', () => {
    const model = modelOf([
      build.project('Ed-Fi', [withProperties('program_program-type', {})], { endpoint: '99-select' }),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:program_program-type'))).toEqual(['p99select.ProgramProgramType']);
  });

  it('exists also for a resource without any property', () => {
    const model = modelOf([edFi([withProperties('Nothing', {})])]);
    expect(columnLines(tableOf(model, 'edfi.Nothing'))).toEqual(['DocumentId ParentKeyPart Int64 NOT NULL -']);
  });
});

describe('a child table', () => {
  const library = withProperties('Library', {
    libraryId: build.integer(),
    rooms: rows({ name: build.string(), shelves: rows({ label: build.string() }) }),
  });

  it('is made for every array, with the keys and structural foreign keys of the example in 02 §6.6', () => {
    const model = modelOf([edFi([library])]);
    const facts = resourceOf(model, 'Ed-Fi:Library').tablesInDependencyOrder.map((found) => ({
      table: tableLines(found)[0],
      keys: constraintsOf(found, 'ForeignKey'),
    }));
    expect(facts).toEqual([
      {
        table: 'edfi.Library $ PK_Library (DocumentId)',
        keys: ['ForeignKey FK_Library_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction'],
      },
      {
        table: 'edfi.LibraryRoom $.rooms[*] PK_LibraryRoom (Library_DocumentId, Ordinal)',
        keys: ['ForeignKey FK_LibraryRoom_Library (Library_DocumentId) -> edfi.Library (DocumentId) Cascade/NoAction'],
      },
      {
        table:
          'edfi.LibraryRoomShelve $.rooms[*].shelves[*] PK_LibraryRoomShelve (Library_DocumentId, RoomOrdinal, Ordinal)',
        keys: [
          'ForeignKey FK_LibraryRoomShelve_LibraryRoom (Library_DocumentId, RoomOrdinal) -> edfi.LibraryRoom (Library_DocumentId, Ordinal) Cascade/NoAction',
        ],
      },
    ]);
  });

  it('starts with its key columns: document id, ordinals of the ancestors, own ordinal', () => {
    const model = modelOf([
      edFi([withProperties('School', { addresses: rows({ phoneNumbers: rows({ phoneNumber: build.string(24) }) }) })]),
    ]);
    expect(columnLines(tableOf(model, 'edfi.SchoolAddressPhoneNumber'))).toEqual(
      lines(`
        School_DocumentId ParentKeyPart Int64      NOT NULL -
        AddressOrdinal    ParentKeyPart Int32      NOT NULL -
        Ordinal           Ordinal       Int32      NOT NULL -
        PhoneNumber       Scalar        String(24) NULL     $.addresses[*].phoneNumbers[*].phoneNumber`),
    );
    expect(columnNames(tableOf(model, 'edfi.SchoolAddress'))).toEqual(['School_DocumentId', 'Ordinal']);
  });

  it('repeats the ordinals of all ancestors, outermost first, at any depth', () => {
    const model = modelOf([
      edFi([withProperties('Course', { offerings: rows({ meetings: rows({ breaks: rows({ notes: rows({}) }) }) }) })]),
    ]);
    const found = tableOf(model, 'edfi.CourseOfferingMeetingBreakNote');
    expect(found.key.columns).toEqual([
      { name: 'Course_DocumentId', kind: 'ParentKeyPart', role: 'DocumentId' },
      { name: 'OfferingOrdinal', kind: 'ParentKeyPart', role: 'ParentOrdinal' },
      { name: 'MeetingOrdinal', kind: 'ParentKeyPart', role: 'ParentOrdinal' },
      { name: 'BreakOrdinal', kind: 'ParentKeyPart', role: 'ParentOrdinal' },
      { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' },
    ]);
    expect(constraintsOf(found, 'ForeignKey')).toEqual([
      'ForeignKey FK_CourseOfferingMeetingBreakNote_CourseOfferingMeetingBreak (Course_DocumentId, OfferingOrdinal, MeetingOrdinal, BreakOrdinal) -> edfi.CourseOfferingMeetingBreak (Course_DocumentId, OfferingOrdinal, MeetingOrdinal, Ordinal) Cascade/NoAction',
    ]);
  });

  it('is not a table of its own when the property is an object: its members belong to the table around it', () => {
    const model = modelOf([
      edFi([withProperties('Person', { birth: build.object({ place: build.object({ city: build.string() }) }) })]),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Person'))).toEqual(['edfi.Person']);
    expect(columnNames(tableOf(model, 'edfi.Person'))).toEqual(['DocumentId', 'BirthPlaceCity']);
  });

  it('is not made for anything below _ext, at any depth', () => {
    const extension = build.ext('sample', build.object({ things: rows({ name: build.string() }) }));
    const model = modelOf([
      edFi([
        withProperties('School', {
          addresses: rows({ _ext: extension }),
          home: build.object({ _ext: extension }),
          _ext: extension,
        }),
      ]),
      build.project('Sample', [], { isExtension: true }),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School', 'edfi.SchoolAddress']);
    expect(columnNames(tableOf(model, 'edfi.School'))).toEqual(['DocumentId']);
  });
});

describe('a table name', () => {
  it.each([
    ['addresses', 'Address'],
    ['categories', 'Category'],
    ['periods', 'Period'],
    ['artMedia', 'ArtMedia'],
    ['classes', 'Class'],
    ['courses', 'Cours'],
    ['possibleResponses', 'PossibleRespons'],
    ['boxes', 'Box'],
    ['branches', 'Branch'],
    ['wishes', 'Wish'],
    ['quizzes', 'Quizz'],
    ['glass', 'Glass'],
    ['SERIES', 'SERy'],
    ['meeting-times', 'MeetingTime'],
  ])('takes the array %s in the singular, by the mechanical rule: %s', (array, baseName) => {
    const model = modelOf([edFi([withProperties('T', { [array]: rows({}) })])]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:T'))).toEqual(['edfi.T', `edfi.T${baseName}`]);
  });

  it('does not mention inlined objects between the scope and the array', () => {
    const model = modelOf([
      edFi([withProperties('Student', { favoriteBook: build.object({ artMedia: rows({ medium: build.string() }) }) })]),
    ]);
    const found = tableOf(model, 'edfi.StudentArtMedia');
    expect(found.jsonScope.canonical).toBe('$.favoriteBook.artMedia[*]');
    expect(columnNames(found)).toEqual(['Student_DocumentId', 'Ordinal', 'Medium']);
  });

  it('is reported when two arrays of different objects get the same one', () => {
    const artMedia = rows({ medium: build.string() });
    expectRejected([edFi([withProperties('Student', { favoriteBook: build.object({ artMedia }), artMedia })])], {
      code: 'NAME_COLLISION',
      resource: 'Ed-Fi:Student',
      names: ['edfi', 'StudentArtMedia', 'Ed-Fi:Student', '$.artMedia[*]', '$.favoriteBook.artMedia[*]'],
    });
  });

  it('is told apart by an override on one of two equal names', () => {
    const artMedia = rows({ medium: build.string() });
    const model = modelOf([
      edFi([
        withProperties(
          'Student',
          { favoriteBook: build.object({ artMedia }), artMedia },
          { relational: { nameOverrides: { '$.favoriteBook.artMedia[*]': 'FavoriteBookArtMedium' } } },
        ),
      ]),
    ]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Student'))).toEqual([
      'edfi.Student',
      'edfi.StudentArtMedia',
      'edfi.StudentFavoriteBookArtMedium',
    ]);
  });

  it('keeps a collection name that repeats the root name when there is no override', () => {
    const model = modelOf([edFi([withProperties('School', { schoolCategories: rows({}) })])]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:School'))).toEqual(['edfi.School', 'edfi.SchoolSchoolCategory']);
  });
});
