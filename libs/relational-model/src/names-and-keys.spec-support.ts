import { createHash } from 'node:crypto';
import {
  compileJsonPath,
  type EffectiveSchemaSet,
  effectiveSchemaOf,
  isExtensionScoped,
  type JsonPath,
  resourceLabel,
} from '@dms/api-schema';
import { isJsonObject, toJsonValue } from '@dms/canonical-json';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { deriveModel } from './derive-model.ts';
import { type DraftColumn, DraftTable } from './draft/draft-table.ts';
import type { DraftResource, ModelDraft } from './draft/model-draft.ts';
import { listResources } from './input/resource-entry.ts';
import type {
  Column,
  DbTableName,
  RelationalModelSet,
  ResourceModel,
  ScalarType,
  Table,
  TableConstraint,
} from './model/model.ts';
import { type Pass, passes } from './passes/index.ts';
import { FullNamesOf } from './validation/full-names.ts';
import { allTables } from './validation/inspected-model.ts';

export { danglingNames } from './validation/dangling-names.ts';
export { FullNamesOf } from './validation/full-names.ts';
export { allTables } from './validation/inspected-model.ts';
export { keysOfReferences as referenceKeys, keyUnificationViolations } from './validation/unified-columns.ts';

type Json = build.Json;
type JsonRecord = build.JsonRecord;

// ---- schema sets and models ----

/** The effective schema of ApiSchema documents, as they are: no file checks, so that a test may leave out or break members. */
export function schemaSet(...documents: readonly JsonRecord[]): EffectiveSchemaSet {
  const projects = documents.map((document) => {
    const root = toJsonValue(document);
    const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
    if (!isJsonObject(project)) throw new Error('no projectSchema');
    const text = (name: string) => String(project.get(name));
    return {
      projectEndpointName: text('projectEndpointName'),
      projectName: text('projectName'),
      projectVersion: text('projectVersion'),
      isExtensionProject: project.get('isExtensionProject') === true,
      projectSchema: project,
    };
  });
  return effectiveSchemaOf('1.0.0', projects);
}

export function modelOf(documents: readonly JsonRecord[], dialect: SqlDialect = 'pgsql'): RelationalModelSet {
  return deriveModel(schemaSet(...documents), dialect).model;
}

/** A model as plain values without the fingerprint, which changes with every byte of the input. */
function comparable({ effectiveSchema: _, ...model }: RelationalModelSet): unknown {
  return JSON.parse(JSON.stringify(model));
}

/** What derivation has made of a schema set just before `pass` runs. */
export function draftBefore(pass: Pass, documents: readonly JsonRecord[], dialect: SqlDialect = 'pgsql'): ModelDraft {
  const set = schemaSet(...documents);
  const draft: ModelDraft = {
    set,
    rules: dialectRules[dialect],
    entries: listResources(set),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
    fallbacks: [],
    notes: [],
  };
  const end = passes.indexOf(pass);
  if (end < 0) throw new Error('no such pass');
  for (const earlier of passes.slice(0, end)) earlier(draft);
  return draft;
}

export function draftResource(draft: ModelDraft, label: string): DraftResource {
  const resource = draft.resources.get(label);
  if (!resource) throw new Error(`no resource ${label}`);
  return resource;
}

export function draftTable(draft: ModelDraft, label: string, scope: string): DraftTable {
  const table = draftResource(draft, label).tables.find((candidate) => candidate.scope.canonical === scope);
  if (!table) throw new Error(`no table ${scope} of ${label}`);
  return table;
}

/** A table made by hand, with the key columns of its scope; `schema.Name`. */
export function handMadeTable(name: string, scope = '$', columns: readonly DraftColumn[] = []): DraftTable {
  const [schema = '', table = ''] = name.split('.');
  const isRoot = scope === '$';
  const made = new DraftTable({
    table: { schema, name: table },
    scope: path(scope),
    origin: { defaultName: table, label: 'Ed-Fi:HandMade', path: scope },
    collectionNames: [],
    keyColumns: isRoot
      ? [{ name: 'DocumentId', kind: 'ParentKeyPart' }]
      : [
          { name: 'HandMade_DocumentId', kind: 'ParentKeyPart' },
          { name: 'Ordinal', kind: 'Ordinal' },
        ],
  });
  for (const column of columns) made.addColumn(column);
  return made;
}

/** A stored, required Int32 column made by hand. */
export function handMadeColumn(name: string, sourcePath: string | null, more: Partial<DraftColumn> = {}): DraftColumn {
  return {
    name,
    kind: 'Scalar',
    scalarType: { kind: 'Int32', maxLength: null, decimal: null },
    isNullable: false,
    sourcePath: sourcePath === null ? null : path(sourcePath),
    targetResource: null,
    storage: { kind: 'Stored' },
    origin: { defaultName: name, label: 'Ed-Fi:HandMade', path: sourcePath ?? '$' },
    ...more,
  };
}

// ---- names ----

export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What PostgreSQL's 63 bytes make of an ASCII name, written from design 03 §6.2: 52 characters, `_`, ten hex digits. */
export function shortName(name: string, hashInput: string = name): string {
  return name.length <= 63 ? name : `${name.slice(0, 52)}_${sha256Of(hashInput).slice(0, 10)}`;
}

// ---- small schemas ----

/** The core project `Ed-Fi`, physical schema `edfi`. */
export function edFi(resources: readonly build.BuiltResource[], options: build.ProjectOptions = {}): JsonRecord {
  return build.project('Ed-Fi', resources, options);
}

/** An extension project, by default `Sample` with the endpoint name `sample`. */
export function extension(
  resources: readonly build.BuiltResource[],
  name = 'Sample',
  options: build.ProjectOptions = {},
): JsonRecord {
  return build.project(name, resources, { isExtension: true, ...options });
}

/** A resource with `properties` at its root; `identity` names those that identify it, which are then required. */
export function plain(
  name: string,
  properties: JsonRecord,
  identity: readonly string[] = [],
  members: JsonRecord = {},
): build.BuiltResource {
  return build.resource(name, {
    identityJsonPaths: identity.map((property) => `$.${property}`),
    jsonSchemaForInsert: build.object(properties, identity),
    ...members,
  });
}

/** A resource that is identified by all of its properties. */
export function keyed(name: string, properties: JsonRecord, members: JsonRecord = {}): build.BuiltResource {
  return plain(name, properties, Object.keys(properties), members);
}

/** A reference object: all of its fields are required. */
export function fields(properties: JsonRecord): JsonRecord {
  return build.object(properties, Object.keys(properties));
}

export function equal(sourceJsonPath: string, targetJsonPath: string): JsonRecord {
  return { sourceJsonPath, targetJsonPath };
}

/** An entry of `abstractResources`. */
export function abstractResource(identityJsonPaths: readonly string[], members: JsonRecord = {}): JsonRecord {
  return { identityJsonPaths, ...members };
}

/** The members that make a resource a subclass of the abstract resource `label`; `renamed` is the abstract identity path. */
export function subclassOf(label: string, renamed?: string): JsonRecord {
  const [superclassProjectName = '', superclassResourceName = ''] = label.split(':');
  return {
    isSubclass: true,
    superclassProjectName,
    superclassResourceName,
    ...(renamed === undefined ? {} : { superclassIdentityJsonPath: renamed }),
  };
}

// ---- failures ----

/** The `DmsError` that `run` throws. */
export function failureOf(run: () => unknown): DmsError {
  try {
    run();
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Codes of everything that is reported. */
export function codesOf(error: DmsError): string[] {
  return error.diagnostics.map(({ code }) => code);
}

/** The facts of `wanted` that the message does not state. */
export function missingFacts({ message }: Diagnostic, wanted: readonly string[]): string[] {
  return wanted.filter((fact) => !message.includes(fact));
}

// ---- reading a model ----

export function resourceOf(model: RelationalModelSet, label: string): ResourceModel {
  const resource = model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
  if (!resource) throw new Error(`no resource ${label}`);
  return resource;
}

export const qualified = ({ schema, name }: DbTableName): string => `${schema}.${name}`;

/** Whether a table lies in the extension tree. */
export const isExtensionTable = ({ jsonScope }: Table): boolean => isExtensionScoped(jsonScope);

/** The table `schema.name`. */
export function tableOf(model: RelationalModelSet, name: string): Table {
  const found = allTables(model).find(({ table }) => qualified(table.table) === name);
  if (!found) throw new Error(`no table ${name}`);
  return found.table;
}

export function tableNames(model: RelationalModelSet): string[] {
  return allTables(model).map(({ table }) => qualified(table.table));
}

export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`no column ${name} in ${qualified(table.table)}`);
  return column;
}

export const columnNames = (table: Table): string[] => table.columns.map(({ name }) => name);

export function typeText(type: ScalarType | null): string {
  if (type === null) return '-';
  const { kind, maxLength, decimal } = type;
  if (decimal) return `${kind}(${decimal.precision},${decimal.scale})`;
  return maxLength === null ? kind : `${kind}(${maxLength})`;
}

/** A column as one line: name, kind, type, nullability, path, and for an alias where it reads from. */
function columnText({ name, kind, scalarType, isNullable, sourcePath, storage }: Column): string {
  const text = `${name} ${kind} ${typeText(scalarType)} ${isNullable ? 'NULL' : 'NOT NULL'} ${sourcePath?.canonical ?? '-'}`;
  if (storage.kind === 'Stored') return text;
  return `${text} = ${storage.canonicalColumn}${storage.presenceColumn === null ? '' : ` where ${storage.presenceColumn}`}`;
}

export const columnTexts = (table: Table): string[] => table.columns.map(columnText);

function textOf(constraint: TableConstraint): string {
  switch (constraint.kind) {
    case 'Unique':
      return `Unique ${constraint.name} (${constraint.columns.join(', ')})`;
    case 'ForeignKey':
      return `ForeignKey ${constraint.name} (${constraint.columns.join(', ')}) -> ${qualified(constraint.targetTable)} (${constraint.targetColumns.join(', ')}) ${constraint.onDelete}/${constraint.onUpdate}`;
    case 'AllOrNoneNullability':
      return `AllOrNone ${constraint.name} ${constraint.fkColumn}: ${constraint.dependentColumns.join(', ')}`;
    case 'NullOrTrue':
      return `NullOrTrue ${constraint.name} ${constraint.column}`;
  }
}

/** Constraints of a table as lines: kind, name, columns, for foreign keys the target and its actions. */
export const constraintTexts = (table: Table): string[] => table.constraints.map(textOf);

export function constraintText(table: Table, name: string): string | undefined {
  return constraintTexts(table).find((text) => text.split(' ')[1] === name);
}

// ---- shuffling ----

/** A small generator of reproducible numbers in [0, 1). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function shuffledList<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other] as Item, result[index] as Item];
  }
  return result;
}

/** The same JSON with the members of every object in another order; arrays stay as they are. */
export function shuffledMembers<Value extends Json>(value: Value, random: () => number): Value {
  if (Array.isArray(value)) return value.map((item) => shuffledMembers(item as Json, random)) as unknown as Value;
  if (value === null || typeof value !== 'object') return value;
  const members = shuffledList(Object.entries(value), random).map(([name, member]) => [name, shuffledMembers(member, random)]);
  return Object.fromEntries(members) as Value;
}

/** The same documents with every `equalityConstraints` in another order, each constraint either way round. */
export function shuffledConstraints<Value extends Json>(value: Value, random: () => number): Value {
  if (Array.isArray(value)) return value.map((item) => shuffledConstraints(item as Json, random)) as unknown as Value;
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(([name, member]) => {
    if (name !== 'equalityConstraints' || !Array.isArray(member)) return [name, shuffledConstraints(member, random)];
    const turned = (member as JsonRecord[]).map((constraint) =>
      random() < 0.5 ? constraint : equal(String(constraint.targetJsonPath ?? ''), String(constraint.sourceJsonPath ?? '')),
    );
    return [name, shuffledList(turned, random)];
  });
  return Object.fromEntries(members) as Value;
}

// ---- full names ----

/** Classes, members and gates of every table in full names: what both dialects must agree on. */
export function unificationFacts(model: RelationalModelSet): string[] {
  const full = new FullNamesOf(model);
  return allTables(model)
    .flatMap(({ table: { table, columns, keyUnificationClasses } }) => {
      const column = (name: string) => full.column(table, name);
      const aliases = columns.flatMap(({ name, storage }) => {
        if (storage.kind === 'Stored') return [];
        const gate = storage.presenceColumn === null ? 'none' : column(storage.presenceColumn);
        return [`${full.table(table)}.${column(name)} = ${column(storage.canonicalColumn)} gate ${gate}`];
      });
      const classes = keyUnificationClasses.map(
        ({ canonicalColumn, memberPathColumns }) =>
          `${full.table(table)}: ${column(canonicalColumn)} of ${memberPathColumns.map(column).join(', ')}`,
      );
      return [...aliases, ...classes];
    })
    .sort();
}

// ---- schemas of the worked examples of design 04 §15 ----

const { array, date, descriptor, integer, object, reference, resource, string, uri } = build;

/** A resource that is identified by one integer and may be referred to with `referenceTo`. */
const numbered = (name: string, property: string) => keyed(name, { [property]: integer() });

export const school = numbered('School', 'schoolId');

export const schoolReference = (isRequired = true, object = '$.schoolReference') =>
  reference('Ed-Fi:School', [['$.schoolId', `${object}.schoolId`]], isRequired);

/** Identified by its code and its school. */
export const room = resource('Room', {
  identityJsonPaths: ['$.roomCode', '$.schoolReference.schoolId'],
  documentPathsMapping: { School: schoolReference() },
  jsonSchemaForInsert: object({ roomCode: string(20), schoolReference: fields({ schoolId: integer() }) }, [
    'roomCode',
    'schoolReference',
  ]),
});

export const roomReference = (objectPath: string, isRequired = true) =>
  reference(
    'Ed-Fi:Room',
    [
      ['$.roomCode', `${objectPath}.roomCode`],
      ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
    ],
    isRequired,
  );

export const roomFields = fields({ roomCode: string(20), schoolId: integer() });

/** §15.1: two required references in a root table; the constraint is written with the larger path first. */
export const booking = resource('Booking', {
  identityJsonPaths: ['$.bookingDate', '$.roomReference.roomCode', '$.roomReference.schoolId', '$.schoolReference.schoolId'],
  documentPathsMapping: { Room: roomReference('$.roomReference'), School: schoolReference() },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.roomReference.schoolId')],
  jsonSchemaForInsert: object(
    { bookingDate: date(), roomReference: roomFields, schoolReference: fields({ schoolId: integer() }) },
    ['bookingDate', 'roomReference', 'schoolReference'],
  ),
});

/** §15.2: two optional references. */
export const standby = resource('Standby', {
  documentPathsMapping: {
    Room: roomReference('$.roomReference', false),
    Backup: roomReference('$.backupRoomReference', false),
  },
  equalityConstraints: [equal('$.roomReference.schoolId', '$.backupRoomReference.schoolId')],
  jsonSchemaForInsert: object({ roomReference: roomFields, backupRoomReference: roomFields }),
});

/** The pairs of a reference to `Booking` whose object spells `schoolId` once. */
export const bookingPairs = (objectPath: string): [string, string][] => [
  ['$.bookingDate', `${objectPath}.bookingDate`],
  ['$.roomReference.roomCode', `${objectPath}.roomCode`],
  ['$.roomReference.schoolId', `${objectPath}.schoolId`],
  ['$.schoolReference.schoolId', `${objectPath}.schoolId`],
];

export const bookingFields = fields({ bookingDate: date(), roomCode: string(20), schoolId: integer() });

/** §15.3: nested collection, implicit class, a constraint across tables. */
export const agenda = resource('Agenda', {
  documentPathsMapping: {
    School: schoolReference(),
    Booking: reference('Ed-Fi:Booking', bookingPairs('$.slots[*].bookings[*].bookingReference'), false),
  },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.slots[*].bookings[*].bookingReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      schoolReference: fields({ schoolId: integer() }),
      slots: array(object({ bookings: array(object({ bookingReference: bookingFields })) })),
    },
    ['schoolReference'],
  ),
});

export const languageDescriptor = descriptor('LanguageDescriptor');

/** §15.4: descriptors outside references; `required` names those that are always present. */
export const menu = (required: readonly string[] = ['secondLanguageDescriptor'], more: JsonRecord = {}) =>
  resource('Menu', {
    documentPathsMapping: {
      First: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.firstLanguageDescriptor'),
      Second: build.descriptorPath('Ed-Fi:LanguageDescriptor', '$.secondLanguageDescriptor'),
    },
    equalityConstraints: [equal('$.firstLanguageDescriptor', '$.secondLanguageDescriptor')],
    jsonSchemaForInsert: object({ firstLanguageDescriptor: uri(), secondLanguageDescriptor: uri(), ...more }, required),
  });

/** §15.5: a class of four with every kind of gate; a resource that refers to it. */
export const budget = resource('Budget', {
  identityJsonPaths: ['$.fiscalYear'],
  documentPathsMapping: {
    Fund: reference('Ed-Fi:Fund', [['$.fiscalYear', '$.fundReference.fiscalYear']], false),
    Grant: reference('Ed-Fi:Grant', [['$.fiscalYear', '$.grantReference.fiscalYear']]),
  },
  equalityConstraints: [
    equal('$.fiscalYear', '$.fundReference.fiscalYear'),
    equal('$.grantReference.fiscalYear', '$.fiscalYear'),
    equal('$.plannedFiscalYear', '$.fundReference.fiscalYear'),
  ],
  jsonSchemaForInsert: object(
    {
      fiscalYear: integer(),
      plannedFiscalYear: integer(),
      fundReference: fields({ fiscalYear: integer() }),
      grantReference: fields({ fiscalYear: integer() }),
    },
    ['fiscalYear', 'grantReference'],
  ),
});

export const spending = resource('Spending', {
  documentPathsMapping: { Budget: reference('Ed-Fi:Budget', [['$.fiscalYear', '$.budgetReference.fiscalYear']]) },
  jsonSchemaForInsert: object({ budgetReference: fields({ fiscalYear: integer() }) }, ['budgetReference']),
});

/** §15.6: two targets that allow identity updates and share a school year. */
export const registration = resource('Registration', {
  identityJsonPaths: [
    '$.sectionReference.sectionId',
    '$.sectionReference.schoolYear',
    '$.periodReference.periodId',
    '$.periodReference.schoolYear',
  ],
  documentPathsMapping: {
    Section: reference('Ed-Fi:Section', [
      ['$.sectionId', '$.sectionReference.sectionId'],
      ['$.schoolYear', '$.sectionReference.schoolYear'],
    ]),
    Period: reference('Ed-Fi:Period', [
      ['$.periodId', '$.periodReference.periodId'],
      ['$.schoolYear', '$.periodReference.schoolYear'],
    ]),
  },
  equalityConstraints: [equal('$.sectionReference.schoolYear', '$.periodReference.schoolYear')],
  jsonSchemaForInsert: object(
    {
      sectionReference: fields({ sectionId: integer(), schoolYear: integer() }),
      periodReference: fields({ periodId: integer(), schoolYear: integer() }),
    },
    ['sectionReference', 'periodReference'],
  ),
});

/** §15.7: two references take the names that the class and its flag would have. */
export const trip = resource('Trip', {
  documentPathsMapping: {
    SchoolId: reference('Ed-Fi:Marker', [['$.mark', '$.markerReference.mark']], false),
    A: reference('Ed-Fi:Marker', [['$.mark', '$.otherMarkerReference.mark']], false),
  },
  equalityConstraints: [equal('$.schoolId', '$.visitedSchoolId')],
  relational: {
    nameOverrides: {
      '$.markerReference.mark': 'Unified',
      '$.otherMarkerReference.mark': 'Present',
      '$.schoolId': 'A',
      '$.visitedSchoolId': 'B',
    },
  },
  jsonSchemaForInsert: object({
    schoolId: integer(),
    visitedSchoolId: integer(),
    markerReference: fields({ mark: string(10) }),
    otherMarkerReference: fields({ mark: string(10) }),
  }),
});

/** §15.7, second part: a course offering that holds its school twice, and a section with two classes of one base token. */
export const courseOffering = resource('CourseOffering', {
  identityJsonPaths: ['$.localCourseCode', '$.schoolReference.schoolId', '$.sessionReference.schoolId'],
  documentPathsMapping: {
    School: schoolReference(),
    Session: reference('Ed-Fi:Session', [['$.schoolId', '$.sessionReference.schoolId']]),
  },
  equalityConstraints: [equal('$.schoolReference.schoolId', '$.sessionReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      localCourseCode: string(60),
      schoolReference: fields({ schoolId: integer() }),
      sessionReference: fields({ schoolId: integer() }),
    },
    ['localCourseCode', 'schoolReference', 'sessionReference'],
  ),
});

export const sectionOfTwoClasses = resource('Section', {
  documentPathsMapping: {
    CourseOffering: reference('Ed-Fi:CourseOffering', [
      ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
      ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
      ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
    ]),
    LocationLocation: roomReference('$.locationReference', false),
    LocationSchool: schoolReference(false, '$.locationSchoolReference'),
  },
  equalityConstraints: [equal('$.locationReference.schoolId', '$.locationSchoolReference.schoolId')],
  jsonSchemaForInsert: object(
    {
      courseOfferingReference: fields({ localCourseCode: string(60), schoolId: integer() }),
      locationReference: roomFields,
      locationSchoolReference: fields({ schoolId: integer() }),
    },
    ['courseOfferingReference'],
  ),
});

/** §15.8: every outcome. */
export const ledger = resource('Ledger', {
  equalityConstraints: [
    equal('$.fiscalYear', '$.localFiscalYear'),
    equal('$.localFiscalYear', '$.fiscalYear'),
    equal('$.fiscalYear', '$.fiscalYear'),
    equal('$.sections[*].fiscalYear', '$.fiscalYear'),
    equal('$.nowhere', '$.fiscalYear'),
    equal('$.x', '$.y'),
  ],
  jsonSchemaForInsert: object({
    fiscalYear: integer(),
    localFiscalYear: integer(),
    sections: array(object({ fiscalYear: integer() })),
  }),
});

/** §15.9: the target holds one number as two identity parts; the reference object spells it once. */
export const twinSchool = keyed(
  'TwinSchool',
  { schoolId: integer(), localEducationAgencyId: integer() },
  { equalityConstraints: [equal('$.schoolId', '$.localEducationAgencyId')] },
);

export const agency = numbered('LocalEducationAgency', 'localEducationAgencyId');

export const enrolment = resource('Enrolment', {
  documentPathsMapping: {
    LocalEducationAgency: reference('Ed-Fi:LocalEducationAgency', [
      ['$.localEducationAgencyId', '$.localEducationAgencyReference.localEducationAgencyId'],
    ]),
    School: reference('Ed-Fi:TwinSchool', [
      ['$.schoolId', '$.schoolReference.educationOrganizationId'],
      ['$.localEducationAgencyId', '$.schoolReference.educationOrganizationId'],
    ]),
  },
  equalityConstraints: [
    equal('$.schoolReference.educationOrganizationId', '$.localEducationAgencyReference.localEducationAgencyId'),
  ],
  jsonSchemaForInsert: object(
    {
      localEducationAgencyReference: fields({ localEducationAgencyId: integer() }),
      schoolReference: fields({ educationOrganizationId: integer() }),
    },
    ['localEducationAgencyReference', 'schoolReference'],
  ),
});

/** All worked examples that a schema can express, as one project; names are distinct, so they do not disturb each other. */
export const workedExamples: readonly JsonRecord[] = [
  edFi([
    school,
    room,
    booking,
    standby,
    agenda,
    languageDescriptor,
    menu(),
    budget,
    spending,
    numbered('Fund', 'fiscalYear'),
    numbered('Grant', 'fiscalYear'),
    keyed('Marker', { mark: string(10) }),
    trip,
    numbered('Session', 'schoolId'),
    courseOffering,
    sectionOfTwoClasses,
    ledger,
    twinSchool,
    agency,
    enrolment,
  ]),
];

/** A path that a test writes as text. */
export function path(text: string): JsonPath {
  return compileJsonPath(text, {}, 'test');
}

/** A reference, a value and a flag with names too long for PostgreSQL, all in one class. */
export const longNames = {
  mappingKey: 'EmploymentStaffEducationOrganizationEmploymentAssociation',
  property: 'currentSchoolYearOfTheEmploymentThatTheStaffMemberHasInTheOrganization',
  column: 'CurrentSchoolYearOfTheEmploymentThatTheStaffMemberHasInTheOrganization',
};

export const longNamed: JsonRecord = edFi([
  keyed('Job', { jobId: integer(), schoolYear: integer() }),
  resource('Contract', {
    documentPathsMapping: {
      [longNames.mappingKey]: reference(
        'Ed-Fi:Job',
        [
          ['$.jobId', '$.employmentReference.jobId'],
          ['$.schoolYear', '$.employmentReference.schoolYear'],
        ],
        false,
      ),
    },
    equalityConstraints: [
      equal('$.employmentReference.schoolYear', `$.${longNames.property}`),
      equal('$.gone', `$.${longNames.property}`),
      equal(`$.${longNames.property}`, `$.${longNames.property}`),
      equal(`$.${longNames.property}`, '$.terms[*].schoolYear'),
    ],
    jsonSchemaForInsert: object({
      [longNames.property]: integer(),
      employmentReference: fields({ jobId: integer(), schoolYear: integer() }),
      terms: array(object({ schoolYear: integer() })),
    }),
  }),
]);

/** A model whose skipped constraints have no direction: all that may depend on how a constraint is written. */
export function withoutSkippedDirection(model: RelationalModelSet): unknown {
  const resources = model.resources.map((resource) => ({
    ...resource,
    keyUnificationDiagnostics: {
      ...resource.keyUnificationDiagnostics,
      skipped: resource.keyUnificationDiagnostics.skipped
        .map(({ sourcePath, targetPath }) => [sourcePath.canonical, targetPath.canonical].sort().join(' '))
        .sort(),
    },
  }));
  return comparable({ ...model, resources } as unknown as RelationalModelSet);
}
