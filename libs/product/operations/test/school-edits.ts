import { build } from '@dms/testing';
import { type EditableSchools, schoolSchemas } from './school-schemas.ts';

/* Edits of the schemas of a school, each with its impact on a database (design 09a §2.4). */

const { array, descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

export interface Edit {
  readonly edit: (set: EditableSchools) => void;
  /** Changes the set before the edit; default: no change. */
  readonly given?: (set: EditableSchools) => void;
  /** The class of the worst change of each owner (design 12 §3.2). */
  readonly verdicts: Readonly<Record<string, string>>;
  /** All changes on PostgreSQL, except changes of resource keys and triggers. */
  readonly changes: readonly string[];
}

const add = (set: EditableSchools, { endpoint, schema }: build.BuiltResource) => {
  set.resources[endpoint] = structuredClone(schema);
};

export const simple = (name: string) =>
  resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string(20) }, ['code']) });

const venue = (name: string) => {
  const id = `${name.toLowerCase()}Id`;
  return resource(name, {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Venue',
    superclassIdentityJsonPath: '$.venueId',
    identityJsonPaths: [`$.${id}`],
    jsonSchemaForInsert: object({ [id]: integer() }, [id]),
  });
};

export const edits: Readonly<Record<string, Edit>> = {
  'nothing at all': { edit: () => {}, verdicts: {}, changes: [] },
  'another description': {
    edit: ({ project: schema }) => {
      schema.description = 'Other';
    },
    verdicts: {},
    changes: [],
  },
  'a new optional column': {
    edit: (set) => {
      set.properties('schools').motto = string(20);
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free column added edfi.School.Motto'],
  },
  'a new required column': {
    edit: (set) => {
      set.properties('schools').motto = string(20);
      set.required('schools').push('motto');
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked required column added edfi.School.Motto'],
  },
  'a longer string': {
    edit: (set) => {
      set.properties('schools').nickname = string(31);
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free type wider edfi.School.Nickname'],
  },
  'a shorter string': {
    edit: (set) => {
      set.properties('schools').nickname = string(29);
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked type narrower edfi.School.Nickname'],
  },
  'a new resource that sorts first': {
    edit: (set) => add(set, simple('Absence')),
    verdicts: { '(core)': 'rewritten', 'Ed-Fi:Absence': 'free' },
    changes: ['free resource added Ed-Fi:Absence', 'free table added edfi.Absence'],
  },
  'a new resource that sorts last': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.tutors = simple('Tutor').schema;
    },
    verdicts: { 'TPDM:Tutor': 'free' },
    changes: ['free resource added TPDM:Tutor', 'free table added tpdm.Tutor'],
  },
  'a new resource that refers to one that nothing referred to': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.tutors = resource('Tutor', {
        identityJsonPaths: ['$.code'],
        documentPathsMapping: {
          Section: reference('Ed-Fi:Section', [['$.sectionCode', '$.sectionReference.sectionCode']], false),
        },
        jsonSchemaForInsert: object(
          { code: string(20), sectionReference: object({ sectionCode: string(20) }, ['sectionCode']) },
          ['code'],
        ),
      }).schema;
    },
    verdicts: { 'Ed-Fi:Section': 'free', 'TPDM:Tutor': 'free' },
    changes: [
      'free unique added edfi.Section.UX_Section_RefKey',
      'free resource added TPDM:Tutor',
      'free table added tpdm.Tutor',
    ],
  },
  'a new descriptor that sorts last': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.zoneDescriptors = descriptor('ZoneDescriptor').schema;
    },
    verdicts: { 'TPDM:ZoneDescriptor': 'free' },
    changes: ['free descriptor added TPDM:ZoneDescriptor'],
  },
  'a new subclass': {
    given: (set) => {
      set.project.abstractResources.Venue = { identityJsonPaths: ['$.venueId'] };
      add(set, venue('Hall'));
    },
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.yards = venue('Yard').schema;
    },
    verdicts: { 'Ed-Fi:Venue': 'free', 'TPDM:Yard': 'free' },
    changes: ['free view changed edfi.Venue_View', 'free resource added TPDM:Yard', 'free table added tpdm.Yard'],
  },
  'a subclass removed': {
    given: (set) => {
      set.project.abstractResources.Venue = { identityJsonPaths: ['$.venueId'] };
      add(set, venue('Hall'));
      set.documents[1].projectSchema.resourceSchemas.yards = structuredClone(venue('Yard').schema);
    },
    edit: ({ documents }) => {
      delete documents[1].projectSchema.resourceSchemas.yards;
    },
    verdicts: { 'Ed-Fi:Venue': 'free', 'TPDM:Yard': 'loss' },
    changes: ['free view changed edfi.Venue_View', 'loss resource removed TPDM:Yard', 'loss table removed tpdm.Yard'],
  },
  'a column removed': {
    edit: (set) => {
      delete set.properties('schools').nickname;
    },
    verdicts: { 'Ed-Fi:School': 'loss' },
    changes: ['loss column removed edfi.School.Nickname'],
  },
  'a column renamed': {
    edit: (set) => {
      set.properties('schools').nickName = set.properties('schools').nickname;
      delete set.properties('schools').nickname;
    },
    verdicts: { 'Ed-Fi:School': 'loss' },
    changes: ['free column added edfi.School.NickName', 'loss column removed edfi.School.Nickname'],
  },
  'a longer integer': {
    edit: (set) => {
      set.properties('schools').seats = integer('int64');
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free type wider edfi.School.Seats'],
  },
  'a shorter integer': {
    edit: (set) => {
      set.properties('schools').area = integer();
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked type narrower edfi.School.Area'],
  },
  'a decimal with more digits': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].totalDigits = 12;
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free type wider edfi.School.Fee'],
  },
  'a decimal with fewer digits': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].totalDigits = 8;
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked type narrower edfi.School.Fee'],
  },
  'a decimal whose point moves': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].decimalPlaces = 3;
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked type narrower edfi.School.Fee'],
  },
  'a string that becomes a number': {
    edit: (set) => {
      set.properties('schools').nickname = integer();
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked type changed edfi.School.Nickname'],
  },
  'a required column that becomes optional': {
    edit: ({ resources }) => {
      resources.schools.jsonSchemaForInsert.required = ['schoolId'];
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free column optional edfi.School.NameOfInstitution'],
  },
  'an optional column that becomes required': {
    edit: (set) => {
      set.required('schools').push('nickname');
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked column required edfi.School.Nickname'],
  },
  'a new collection': {
    edit: (set) => {
      set.properties('schools').telephones = array(object({ number: string(20) }, ['number']));
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free table added edfi.SchoolTelephone'],
  },
  'a collection removed': {
    edit: (set) => {
      delete set.properties('schools').addresses;
    },
    verdicts: { 'Ed-Fi:School': 'loss' },
    changes: ['loss table removed edfi.SchoolAddress'],
  },
  'a new optional descriptor': {
    edit: (set) => {
      set.properties('schools').gradeDescriptor = uri();
      set.mapping('schools').Grade = descriptorPath('Ed-Fi:GradeDescriptor', '$.gradeDescriptor');
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free column added edfi.School.GradeDescriptor_DescriptorId'],
  },
  'a new optional reference': {
    edit: (set) => {
      set.properties('classPeriods').sectionReference = object({ sectionCode: string(20) }, ['sectionCode']);
      set.mapping('classPeriods').Section = reference(
        'Ed-Fi:Section',
        [['$.sectionCode', '$.sectionReference.sectionCode']],
        false,
      );
    },
    verdicts: { 'Ed-Fi:ClassPeriod': 'free', 'Ed-Fi:Section': 'free' },
    changes: [
      'free column added edfi.ClassPeriod.Section_DocumentId',
      'free column added edfi.ClassPeriod.Section_SectionCode',
      'free unique added edfi.Section.UX_Section_RefKey',
    ],
  },
  'a reference removed': {
    edit: (set) => {
      delete set.properties('sections').classPeriodReference;
      delete set.mapping('sections').ClassPeriod;
    },
    verdicts: { 'Ed-Fi:ClassPeriod': 'free', 'Ed-Fi:Section': 'loss' },
    changes: [
      'free unique removed edfi.ClassPeriod.UX_ClassPeriod_RefKey',
      'loss column removed edfi.Section.ClassPeriod_ClassPeriodName',
      'loss column removed edfi.Section.ClassPeriod_DocumentId',
      'loss column removed edfi.Section.ClassPeriod_SchoolId',
    ],
  },
  'one more part of an identity': {
    edit: (set) => {
      set.resources.sections.identityJsonPaths.push('$.term');
      set.properties('sections').term = string(10);
      set.required('sections').push('term');
      set.mapping('sections').Term = { ...build.scalarPath('$.term'), isPartOfIdentity: true };
    },
    verdicts: { 'Ed-Fi:Section': 'checked' },
    changes: [
      'rewritten referential ids Ed-Fi:Section',
      'checked required column added edfi.Section.Term',
      'free unique added edfi.Section.UX_Section_NK',
      'free unique removed edfi.Section.UX_Section_NK',
    ],
  },
  'a longer string in an identity that others copy': {
    edit: (set) => {
      set.properties('classPeriods').classPeriodName = string(80);
      set.properties('sections').classPeriodReference.properties.classPeriodName = string(80);
    },
    verdicts: { 'Ed-Fi:ClassPeriod': 'free', 'Ed-Fi:Section': 'free' },
    changes: [
      'free type wider edfi.ClassPeriod.ClassPeriodName',
      'free type wider edfi.Section.ClassPeriod_ClassPeriodName',
    ],
  },
  'an equality of two columns': {
    edit: ({ resources }) => {
      resources.sections.equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    verdicts: { 'Ed-Fi:Section': 'rewritten' },
    changes: [
      'rewritten column unified edfi.Section.One',
      'rewritten column filled edfi.Section.One_Present',
      'rewritten column filled edfi.Section.One_Unified',
      'rewritten column unified edfi.Section.Two',
      'rewritten column filled edfi.Section.Two_Present',
    ],
  },
  'an equality of two columns removed': {
    given: ({ resources }) => {
      resources.sections.equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    edit: ({ resources }) => {
      resources.sections.equalityConstraints = [];
    },
    verdicts: { 'Ed-Fi:Section': 'rewritten' },
    changes: ['rewritten column filled edfi.Section.One', 'rewritten column filled edfi.Section.Two'],
  },
  'items of a collection that must be unique': {
    edit: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [{ paths: ['$.addresses[*].city'] }];
    },
    verdicts: { 'Ed-Fi:School': 'checked' },
    changes: ['checked unique added edfi.SchoolAddress.UX_SchoolAddress_City_School_DocumentId'],
  },
  'items of a collection that no longer need to be unique': {
    given: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [{ paths: ['$.addresses[*].city'] }];
    },
    edit: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [];
    },
    verdicts: { 'Ed-Fi:School': 'free' },
    changes: ['free unique removed edfi.SchoolAddress.UX_SchoolAddress_City_School_DocumentId'],
  },
  'an identity that may change from now on': {
    edit: ({ resources }) => {
      resources.classPeriods.allowIdentityUpdates = true;
    },
    verdicts: { 'Ed-Fi:Section': 'free' },
    changes: ['free foreign key action changed edfi.Section.FK_Section_ClassPeriod_RefKey'],
  },
  'a new column of an extension': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.schools.jsonSchemaForInsert.properties._ext.properties.tpdm.properties.song =
        string(9);
    },
    verdicts: { 'TPDM:School': 'free' },
    changes: ['free column added tpdm.SchoolExtension.Song'],
  },
  'a new extension project': {
    given: ({ documents }) => {
      documents.splice(1);
    },
    edit: ({ documents }) => {
      documents.push(...schoolSchemas().documents.slice(1));
    },
    verdicts: { 'TPDM:Candidate': 'free', 'TPDM:School': 'free' },
    changes: [
      'free resource added TPDM:Candidate',
      'free table added tpdm.Candidate',
      'free table added tpdm.SchoolExtension',
    ],
  },
  'an extension project removed': {
    edit: ({ documents }) => {
      documents.splice(1);
    },
    verdicts: { 'TPDM:Candidate': 'loss', 'TPDM:School': 'loss' },
    changes: [
      'loss resource removed TPDM:Candidate',
      'loss table removed tpdm.Candidate',
      'loss table removed tpdm.SchoolExtension',
    ],
  },
  'a resource removed': {
    edit: ({ documents }) => {
      delete documents[1].projectSchema.resourceSchemas.candidates;
    },
    verdicts: { 'TPDM:Candidate': 'loss' },
    changes: ['loss resource removed TPDM:Candidate', 'loss table removed tpdm.Candidate'],
  },
  'a resource renamed': {
    edit: ({ documents }) => {
      const { resourceSchemas } = documents[1].projectSchema;
      resourceSchemas.candidates.resourceName = 'Applicant';
    },
    verdicts: { 'TPDM:Applicant': 'free', 'TPDM:Candidate': 'loss' },
    changes: [
      'free resource added TPDM:Applicant',
      'free table added tpdm.Applicant',
      'loss resource removed TPDM:Candidate',
      'loss table removed tpdm.Candidate',
    ],
  },
  'another version of a project': {
    edit: ({ project: schema }) => {
      schema.projectVersion = '5.3.0';
    },
    verdicts: { '(core)': 'free' },
    changes: [],
  },
};

/** Several edits at once, as in a pull request. */
export function release(set: EditableSchools): void {
  edits['a new required column']?.edit(set);
  edits['a shorter string']?.edit(set);
  edits['a reference removed']?.edit(set);
  edits['a new resource that sorts first']?.edit(set);
  edits['a new column of an extension']?.edit(set);
}

/** The documents before and after an edit. */
export function setsOf({ given = () => {}, edit }: Edit) {
  const before = schoolSchemas();
  const after = schoolSchemas();
  given(before);
  given(after);
  edit(after);
  return { before: before.documents, after: after.documents };
}
