import type { ChangeClass } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { givenScript, type SqlDialect } from '@dms/sql';
import { build, type MainGeneration } from '@dms/testing';
import { type Compiled, compiled } from './bench.ts';
import { type Editable, type EditableSet, independent, roomPairs, schools, simple, subclass } from './schools.ts';

/* Changes of the schools, each with its expected plan (design 12 §9). */

const { array, descriptorPath, integer, object, reference, string, uri } = build;

export interface Evolution {
  /** Prepares the set before the edit. */
  readonly given?: (set: EditableSet) => void;
  readonly edit: (set: EditableSet) => void;
  readonly verdict: ChangeClass;
  /** All items except those of resource keys, and free items of triggers, keys and indexes: `class change path`. */
  readonly items: readonly string[];
  readonly allowLoss?: readonly string[];
  /** Changes rows before the upgrade, so that it is possible. */
  readonly prepare?: (connection: Connection) => Promise<void>;
}

/** Both sets of an evolution. */
export function evolutionPair(
  { given, edit }: Pick<Evolution, 'given' | 'edit'>,
  version: MainGeneration = 'v1',
  dialect: SqlDialect = 'pgsql',
): readonly [Compiled, Compiled] {
  const before = schools();
  const after = schools();
  given?.(before);
  given?.(after);
  edit(after);
  return [compiled(before.documents, dialect, version), compiled(after.documents, dialect, version)];
}

const sql = (text: string) => (connection: Connection) => connection.execute(givenScript(text));

const unified = (set: EditableSet) => {
  set.resource('sections').equalityConstraints = [
    { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.roomReference.schoolId' },
  ];
};

const withoutRoom = (set: EditableSet) => {
  delete set.properties('sections').roomReference;
  delete set.mapping('sections').Room;
};

const withRoom = (set: EditableSet) => {
  set.properties('sections').roomReference = object({ roomCode: string(20), schoolId: integer() }, [
    'roomCode',
    'schoolId',
  ]);
  set.mapping('sections').Room = reference('Core:Room', roomPairs, false);
};

const rename = (set: EditableSet, endpoint: string, nameOverrides: build.JsonRecord) => {
  set.resource(endpoint).relational = { nameOverrides };
};

const renameRoot = (set: EditableSet, endpoint: string, rootTableNameOverride: string) => {
  set.resource(endpoint).relational = { rootTableNameOverride };
};

const withVisits = (set: EditableSet) => {
  set.properties('sections').visits = array(
    object({ day: string(10), hours: array(object({ hour: integer() }, ['hour'])) }, ['day']),
  );
};

/** One more extension, with a table, keys and triggers that are called like those of the other one. */
const withMore = (set: EditableSet) => {
  const sections = build.extensionOf('Section', {
    jsonSchemaForInsert: object({
      _ext: build.ext('more', object({ motto: string(20), awards: array(object({ award: string(20) }, ['award'])) })),
    }),
  });
  set.documents.push(
    structuredClone(build.project('More', [simple('Volunteer'), sections], { isExtension: true })) as Editable,
  );
};

const moveSchemas = (set: EditableSet, ...endpoints: readonly string[]) => {
  for (const [index, name] of endpoints.entries()) set.documents[index + 1].projectSchema.projectEndpointName = name;
};

const longSchoolIds = (set: EditableSet) => {
  set.properties('schools').schoolId = integer('int64');
  for (const endpoint of ['rooms', 'sections'])
    set.properties(endpoint).schoolReference.properties.schoolId = integer('int64');
  set.properties('sections').roomReference.properties.schoolId = integer('int64');
  set.properties('bookings').sectionReference.properties.schoolId = integer('int64');
};

export const evolutions: Readonly<Record<string, Evolution>> = {
  'an optional scalar': {
    edit: (set) => {
      set.properties('schools').motto = string(20);
    },
    verdict: 'free',
    items: ['free column added core.School Motto'],
  },
  'an optional reference': {
    edit: (set) => {
      set.properties('rooms').ownerReference = object({ districtId: integer() }, ['districtId']);
      set.mapping('rooms').Owner = reference('Core:District', [['$.districtId', '$.ownerReference.districtId']], false);
    },
    verdict: 'free',
    items: ['free column added core.Room Owner_DistrictId', 'free column added core.Room Owner_DocumentId'],
  },
  'an optional descriptor': {
    edit: (set) => {
      set.properties('rooms').kindDescriptor = uri();
      set.mapping('rooms').Kind = descriptorPath('Core:KindDescriptor', '$.kindDescriptor');
    },
    verdict: 'free',
    items: ['free column added core.Room KindDescriptor_DescriptorId'],
  },
  'an optional collection with a nested one': {
    edit: (set) => {
      set.properties('rooms').devices = array(
        object({ name: string(20), ports: array(object({ port: integer() }, ['port'])) }, ['name']),
      );
    },
    verdict: 'free',
    items: ['free table added core.RoomDevice', 'free table added core.RoomDevicePort'],
  },
  'a nested collection in one that is there': {
    edit: (set) => {
      set.properties('sections').meetings.items.properties.guests = array(object({ guest: string(20) }, ['guest']));
    },
    verdict: 'free',
    items: ['free table added core.SectionMeetingGuest'],
  },
  'the same in an extension': {
    edit: (set) => {
      const own = set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra.properties;
      own.anthem = string(30);
      own.awards.items.properties.years = array(object({ year: integer() }, ['year']));
    },
    verdict: 'free',
    items: ['free column added extra.SectionExtension Anthem', 'free table added extra.SectionExtensionAwardYear'],
  },
  'an extension of a resource that had none': {
    edit: (set) => {
      set.add(
        build.extensionOf('Room', {
          jsonSchemaForInsert: object({ _ext: build.ext('extra', object({ hasSink: build.boolean() })) }),
        }),
        'extra',
      );
    },
    verdict: 'free',
    items: ['free table added extra.RoomExtension'],
  },
  'a reference that shares a part, so that a column becomes an alias': {
    given: withoutRoom,
    edit: (set) => {
      withRoom(set);
      unified(set);
    },
    verdict: 'rewritten',
    items: [
      'free column added core.Section Room_DocumentId',
      'free column added core.Section Room_RoomCode',
      'free column added core.Section Room_SchoolId',
      'rewritten column filled core.Section SchoolId_Unified',
      'rewritten column unified core.Section School_SchoolId',
    ],
  },
  'an equality of values that are equal': {
    edit: unified,
    prepare: sql(`UPDATE core."Section" SET "Room_DocumentId" = NULL, "Room_RoomCode" = NULL, "Room_SchoolId" = NULL
      WHERE "Room_SchoolId" <> "School_SchoolId"`),
    verdict: 'rewritten',
    items: [
      'rewritten column filled core.Section SchoolId_Unified',
      'rewritten column unified core.Section Room_SchoolId',
      'rewritten column unified core.Section School_SchoolId',
    ],
  },
  'an equality taken back': {
    given: unified,
    edit: (set) => {
      set.resource('sections').equalityConstraints = [];
    },
    verdict: 'rewritten',
    items: [
      'rewritten column filled core.Section Room_SchoolId',
      'rewritten column filled core.Section School_SchoolId',
    ],
  },
  'the reference that shares a part removed again': {
    given: unified,
    edit: (set) => {
      set.resource('sections').equalityConstraints = [];
      withoutRoom(set);
    },
    verdict: 'loss',
    allowLoss: ['core.Section.Room_DocumentId', 'core.Section.Room_RoomCode', 'core.Section.Room_SchoolId'],
    items: [
      'loss column removed core.Section Room_DocumentId',
      'loss column removed core.Section Room_RoomCode',
      'loss column removed core.Section Room_SchoolId',
      'rewritten column filled core.Section School_SchoolId',
    ],
  },
  'two optional scalars that become one, each with a flag': {
    edit: (set) => {
      set.resource('bookings').equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    prepare: sql('UPDATE core."Booking" SET "Two" = "One" WHERE "Two" IS NOT NULL AND "One" IS NOT NULL'),
    verdict: 'rewritten',
    items: [
      'rewritten column filled core.Booking One_Present',
      'rewritten column filled core.Booking One_Unified',
      'rewritten column filled core.Booking Two_Present',
      'rewritten column unified core.Booking One',
      'rewritten column unified core.Booking Two',
    ],
  },
  'two scalars apart again': {
    given: (set) => {
      set.resource('bookings').equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    edit: (set) => {
      set.resource('bookings').equalityConstraints = [];
    },
    verdict: 'rewritten',
    items: ['rewritten column filled core.Booking One', 'rewritten column filled core.Booking Two'],
  },
  'a longer string': {
    edit: (set) => {
      set.properties('schools').nickname = string(31);
    },
    verdict: 'free',
    items: ['free type wider core.School Nickname'],
  },
  'a shorter string that all values fit into': {
    edit: (set) => {
      set.properties('schools').nickname = string(29);
    },
    prepare: sql('UPDATE core."School" SET "Nickname" = left("Nickname", 29)'),
    verdict: 'checked',
    items: ['checked type narrower core.School Nickname'],
  },
  'a longer string in an identity that others copy': {
    edit: (set) => {
      set.properties('rooms').roomCode = string(40);
      set.properties('sections').roomReference.properties.roomCode = string(40);
    },
    verdict: 'free',
    items: ['free type wider core.Room RoomCode', 'free type wider core.Section Room_RoomCode'],
  },
  'a wider integer that others copy': {
    edit: longSchoolIds,
    verdict: 'free',
    items: [
      'free type wider core.Booking Section_SchoolId',
      'free type wider core.EducationOrganizationIdentity EducationOrganizationId',
      'free type wider core.Room School_SchoolId',
      'free type wider core.School SchoolId',
      'free type wider core.Section Owner_EducationOrganizationId',
      'free type wider core.Section Room_SchoolId',
      'free type wider core.Section School_SchoolId',
      'free view changed core.EducationOrganization_View',
    ],
  },
  'a wider decimal': {
    edit: (set) => {
      set.resource('schools').decimalPropertyValidationInfos = [{ path: '$.fee', totalDigits: 12, decimalPlaces: 4 }];
    },
    prepare: sql(`UPDATE core."School" SET "Fee" = CASE WHEN "Fee" IS NULL THEN 0.1 ELSE 9999999.99 END`),
    verdict: 'free',
    items: ['free type wider core.School Fee'],
  },
  'optional that becomes required': {
    edit: (set) => {
      set.required('sections').push('title');
    },
    prepare: sql(`UPDATE core."Section" SET "Title" = 'x' WHERE "Title" IS NULL`),
    verdict: 'checked',
    items: ['checked column required core.Section Title'],
  },
  'required that becomes optional': {
    edit: (set) => {
      set.resource('schools').jsonSchemaForInsert.required = ['schoolId'];
    },
    verdict: 'free',
    items: ['free column optional core.School Label'],
  },
  'a required property of an empty table': {
    edit: (set) => {
      set.properties('bookings').reason = string(20);
      set.required('bookings').push('reason');
    },
    prepare: sql(`DELETE FROM dms."Document" WHERE "DocumentId" IN (SELECT "DocumentId" FROM core."Booking")`),
    verdict: 'checked',
    items: ['checked required column added core.Booking Reason'],
  },
  'a resource that sorts first': {
    edit: (set) => set.add(simple('Absence')),
    verdict: 'rewritten',
    items: ['free resource added Core:Absence', 'free table added core.Absence'],
  },
  'a resource that sorts last': {
    edit: (set) => set.add(simple('Zebra'), 'extra'),
    verdict: 'free',
    items: ['free resource added Extra:Zebra', 'free table added extra.Zebra'],
  },
  'a new member of an abstract resource': {
    edit: (set) => set.add(subclass('Network', 'EducationOrganization')),
    verdict: 'rewritten',
    items: [
      'free resource added Core:Network',
      'free table added core.Network',
      'free view changed core.EducationOrganization_View',
    ],
  },
  'a member of an abstract resource that leaves it, and that nobody refers to through it': {
    given: (set) => set.add(subclass('Network', 'EducationOrganization')),
    edit: (set) => independent(set.resource('networks')),
    prepare: sql('UPDATE core."Section" SET "Owner_DocumentId" = NULL, "Owner_EducationOrganizationId" = NULL'),
    verdict: 'rewritten',
    items: [
      'free view changed core.EducationOrganization_View',
      'rewritten abstract identities core.EducationOrganizationIdentity Core:Network',
      'rewritten hierarchy auth.EducationOrganizationIdToEducationOrganizationId',
      'rewritten referential ids Core:Network',
    ],
  },
  'an abstract resource over resources that are there': {
    given: (set) => set.add(simple('Hall')),
    edit: (set) => {
      set.core.abstractResources.Venue = { identityJsonPaths: ['$.code'] };
      const { schema } = subclass('Hall', 'Venue');
      set.resource('halls').isSubclass = true;
      for (const member of ['superclassProjectName', 'superclassResourceName'])
        set.resource('halls')[member] = schema[member];
    },
    verdict: 'rewritten',
    items: [
      'free abstract resource added Core:Venue',
      'free table added core.VenueIdentity',
      'free view added core.Venue_View',
      'rewritten abstract identities core.VenueIdentity Core:Hall',
      'rewritten referential ids Core:Hall',
    ],
  },
  'a parent in the hierarchy': {
    edit: (set) => {
      set.properties('districts').stateReference = object({ educationOrganizationId: integer() }, [
        'educationOrganizationId',
      ]);
      set.mapping('districts').State = reference(
        'Core:EducationOrganization',
        [['$.educationOrganizationId', '$.stateReference.educationOrganizationId']],
        false,
      );
    },
    verdict: 'free',
    items: [
      'free column added core.District State_DocumentId',
      'free column added core.District State_EducationOrganizationId',
    ],
  },
  'a parent in the hierarchy removed': {
    edit: (set) => {
      delete set.properties('schools').districtReference;
      delete set.mapping('schools').District;
    },
    allowLoss: ['Core.School'],
    verdict: 'loss',
    items: [
      'loss column removed core.School District_DistrictId',
      'loss column removed core.School District_DocumentId',
      'rewritten hierarchy auth.EducationOrganizationIdToEducationOrganizationId',
    ],
  },
  'one more part of an identity, copied by others': {
    edit: (set) => {
      set.resource('rooms').identityJsonPaths.push('$.floor');
      set.required('rooms').push('floor');
      set.mapping('rooms').Floor = { ...build.scalarPath('$.floor'), isPartOfIdentity: true };
      set.properties('sections').roomReference = object(
        { roomCode: string(20), schoolId: integer(), floor: integer() },
        ['roomCode', 'schoolId', 'floor'],
      );
      set.mapping('sections').Room = reference(
        'Core:Room',
        [...roomPairs, ['$.floor', '$.roomReference.floor']],
        false,
      );
    },
    prepare: sql('UPDATE core."Room" SET "Floor" = 1 WHERE "Floor" IS NULL'),
    verdict: 'checked',
    items: [
      'checked check added core.Section CK_Section_Room_AllNone',
      'checked column required core.Room Floor',
      'checked foreign key changed core.Section FK_Section_Room_RefKey',
      'rewritten column filled core.Section Room_Floor',
      'rewritten referential ids Core:Room',
    ],
  },
  'a part of an identity less': {
    given: (set) => {
      set.resource('rooms').identityJsonPaths.push('$.floor');
      set.required('rooms').push('floor');
      set.mapping('rooms').Floor = { ...build.scalarPath('$.floor'), isPartOfIdentity: true };
      withoutRoom(set);
    },
    edit: (set) => {
      set.resource('rooms').identityJsonPaths.pop();
    },
    verdict: 'checked',
    items: ['checked unique added core.Room UX_Room_NK', 'rewritten referential ids Core:Room'],
  },
  'unique elements': {
    edit: (set) => {
      set.resource('sections').arrayUniquenessConstraints = [{ paths: ['$.meetings[*].day'] }];
    },
    prepare: sql('UPDATE core."SectionMeeting" SET "Day" = "Ordinal"::text'),
    verdict: 'checked',
    items: ['checked unique added core.SectionMeeting UX_SectionMeeting_Day_Section_DocumentId'],
  },
  'other names for columns and a table': {
    edit: (set) =>
      rename(set, 'sections', { '$.title': 'Heading', '$.meetings[*]': 'Session', '$.roomReference': 'Place' }),
    verdict: 'free',
    items: [
      'free column renamed core.Section Heading',
      'free column renamed core.Section Place_DocumentId',
      'free column renamed core.Section Place_RoomCode',
      'free column renamed core.Section Place_SchoolId',
      'free column renamed core.SectionSessionSlot SessionOrdinal',
      'free table renamed core.SectionSession',
      'free table renamed core.SectionSessionSlot',
    ],
  },
  'names that change places': {
    edit: (set) => rename(set, 'bookings', { '$.one': 'Two', '$.two': 'One' }),
    verdict: 'free',
    items: ['free column renamed core.Booking One', 'free column renamed core.Booking Two'],
  },
  'a root that takes the name which another one gives up': {
    edit: (set) => {
      renameRoot(set, 'schools', 'Zzz');
      renameRoot(set, 'rooms', 'School');
    },
    verdict: 'free',
    items: [
      'free table renamed core.School',
      'free table renamed core.Zzz',
      'free view changed core.EducationOrganization_View',
    ],
  },
  'a root that takes the name which a later one gives up': {
    edit: (set) => {
      renameRoot(set, 'rooms', 'Section');
      renameRoot(set, 'sections', 'Aaa');
    },
    verdict: 'free',
    items: [
      'free column renamed core.AaaMeeting Aaa_DocumentId',
      'free column renamed core.AaaMeetingSlot Aaa_DocumentId',
      'free column renamed extra.AaaExtensionAward Aaa_DocumentId',
      'free table renamed core.Aaa',
      'free table renamed core.AaaMeeting',
      'free table renamed core.AaaMeetingSlot',
      'free table renamed core.Section',
      'free table renamed extra.AaaExtension',
      'free table renamed extra.AaaExtensionAward',
    ],
  },
  'roots that swap names': {
    edit: (set) => {
      renameRoot(set, 'rooms', 'Section');
      renameRoot(set, 'sections', 'Room');
    },
    verdict: 'free',
    items: [
      'free column renamed core.RoomMeeting Room_DocumentId',
      'free column renamed core.RoomMeetingSlot Room_DocumentId',
      'free column renamed extra.RoomExtensionAward Room_DocumentId',
      'free table renamed core.Room',
      'free table renamed core.RoomMeeting',
      'free table renamed core.RoomMeetingSlot',
      'free table renamed core.Section',
      'free table renamed extra.RoomExtension',
      'free table renamed extra.RoomExtensionAward',
    ],
  },
  'roots whose names go in a circle of three, a collection below one of them': {
    edit: (set) => {
      renameRoot(set, 'rooms', 'Section');
      renameRoot(set, 'sections', 'School');
      renameRoot(set, 'schools', 'Room');
    },
    verdict: 'free',
    items: [
      'free column renamed core.SchoolMeeting School_DocumentId',
      'free column renamed core.SchoolMeetingSlot School_DocumentId',
      'free column renamed extra.SchoolExtensionAward School_DocumentId',
      'free table renamed core.Room',
      'free table renamed core.School',
      'free table renamed core.SchoolMeeting',
      'free table renamed core.SchoolMeetingSlot',
      'free table renamed core.Section',
      'free table renamed extra.SchoolExtension',
      'free table renamed extra.SchoolExtensionAward',
      'free view changed core.EducationOrganization_View',
    ],
  },
  'collections that swap names': {
    given: withVisits,
    edit: (set) => rename(set, 'sections', { '$.meetings[*]': 'Visit', '$.visits[*]': 'Meeting' }),
    verdict: 'free',
    items: [
      'free column renamed core.SectionMeetingHour MeetingOrdinal',
      'free column renamed core.SectionVisitSlot VisitOrdinal',
      'free table renamed core.SectionMeeting',
      'free table renamed core.SectionMeetingHour',
      'free table renamed core.SectionVisit',
      'free table renamed core.SectionVisitSlot',
    ],
  },
  'another schema': {
    edit: (set) => moveSchemas(set, 'elsewhere'),
    verdict: 'free',
    items: [
      'free table renamed elsewhere.SectionExtension',
      'free table renamed elsewhere.SectionExtensionAward',
      'free table renamed elsewhere.Volunteer',
    ],
  },
  'the schema of another project, which goes on to a third': {
    given: withMore,
    edit: (set) => moveSchemas(set, 'more', 'third'),
    verdict: 'free',
    items: [
      'free table renamed more.SectionExtension',
      'free table renamed more.SectionExtensionAward',
      'free table renamed more.Volunteer',
      'free table renamed third.SectionExtension',
      'free table renamed third.SectionExtensionAward',
      'free table renamed third.Volunteer',
    ],
  },
  'the same with the later one first': {
    given: withMore,
    edit: (set) => moveSchemas(set, 'third', 'extra'),
    verdict: 'free',
    items: [
      'free table renamed extra.SectionExtension',
      'free table renamed extra.SectionExtensionAward',
      'free table renamed extra.Volunteer',
      'free table renamed third.SectionExtension',
      'free table renamed third.SectionExtensionAward',
      'free table renamed third.Volunteer',
    ],
  },
  'schemas that change places': {
    given: withMore,
    edit: (set) => moveSchemas(set, 'more', 'extra'),
    verdict: 'free',
    items: [
      'free table renamed extra.SectionExtension',
      'free table renamed extra.SectionExtensionAward',
      'free table renamed extra.Volunteer',
      'free table renamed more.SectionExtension',
      'free table renamed more.SectionExtensionAward',
      'free table renamed more.Volunteer',
    ],
  },
  'the schema of another project, whose table gets another name in the same go': {
    given: withMore,
    edit: (set) => {
      moveSchemas(set, 'more', 'extra');
      set.extra.resourceSchemas.volunteers.relational = { rootTableNameOverride: 'Helper' };
    },
    verdict: 'free',
    items: [
      'free table renamed extra.SectionExtension',
      'free table renamed extra.SectionExtensionAward',
      'free table renamed extra.Volunteer',
      'free table renamed more.Helper',
      'free table renamed more.SectionExtension',
      'free table renamed more.SectionExtensionAward',
    ],
  },
  'other names for what is unified': {
    given: unified,
    edit: (set) => rename(set, 'sections', { '$.schoolReference': 'Campus' }),
    verdict: 'free',
    items: ['free column renamed core.Section Campus_DocumentId', 'free column renamed core.Section Campus_SchoolId'],
  },
  'a column removed': {
    edit: (set) => {
      delete set.properties('sections').title;
    },
    allowLoss: ['core.Section.Title'],
    verdict: 'loss',
    items: ['loss column removed core.Section Title'],
  },
  'a collection removed': {
    edit: (set) => {
      delete set.properties('sections').meetings;
    },
    allowLoss: ['core.SectionMeeting', 'core.SectionMeetingSlot'],
    verdict: 'loss',
    items: ['loss table removed core.SectionMeeting', 'loss table removed core.SectionMeetingSlot'],
  },
  'a resource removed': {
    edit: (set) => {
      delete set.extra.resourceSchemas.volunteers;
    },
    allowLoss: ['Extra'],
    verdict: 'loss',
    items: ['loss resource removed Extra:Volunteer', 'loss table removed extra.Volunteer'],
  },
  'a resource removed that others come after': {
    edit: (set) => {
      delete set.core.resourceSchemas.bookings;
    },
    allowLoss: ['Core.Booking'],
    verdict: 'loss',
    items: ['loss resource removed Core:Booking', 'loss table removed core.Booking'],
  },
  'a reference that becomes part of the identity': {
    given: (set) => {
      set.resource('bookings').identityJsonPaths = ['$.bookingCode'];
      set.mapping('bookings').Section.isPartOfIdentity = false;
    },
    edit: (set) => {
      set.resource('bookings').identityJsonPaths = [
        '$.bookingCode',
        '$.sectionReference.sectionCode',
        '$.sectionReference.schoolId',
      ];
      set.mapping('bookings').Section.isPartOfIdentity = true;
    },
    verdict: 'rewritten',
    items: ['rewritten referential ids Core:Booking'],
  },
};
