import type { ChangeClass } from '@dms/catalog';
import { build } from '@dms/testing';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { type EditableSet, schoolReference, schools, simple, subclass } from './schools.ts';

/* Copies of the schools with renamed objects, each with the renames that describe the difference (design 12 §11). */

const { array, integer, object, string } = build;

export interface RenameEvolution {
  /** Prepares the set before the change. */
  readonly given?: (set: EditableSet) => void;
  /** Replacements in the text of the schemas. */
  readonly text: Readonly<Record<string, string>>;
  /** Further changes to the later set. */
  readonly edit?: (set: EditableSet) => void;
  /** As options give them. */
  readonly renames: readonly string[];
  /** The new names of members, by their earlier names. */
  readonly members?: Readonly<Record<string, string>>;
  /** The new names of resources, by their earlier names: `Project:Resource`. */
  readonly resources?: Readonly<Record<string, string>>;
  /** The later value of a member whose values are converted. */
  readonly value?: (member: string, value: JsonValue) => JsonValue;
  readonly verdict: ChangeClass;
  /** The items of the plan, as `class change path`, without keys and code. */
  readonly items: readonly string[];
}

const withVenues = (set: EditableSet) => {
  set.core.abstractResources.Venue = { identityJsonPaths: ['$.venueId'] };
  set.add(subclass('Hall', 'Venue'));
  set.add(subclass('Field', 'Venue'));
};

/** The extension adds to the items of a collection of the core. */
const withRatings = (set: EditableSet) => {
  const own = set.extra.resourceSchemas.sections.jsonSchemaForInsert.properties._ext.properties.extra.properties;
  const rating = object({ stars: integer(), judges: array(object({ judge: string(20) }, ['judge'])) });
  own.meetings = array(object({ _ext: build.ext('extra', rating) }));
};

const withAddress = (set: EditableSet) => {
  set.properties('schools').address = object({
    city: string(20),
    lines: array(object({ line: string(30) }, ['line'])),
  });
};

/** An abstract resource whose members have its identity, which repeats that of a school. */
const withAgreements = (set: EditableSet) => {
  const identityJsonPaths = ['$.code', '$.schoolReference.schoolId'];
  set.core.abstractResources.Agreement = { identityJsonPaths };
  for (const name of ['Lease', 'Permit'])
    set.add(
      build.resource(name, {
        isSubclass: true,
        superclassProjectName: 'Core',
        superclassResourceName: 'Agreement',
        identityJsonPaths,
        documentPathsMapping: { School: schoolReference() },
        jsonSchemaForInsert: object(
          { code: string(20), schoolReference: object({ schoolId: integer() }, ['schoolId']) },
          ['code', 'schoolReference'],
        ),
      }),
    );
};

export const renameEvolutions: Readonly<Record<string, RenameEvolution>> = {
  'an optional scalar': {
    text: { nickname: 'alias' },
    renames: ['Core:School.$.nickname=Core:School.$.alias'],
    members: { nickname: 'alias' },
    verdict: 'free',
    items: ['free column renamed core.School Alias'],
  },
  'a required scalar that becomes longer': {
    text: { label: 'title' },
    edit: (set) => {
      set.properties('schools').title = string(99);
    },
    renames: ['Core:School.$.label=Core:School.$.title', 'Core:District.$.label=Core:District.$.title'],
    members: { label: 'title' },
    verdict: 'free',
    items: [
      'free column renamed core.District Title',
      'free column renamed core.School Title',
      'free type wider core.School Title',
    ],
  },
  'an optional number that becomes a text': {
    text: { seats: 'places' },
    edit: (set) => {
      set.properties('schools').places = string(20);
    },
    renames: ['Core:School.$.seats=Core:School.$.places'],
    members: { seats: 'places' },
    value: (member, value) => (member === 'places' ? jsonText(value) : value),
    verdict: 'rewritten',
    items: ['rewritten type converted core.School Places'],
  },
  'a descriptor of a document': {
    text: { '$.gradeDescriptor': '$.levelDescriptor', '"gradeDescriptor"': '"levelDescriptor"' },
    renames: ['Core:Section.$.gradeDescriptor=Core:Section.$.levelDescriptor'],
    members: { gradeDescriptor: 'levelDescriptor' },
    verdict: 'free',
    items: ['free column renamed core.Section LevelDescriptor_DescriptorId'],
  },
  'a reference': {
    text: { roomReference: 'placeReference', '"Room":{"isReference"': '"Place":{"isReference"' },
    renames: ['Core:Section.$.roomReference=Core:Section.$.placeReference'],
    members: { roomReference: 'placeReference' },
    verdict: 'free',
    items: [
      'free column renamed core.Section Place_DocumentId',
      'free column renamed core.Section Place_RoomCode',
      'free column renamed core.Section Place_SchoolId',
    ],
  },
  'a part of an identity that others copy': {
    given: (set) => {
      set.resource('rooms').allowIdentityUpdates = true;
    },
    text: { roomCode: 'doorNumber' },
    renames: ['Core:Room.$.roomCode=Core:Room.$.doorNumber'],
    members: { roomCode: 'doorNumber' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.Room DoorNumber',
      'free column renamed core.Section Room_DoorNumber',
      'rewritten referential ids Core:Room',
    ],
  },
  'a part of an identity that passes through references': {
    text: { schoolId: 'siteId' },
    renames: ['Core:School.$.schoolId=Core:School.$.siteId'],
    members: { schoolId: 'siteId' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.Booking Section_SiteId',
      'free column renamed core.Room School_SiteId',
      'free column renamed core.School SiteId',
      'free column renamed core.Section Room_SiteId',
      'free column renamed core.Section School_SiteId',
      'free view changed core.EducationOrganization_View',
      'rewritten referential ids Core:Booking',
      'rewritten referential ids Core:Room',
      'rewritten referential ids Core:School',
      'rewritten referential ids Core:Section',
    ],
  },
  'the identity of an abstract resource': {
    text: { educationOrganizationId: 'organizationId' },
    renames: ['Core:EducationOrganization.$.educationOrganizationId=Core:EducationOrganization.$.organizationId'],
    members: { educationOrganizationId: 'organizationId' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.EducationOrganizationIdentity OrganizationId',
      'free column renamed core.Section Owner_OrganizationId',
      'free view changed core.EducationOrganization_View',
      'rewritten referential ids Core:District',
      'rewritten referential ids Core:School',
    ],
  },
  'a part of an identity that an abstract resource shares': {
    given: withAgreements,
    text: { schoolId: 'siteId', '"code"': '"number"', '"$.code"': '"$.number"' },
    renames: [
      'Core:School.$.schoolId=Core:School.$.siteId',
      'Core:Lease.$.code=Core:Lease.$.number',
      'Core:Permit.$.code=Core:Permit.$.number',
      'Extra:Volunteer.$.code=Extra:Volunteer.$.number',
    ],
    members: { schoolId: 'siteId', code: 'number' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.AgreementIdentity Number',
      'free column renamed core.AgreementIdentity SchoolReferenceSiteId',
      'free column renamed core.Booking Section_SiteId',
      'free column renamed core.Lease Number',
      'free column renamed core.Lease School_SiteId',
      'free column renamed core.Permit Number',
      'free column renamed core.Permit School_SiteId',
      'free column renamed core.Room School_SiteId',
      'free column renamed core.School SiteId',
      'free column renamed core.Section Room_SiteId',
      'free column renamed core.Section School_SiteId',
      'free column renamed extra.Volunteer Number',
      'free view changed core.Agreement_View',
      'free view changed core.EducationOrganization_View',
      'rewritten referential ids Core:Booking',
      'rewritten referential ids Core:Lease',
      'rewritten referential ids Core:Permit',
      'rewritten referential ids Core:Room',
      'rewritten referential ids Core:School',
      'rewritten referential ids Core:Section',
      'rewritten referential ids Extra:Volunteer',
    ],
  },
  'a collection with a nested collection': {
    text: { meetings: 'sessions' },
    renames: ['Core:Section.$.meetings[*]=Core:Section.$.sessions[*]'],
    members: { meetings: 'sessions' },
    verdict: 'free',
    items: [
      'free column renamed core.SectionSessionSlot SessionOrdinal',
      'free table renamed core.SectionSession',
      'free table renamed core.SectionSessionSlot',
    ],
  },
  'a collection together with its contents': {
    text: { meetings: 'sessions', '"slots"': '"lessons"', '"hour"': '"time"' },
    renames: [
      'Core:Section.$.meetings[*]=Core:Section.$.sessions[*]',
      'Core:Section.$.meetings[*].slots[*]=Core:Section.$.sessions[*].lessons[*]',
      'Core:Section.$.meetings[*].slots[*].hour=Core:Section.$.sessions[*].lessons[*].time',
    ],
    members: { meetings: 'sessions', slots: 'lessons', hour: 'time' },
    verdict: 'free',
    items: [
      'free column renamed core.SectionSessionLesson SessionOrdinal',
      'free column renamed core.SectionSessionLesson Time',
      'free table renamed core.SectionSession',
      'free table renamed core.SectionSessionLesson',
    ],
  },
  'a collection whose items an extension extends': {
    given: withRatings,
    text: { meetings: 'sessions', '"stars"': '"points"' },
    renames: [
      'Core:Section.$.meetings[*]=Core:Section.$.sessions[*]',
      'Core:Section.$._ext.extra.meetings[*]._ext.extra.stars=Core:Section.$._ext.extra.sessions[*]._ext.extra.points',
    ],
    members: { meetings: 'sessions', stars: 'points' },
    verdict: 'free',
    items: [
      'free column renamed core.SectionSessionSlot SessionOrdinal',
      'free column renamed extra.SectionExtensionSession Points',
      'free column renamed extra.SectionExtensionSessionJudge SessionOrdinal',
      'free table renamed core.SectionSession',
      'free table renamed core.SectionSessionSlot',
      'free table renamed extra.SectionExtensionSession',
      'free table renamed extra.SectionExtensionSessionJudge',
    ],
  },
  'an object with a collection in it': {
    given: withAddress,
    text: { '"address"': '"location"' },
    renames: ['Core:School.$.address=Core:School.$.location'],
    members: { address: 'location' },
    verdict: 'free',
    items: ['free column renamed core.School LocationCity'],
  },
  'properties that change places': {
    given: (set) => {
      set.properties('bookings').two = string(20);
    },
    text: { '"one"': '"three"', '"two"': '"one"', '"three"': '"two"' },
    renames: ['Core:Booking.$.one=Core:Booking.$.two', 'Core:Booking.$.two=Core:Booking.$.one'],
    members: { one: 'two', two: 'one' },
    verdict: 'free',
    items: ['free column renamed core.Booking One', 'free column renamed core.Booking Two'],
  },
  'a resource that nobody refers to': {
    text: { '"Booking"': '"Reservation"' },
    renames: ['Core:Booking=Core:Reservation'],
    resources: { 'Core:Booking': 'Core:Reservation' },
    verdict: 'rewritten',
    items: [
      'free table renamed core.Reservation',
      'rewritten referential ids Core:Reservation',
      'rewritten resource renamed Core:Reservation',
    ],
  },
  'a resource that keeps its number': {
    text: { '"Room"': '"Roof"' },
    renames: ['Core:Room=Core:Roof'],
    resources: { 'Core:Room': 'Core:Roof' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.Section Roof_DocumentId',
      'free column renamed core.Section Roof_RoomCode',
      'free column renamed core.Section Roof_SchoolId',
      'free table renamed core.Roof',
      'rewritten referential ids Core:Roof',
      'rewritten resource renamed Core:Roof',
    ],
  },
  'a member of an abstract resource, with a property': {
    text: { '"School"': '"Campus"', nickname: 'alias' },
    renames: ['Core:School=Core:Campus', 'Core:School.$.nickname=Core:Campus.$.alias'],
    members: { nickname: 'alias' },
    resources: { 'Core:School': 'Core:Campus' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.Campus Alias',
      'free column renamed core.Room Campus_DocumentId',
      'free column renamed core.Room Campus_SchoolId',
      'free column renamed core.Section Campus_DocumentId',
      'free column renamed core.Section Campus_SchoolId',
      'free table renamed core.Campus',
      'free view changed core.EducationOrganization_View',
      'rewritten discriminator core.EducationOrganizationIdentity Core:Campus',
      'rewritten referential ids Core:Campus',
      'rewritten resource renamed Core:Campus',
    ],
  },
  'resources that change places': {
    given: (set) => {
      set.add(simple('Alpha'));
      set.add(simple('Omega'));
    },
    text: { '"Alpha"': '"Other"', '"Omega"': '"Alpha"', '"Other"': '"Omega"' },
    renames: ['Core:Alpha=Core:Omega', 'Core:Omega=Core:Alpha'],
    resources: { 'Core:Alpha': 'Core:Omega', 'Core:Omega': 'Core:Alpha' },
    verdict: 'rewritten',
    items: [
      'free table renamed core.Alpha',
      'free table renamed core.Omega',
      'rewritten referential ids Core:Alpha',
      'rewritten referential ids Core:Omega',
      'rewritten resource renamed Core:Alpha',
      'rewritten resource renamed Core:Omega',
    ],
  },
  'an abstract resource': {
    given: withVenues,
    text: { '"Venue"': '"Place"' },
    renames: ['Core:Venue=Core:Place'],
    resources: { 'Core:Venue': 'Core:Place' },
    verdict: 'rewritten',
    items: [
      'free table renamed core.PlaceIdentity',
      'free view added core.Place_View',
      'free view removed core.Venue_View',
      'rewritten abstract resource renamed Core:Place',
      'rewritten referential ids Core:Field',
      'rewritten referential ids Core:Hall',
    ],
  },
  'a descriptor resource': {
    text: { '"GradeDescriptor"': '"LevelDescriptor"' },
    renames: ['Core:GradeDescriptor=Core:LevelDescriptor'],
    resources: { 'Core:GradeDescriptor': 'Core:LevelDescriptor' },
    verdict: 'checked',
    items: [
      'checked descriptor renamed Core:LevelDescriptor',
      'rewritten discriminator dms.Descriptor Core:LevelDescriptor',
      'rewritten referential ids Core:LevelDescriptor',
    ],
  },
  'descriptor resources that change places': {
    text: { '"GradeDescriptor"': '"Other"', '"KindDescriptor"': '"GradeDescriptor"', '"Other"': '"KindDescriptor"' },
    renames: ['Core:GradeDescriptor=Core:KindDescriptor', 'Core:KindDescriptor=Core:GradeDescriptor'],
    resources: { 'Core:GradeDescriptor': 'Core:KindDescriptor', 'Core:KindDescriptor': 'Core:GradeDescriptor' },
    verdict: 'checked',
    items: [
      'checked descriptor renamed Core:GradeDescriptor',
      'checked descriptor renamed Core:KindDescriptor',
      'rewritten discriminator dms.Descriptor Core:GradeDescriptor',
      'rewritten discriminator dms.Descriptor Core:KindDescriptor',
      'rewritten referential ids Core:GradeDescriptor',
      'rewritten referential ids Core:KindDescriptor',
    ],
  },
  'an extension': {
    text: { '"Extra"': '"Sports"', '"extra"': '"sports"' },
    renames: ['Extra=Sports'],
    members: { extra: 'sports' },
    resources: { 'Extra:Volunteer': 'Sports:Volunteer' },
    verdict: 'rewritten',
    items: [
      'free table renamed sports.SectionExtension',
      'free table renamed sports.SectionExtensionAward',
      'free table renamed sports.Volunteer',
      'rewritten project renamed Sports',
      'rewritten referential ids Sports:Volunteer',
      'rewritten resource renamed Sports:Volunteer',
    ],
  },
  'an extension together with its contents': {
    text: {
      '"Extra"': '"Sports"',
      '"extra"': '"sports"',
      '"awards"': '"medals"',
      '"motto"': '"slogan"',
      '"Volunteer"': '"Helper"',
    },
    renames: [
      'Extra=Sports',
      'Extra:Volunteer=Sports:Helper',
      'Core:Section.$._ext.extra.motto=Core:Section.$._ext.sports.slogan',
      'Core:Section.$._ext.extra.awards[*]=Core:Section.$._ext.sports.medals[*]',
    ],
    members: { extra: 'sports', awards: 'medals', motto: 'slogan' },
    resources: { 'Extra:Volunteer': 'Sports:Helper' },
    verdict: 'rewritten',
    items: [
      'free column renamed sports.SectionExtension Slogan',
      'free table renamed sports.Helper',
      'free table renamed sports.SectionExtension',
      'free table renamed sports.SectionExtensionMedal',
      'rewritten project renamed Sports',
      'rewritten referential ids Sports:Helper',
      'rewritten resource renamed Sports:Helper',
    ],
  },
  'an extension with another endpoint': {
    given: withRatings,
    text: { '"extra"': '"sports"' },
    renames: [],
    members: { extra: 'sports' },
    verdict: 'free',
    items: [
      'free table renamed sports.SectionExtension',
      'free table renamed sports.SectionExtensionAward',
      'free table renamed sports.SectionExtensionMeeting',
      'free table renamed sports.SectionExtensionMeetingJudge',
      'free table renamed sports.Volunteer',
    ],
  },
  'a core with another endpoint': {
    text: { '"core"': '"main"' },
    renames: [],
    verdict: 'free',
    items: [
      'free table renamed main.Booking',
      'free table renamed main.District',
      'free table renamed main.EducationOrganizationIdentity',
      'free table renamed main.Room',
      'free table renamed main.School',
      'free table renamed main.Section',
      'free table renamed main.SectionMeeting',
      'free table renamed main.SectionMeetingSlot',
      'free view added main.EducationOrganization_View',
      'free view removed core.EducationOrganization_View',
    ],
  },
  'extensions that exchange their endpoints': {
    given: (set) => {
      withRatings(set);
      const other = structuredClone(set.documents[1]);
      const { projectSchema } = other;
      const text = JSON.stringify(projectSchema)
        .replaceAll('"Extra"', '"Further"')
        .replaceAll('"extra"', '"further"')
        .replaceAll('"motto"', '"creed"');
      set.documents.push({ ...other, projectSchema: JSON.parse(text) });
    },
    text: { '"extra"': '"other"', '"further"': '"extra"', '"other"': '"further"' },
    renames: [],
    members: { extra: 'further', further: 'extra' },
    verdict: 'free',
    items: ['extra', 'further'].flatMap((schema) => [
      `free table renamed ${schema}.SectionExtension`,
      `free table renamed ${schema}.SectionExtensionAward`,
      `free table renamed ${schema}.SectionExtensionMeeting`,
      `free table renamed ${schema}.SectionExtensionMeetingJudge`,
      `free table renamed ${schema}.Volunteer`,
    ]),
  },
  'what two references share': {
    given: (set) => {
      set.resource('sections').equalityConstraints = [
        { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.roomReference.schoolId' },
      ];
    },
    text: { schoolReference: 'siteReference', '"School":{"isReference"': '"Site":{"isReference"' },
    renames: [
      'Core:Room.$.schoolReference=Core:Room.$.siteReference',
      'Core:Section.$.schoolReference=Core:Section.$.siteReference',
    ],
    members: { schoolReference: 'siteReference' },
    verdict: 'rewritten',
    items: [
      'free column renamed core.Room Site_DocumentId',
      'free column renamed core.Room Site_SchoolId',
      'free column renamed core.Section Site_DocumentId',
      'free column renamed core.Section Site_SchoolId',
      'rewritten referential ids Core:Room',
      'rewritten referential ids Core:Section',
    ],
  },
};

/** The schema documents before and after. */
export function documentsOf({ given, text, edit }: RenameEvolution): readonly [before: unknown[], after: unknown[]] {
  const before = schools();
  given?.(before);
  const changed = Object.entries(text).reduce(
    (all, [from, to]) => all.replaceAll(from, to),
    JSON.stringify(before.documents),
  );
  const documents = JSON.parse(changed) as EditableSet['documents'];
  const [core, extra] = documents.map(({ projectSchema }) => projectSchema);
  const properties = (endpoint: string) => core.resourceSchemas[endpoint].jsonSchemaForInsert.properties;
  edit?.({ ...schools(), documents, core, extra, properties });
  return [before.documents, documents];
}

/** The name that a resource has afterwards. */
export const laterLabel = ({ resources = {} }: RenameEvolution, label: string): string => resources[label] ?? label;

/** A document whose members have their later names. */
export function laterDocument(evolution: RenameEvolution, document: JsonObject): JsonObject {
  const { members = {}, value: converted = (_member: string, value: JsonValue) => value } = evolution;
  const later = (value: JsonValue): JsonValue => {
    if (isJsonArray(value)) return value.map(later);
    if (!isJsonObject(value)) return value;
    return new Map(
      [...value].map(([name, member]) => [members[name] ?? name, converted(members[name] ?? name, later(member))]),
    );
  };
  return later(document) as JsonObject;
}
