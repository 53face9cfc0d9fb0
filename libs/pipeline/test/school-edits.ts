import { build } from '@dms/testing';
import { type EditableSet, schoolSchemas } from './school-schemas.ts';

/* Edits of the schemas of a school, each with its impact on a database (design 09 §4.4). */

const { array, descriptor, descriptorPath, integer, object, reference, resource, string, uri } = build;

export interface Edit {
  readonly edit: (set: EditableSet) => void;
  /** Changes the set before the edit; by default it is not changed. */
  readonly given?: (set: EditableSet) => void;
  readonly verdicts: Readonly<Record<string, string>>;
  /** All changes on PostgreSQL, except changes of seed rows and of bodies that name a resource by its new id. */
  readonly changes: readonly string[];
}

const add = (set: EditableSet, { endpoint, schema }: build.BuiltResource) => {
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
    verdicts: { 'Ed-Fi:School': 'A' },
    changes: ['A column edfi.School.Motto added'],
  },
  'a new required column': {
    edit: (set) => {
      set.properties('schools').motto = string(20);
      set.required('schools').push('motto');
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W column edfi.School.Motto added'],
  },
  'a longer string': {
    edit: (set) => {
      set.properties('schools').nickname = string(31);
    },
    verdicts: { 'Ed-Fi:School': 'A' },
    changes: ['A column edfi.School.Nickname changed type'],
  },
  'a shorter string': {
    edit: (set) => {
      set.properties('schools').nickname = string(29);
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W column edfi.School.Nickname changed type'],
  },
  'a new resource that sorts first': {
    edit: (set) => add(set, simple('Absence')),
    verdicts: {
      '(core)': 'M A',
      'Ed-Fi:Absence': 'A',
      'Ed-Fi:ClassPeriod': 'M',
      'Ed-Fi:School': 'M',
      'Ed-Fi:Section': 'M',
      'TPDM:Candidate': 'M',
    },
    changes: [
      'A table edfi.Absence added',
      'A function edfi.TF_TR_Absence_ReferentialIdentity() added',
      'A function edfi.TF_TR_Absence_Stamp() added',
    ],
  },
  'a new resource that sorts last': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.tutors = simple('Tutor').schema;
    },
    verdicts: { '(core)': 'A', 'TPDM:Tutor': 'A' },
    changes: [
      'A table tpdm.Tutor added',
      'A function tpdm.TF_TR_Tutor_ReferentialIdentity() added',
      'A function tpdm.TF_TR_Tutor_Stamp() added',
    ],
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
    verdicts: { '(core)': 'A', 'Ed-Fi:Section': 'A', 'TPDM:Tutor': 'A' },
    changes: [
      'A unique edfi.Section.UX_Section_RefKey added',
      'A table tpdm.Tutor added',
      'A function tpdm.TF_TR_Tutor_ReferentialIdentity() added',
      'A function tpdm.TF_TR_Tutor_Stamp() added',
    ],
  },
  'a new descriptor that sorts last': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.zoneDescriptors = descriptor('ZoneDescriptor').schema;
    },
    verdicts: { '(core)': 'A' },
    changes: [],
  },
  'a new subclass': {
    given: (set) => {
      set.project.abstractResources.Venue = { identityJsonPaths: ['$.venueId'] };
      add(set, venue('Hall'));
    },
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.yards = venue('Yard').schema;
    },
    verdicts: { '(core)': 'A', 'Ed-Fi:Venue': 'A', 'TPDM:Yard': 'A' },
    changes: [
      'A view edfi.Venue_View changed body',
      'A table tpdm.Yard added',
      'A function tpdm.TF_TR_Yard_AbstractIdentity() added',
      'A function tpdm.TF_TR_Yard_ReferentialIdentity() added',
      'A function tpdm.TF_TR_Yard_Stamp() added',
    ],
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
    verdicts: { '(core)': 'M W R', 'Ed-Fi:Venue': 'R', 'TPDM:Yard': 'M W R' },
    changes: [
      'R view edfi.Venue_View changed body',
      'M W R table tpdm.Yard removed',
      'M function tpdm.TF_TR_Yard_AbstractIdentity() removed',
      'M function tpdm.TF_TR_Yard_ReferentialIdentity() removed',
      'W function tpdm.TF_TR_Yard_Stamp() removed',
    ],
  },
  'a column removed': {
    edit: (set) => {
      delete set.properties('schools').nickname;
    },
    verdicts: { 'Ed-Fi:School': 'M W R' },
    changes: ['M W R column edfi.School.Nickname removed'],
  },
  'a column renamed': {
    edit: (set) => {
      set.properties('schools').nickName = set.properties('schools').nickname;
      delete set.properties('schools').nickname;
    },
    verdicts: { 'Ed-Fi:School': 'M W R A' },
    changes: ['A column edfi.School.NickName added', 'M W R column edfi.School.Nickname removed'],
  },
  'a longer integer': {
    edit: (set) => {
      set.properties('schools').seats = integer('int64');
    },
    verdicts: { 'Ed-Fi:School': 'A' },
    changes: ['A column edfi.School.Seats changed type'],
  },
  'a shorter integer': {
    edit: (set) => {
      set.properties('schools').area = integer();
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W column edfi.School.Area changed type'],
  },
  'a decimal with more digits': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].totalDigits = 12;
    },
    verdicts: { 'Ed-Fi:School': 'A' },
    changes: ['A column edfi.School.Fee changed type'],
  },
  'a decimal with fewer digits': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].totalDigits = 8;
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W column edfi.School.Fee changed type'],
  },
  'a decimal whose point moves': {
    edit: ({ resources }) => {
      resources.schools.decimalPropertyValidationInfos[0].decimalPlaces = 3;
    },
    verdicts: { 'Ed-Fi:School': 'M W R' },
    changes: ['M W R column edfi.School.Fee changed type'],
  },
  'a string that becomes a number': {
    edit: (set) => {
      set.properties('schools').nickname = integer();
    },
    verdicts: { 'Ed-Fi:School': 'M W R' },
    changes: ['M W R column edfi.School.Nickname changed type'],
  },
  'a required column that becomes optional': {
    edit: ({ resources }) => {
      resources.schools.jsonSchemaForInsert.required = ['schoolId'];
    },
    verdicts: { 'Ed-Fi:School': 'R' },
    changes: ['R column edfi.School.NameOfInstitution changed nullable'],
  },
  'an optional column that becomes required': {
    edit: (set) => {
      set.required('schools').push('nickname');
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W column edfi.School.Nickname changed nullable'],
  },
  'a new collection': {
    edit: (set) => {
      set.properties('schools').telephones = array(object({ number: string(20) }, ['number']));
    },
    verdicts: { 'Ed-Fi:School': 'A' },
    changes: ['A table edfi.SchoolTelephone added', 'A function edfi.TF_TR_SchoolTelephone_Stamp() added'],
  },
  'a collection removed': {
    edit: (set) => {
      delete set.properties('schools').addresses;
    },
    verdicts: { 'Ed-Fi:School': 'M W R' },
    changes: ['M W R table edfi.SchoolAddress removed', 'W function edfi.TF_TR_SchoolAddress_Stamp() removed'],
  },
  'a new optional descriptor': {
    edit: (set) => {
      set.properties('schools').gradeDescriptor = uri();
      set.mapping('schools').Grade = descriptorPath('Ed-Fi:GradeDescriptor', '$.gradeDescriptor');
    },
    verdicts: { 'Ed-Fi:School': 'M W A' },
    changes: [
      'A column edfi.School.GradeDescriptor_DescriptorId added',
      'M W foreignKey edfi.School.FK_School_GradeDescriptor added',
      'A index edfi.School.IX_School_GradeDescriptor_DescriptorId added',
    ],
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
    verdicts: { 'Ed-Fi:ClassPeriod': 'M W A', 'Ed-Fi:Section': 'A' },
    changes: [
      'A column edfi.ClassPeriod.Section_DocumentId added',
      'A column edfi.ClassPeriod.Section_SectionCode added',
      'M W foreignKey edfi.ClassPeriod.FK_ClassPeriod_Section_RefKey added',
      'M W check edfi.ClassPeriod.CK_ClassPeriod_Section_AllNone added',
      'A index edfi.ClassPeriod.IX_ClassPeriod_Section_DocumentId_Section_SectionCode added',
      'A unique edfi.Section.UX_Section_RefKey added',
    ],
  },
  'a reference removed': {
    edit: (set) => {
      delete set.properties('sections').classPeriodReference;
      delete set.mapping('sections').ClassPeriod;
    },
    verdicts: { 'Ed-Fi:Section': 'M W R A', 'Ed-Fi:ClassPeriod': 'A' },
    changes: [
      'A unique edfi.ClassPeriod.UX_ClassPeriod_RefKey removed',
      'M W R column edfi.Section.ClassPeriod_ClassPeriodName removed',
      'M W R column edfi.Section.ClassPeriod_DocumentId removed',
      'M W R column edfi.Section.ClassPeriod_SchoolId removed',
      'A foreignKey edfi.Section.FK_Section_ClassPeriod_RefKey removed',
      'A check edfi.Section.CK_Section_ClassPeriod_AllNone removed',
      'A index edfi.Section.IX_Section_ClassPeriod_DocumentId_ClassPeriod_ClassP_d006c351aa removed',
    ],
  },
  'one more part of an identity': {
    edit: (set) => {
      set.resources.sections.identityJsonPaths.push('$.term');
      set.properties('sections').term = string(10);
      set.required('sections').push('term');
      set.mapping('sections').Term = { ...build.scalarPath('$.term'), isPartOfIdentity: true };
    },
    verdicts: { 'Ed-Fi:Section': 'M W R' },
    changes: [
      'M W column edfi.Section.Term added',
      'R unique edfi.Section.UX_Section_NK changed columns',
      'M function edfi.TF_TR_Section_ReferentialIdentity() changed body',
      'W function edfi.TF_TR_Section_Stamp() changed body',
    ],
  },
  'a longer string in an identity that others copy': {
    edit: (set) => {
      set.properties('classPeriods').classPeriodName = string(80);
      set.properties('sections').classPeriodReference.properties.classPeriodName = string(80);
    },
    verdicts: { 'Ed-Fi:ClassPeriod': 'A', 'Ed-Fi:Section': 'A' },
    changes: [
      'A column edfi.ClassPeriod.ClassPeriodName changed type',
      'A column edfi.Section.ClassPeriod_ClassPeriodName changed type',
    ],
  },
  'an equality of two columns': {
    edit: ({ resources }) => {
      resources.sections.equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    verdicts: { 'Ed-Fi:Section': 'M W A' },
    changes: [
      'M W column edfi.Section.One changed generated',
      'A column edfi.Section.One_Present added',
      'A column edfi.Section.One_Unified added',
      'M W column edfi.Section.Two changed generated',
      'A column edfi.Section.Two_Present added',
      'M W check edfi.Section.CK_Section_One_Present_NullOrTrue added',
      'M W check edfi.Section.CK_Section_Two_Present_NullOrTrue added',
    ],
  },
  'an equality of two columns removed': {
    given: ({ resources }) => {
      resources.sections.equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    },
    edit: ({ resources }) => {
      resources.sections.equalityConstraints = [];
    },
    verdicts: { 'Ed-Fi:Section': 'M W R A' },
    changes: [
      'M W column edfi.Section.One changed generated',
      'M W R column edfi.Section.One_Present removed',
      'M W R column edfi.Section.One_Unified removed',
      'M W column edfi.Section.Two changed generated',
      'M W R column edfi.Section.Two_Present removed',
      'A check edfi.Section.CK_Section_One_Present_NullOrTrue removed',
      'A check edfi.Section.CK_Section_Two_Present_NullOrTrue removed',
    ],
  },
  'items of a collection that must be unique': {
    edit: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [{ paths: ['$.addresses[*].city'] }];
    },
    verdicts: { 'Ed-Fi:School': 'M W' },
    changes: ['M W unique edfi.SchoolAddress.UX_SchoolAddress_City_School_DocumentId added'],
  },
  'items of a collection that no longer need to be unique': {
    given: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [{ paths: ['$.addresses[*].city'] }];
    },
    edit: ({ resources }) => {
      resources.schools.arrayUniquenessConstraints = [];
    },
    verdicts: { 'Ed-Fi:School': 'R' },
    changes: ['R unique edfi.SchoolAddress.UX_SchoolAddress_City_School_DocumentId removed'],
  },
  'an identity that may change from now on': {
    edit: ({ resources }) => {
      resources.classPeriods.allowIdentityUpdates = true;
    },
    verdicts: { 'Ed-Fi:Section': 'W' },
    changes: ['W foreignKey edfi.Section.FK_Section_ClassPeriod_RefKey changed onUpdate'],
  },
  'a new column of an extension': {
    edit: ({ documents }) => {
      documents[1].projectSchema.resourceSchemas.schools.jsonSchemaForInsert.properties._ext.properties.tpdm.properties.song =
        string(9);
    },
    verdicts: { 'TPDM:School': 'A' },
    changes: ['A column tpdm.SchoolExtension.Song added'],
  },
  'a new extension project': {
    given: ({ documents }) => {
      documents.splice(1);
    },
    edit: ({ documents }) => {
      documents.push(...schoolSchemas().documents.slice(1));
    },
    verdicts: { '(core)': 'A', TPDM: 'A', 'TPDM:Candidate': 'A', 'TPDM:School': 'A' },
    changes: [
      'A schema tpdm added',
      'A table tpdm.Candidate added',
      'A function tpdm.TF_TR_Candidate_ReferentialIdentity() added',
      'A function tpdm.TF_TR_Candidate_Stamp() added',
      'A table tpdm.SchoolExtension added',
      'A function tpdm.TF_TR_SchoolExtension_Stamp() added',
    ],
  },
  'an extension project removed': {
    edit: ({ documents }) => {
      documents.splice(1);
    },
    verdicts: { '(core)': 'M W R', TPDM: 'M W R', 'TPDM:Candidate': 'M W R', 'TPDM:School': 'M W R' },
    changes: [
      'M W R schema tpdm removed',
      'M W R table tpdm.Candidate removed',
      'M function tpdm.TF_TR_Candidate_ReferentialIdentity() removed',
      'W function tpdm.TF_TR_Candidate_Stamp() removed',
      'M W R table tpdm.SchoolExtension removed',
      'W function tpdm.TF_TR_SchoolExtension_Stamp() removed',
    ],
  },
  'a resource removed': {
    edit: ({ documents }) => {
      delete documents[1].projectSchema.resourceSchemas.candidates;
    },
    verdicts: { '(core)': 'M W R', 'TPDM:Candidate': 'M W R' },
    changes: [
      'M W R table tpdm.Candidate removed',
      'M function tpdm.TF_TR_Candidate_ReferentialIdentity() removed',
      'W function tpdm.TF_TR_Candidate_Stamp() removed',
    ],
  },
  'a resource renamed': {
    edit: ({ documents }) => {
      const { resourceSchemas } = documents[1].projectSchema;
      resourceSchemas.candidates.resourceName = 'Applicant';
    },
    verdicts: { '(core)': 'M', 'TPDM:Applicant': 'A', 'TPDM:Candidate': 'M W R' },
    changes: [
      'A table tpdm.Applicant added',
      'A function tpdm.TF_TR_Applicant_ReferentialIdentity() added',
      'A function tpdm.TF_TR_Applicant_Stamp() added',
      'M W R table tpdm.Candidate removed',
      'M function tpdm.TF_TR_Candidate_ReferentialIdentity() removed',
      'W function tpdm.TF_TR_Candidate_Stamp() removed',
    ],
  },
  'another version of a project': {
    edit: ({ project: schema }) => {
      schema.projectVersion = '5.3.0';
    },
    verdicts: { '(core)': 'M' },
    changes: [],
  },
};

/** Several edits at once, as in a pull request. */
export function release(set: EditableSet): void {
  edits['a new required column']?.edit(set);
  edits['a shorter string']?.edit(set);
  edits['a reference removed']?.edit(set);
  edits['a new resource that sorts first']?.edit(set);
  edits['a new column of an extension']?.edit(set);
}

/** The documents before and after an edit. */
export function setsOf({ given = () => {}, edit }: Edit) {
  const [before, after] = [schoolSchemas(), schoolSchemas()];
  given(before);
  given(after);
  edit(after);
  return { before: before.documents, after: after.documents };
}
