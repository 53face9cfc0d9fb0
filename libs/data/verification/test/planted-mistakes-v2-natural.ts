import { lost, type PlantedMistake, statements, whole } from './planted-mistake.ts';
import { plantedMistakesV2 } from './planted-mistakes-v2.ts';

const { constraint, missingTrigger, table } = statements;
const abstract = statements.routine('edfi', 'TF_TR_School_AbstractIdentity');
const uriIndex = statements.uniqueIndex('dms', 'UX_Descriptor_UriLowered_ResourceKeyId');
const folded = 'pg_catalog.lower("Uri" COLLATE pg_catalog."pg_c_utf8")';

/** Keys that lead to the id of a document alone. */
const toDocumentAlone = {
  from: /FOREIGN KEY \("DocumentId", "ResourceKeyId"\)\n( +REFERENCES "dms"\."Document" )\("DocumentId", "ResourceKeyId"\)/,
  to: 'FOREIGN KEY ("DocumentId")\n$1("DocumentId")',
};

/**
 * Whether a mistake of `v2` can be planted here too: this generation has no referential identities, and a foreign key
 * takes the place of the comparison of resource keys in a trigger.
 */
const isKept = ({ statement, from }: PlantedMistake) =>
  !/_ReferentialIdentity"|"UX_Descriptor_Uri_Discriminator"/.test(statement.text) &&
  from !== 'resource_key <> NEW."ResourceKeyId"';

/** A key of a table with other columns, or with a check in its place that accepts every row. */
const key = (name: string, wrong: string) => ({
  from: new RegExp(`(CONSTRAINT "${name}") UNIQUE \\([^)]+\\)`),
  to: `$1 ${wrong}`,
});

/** Mistakes in the keys by which documents are found. */
const ofKeys: readonly PlantedMistake[] = [
  {
    what: 'a natural key has the column of another value',
    statement: table('edfi', 'Session'),
    ...key('UX_Session_NK', 'UNIQUE ("School_DocumentId", "SchoolYearType_DocumentId", "EndDate")'),
  },
  {
    what: 'a natural key lacks a column',
    statement: table('edfi', 'Session'),
    ...key('UX_Session_NK', 'UNIQUE ("School_DocumentId", "SessionName")'),
  },
  {
    what: 'a natural key is missing',
    statement: table('edfi', 'Student'),
    ...key('UX_Student_NK', 'CHECK (true)'),
  },
  {
    what: 'the key of abstract identities is missing',
    statement: table('edfi', 'EducationOrganizationIdentity'),
    ...key('UX_EducationOrganizationIdentity_NK', 'CHECK (true)'),
  },
  {
    what: 'members of different resources may have one abstract identity',
    statement: table('edfi', 'EducationOrganizationIdentity'),
    ...key('UX_EducationOrganizationIdentity_NK', 'UNIQUE ("EducationOrganizationId", "ResourceKeyId")'),
  },
];

/** Mistakes in the script of the schemas `district` and `transport`: those of `v2`, and those in what only this generation has. */
export const plantedMistakesV2Natural: readonly PlantedMistake[] = [
  ...plantedMistakesV2.filter(isKept),
  ...ofKeys,
  {
    what: 'the trigger of an abstract identity is missing',
    statement: missingTrigger('TR_School_AbstractIdentity'),
    ...whole,
  },
  {
    what: 'the view of abstract identities has the resource key of another member',
    statement: statements.view('edfi', 'EducationOrganization_View'),
    from: /\b11\b/,
    to: '9',
  },
  {
    what: 'the key of an abstract identity is missing',
    statement: constraint('FK_EducationOrganizationIdentity_DocumentResourceKey'),
    ...lost,
  },
  {
    what: 'an abstract identity outlives its document',
    statement: constraint('FK_EducationOrganizationIdentity_DocumentResourceKey'),
    from: 'ON DELETE CASCADE',
    to: 'ON DELETE NO ACTION',
  },
  {
    what: 'an abstract identity has the resource key of another member',
    statement: abstract,
    from: / 11,\n/,
    to: ' 9,\n',
  },
  {
    what: 'an abstract identity does not follow a new value',
    statement: abstract,
    from: 'SET "EducationOrganizationId" = EXCLUDED."EducationOrganizationId"',
    to: 'SET "Discriminator" = EXCLUDED."Discriminator"',
  },
  {
    what: 'the key of an abstract identity ignores the resource',
    statement: constraint('FK_EducationOrganizationIdentity_DocumentResourceKey'),
    ...toDocumentAlone,
  },
  {
    what: 'the key of descriptors to documents ignores the resource',
    statement: constraint('FK_Descriptor_DocumentResourceKey'),
    ...toDocumentAlone,
  },
  {
    what: 'the key of descriptors to documents is missing',
    statement: constraint('FK_Descriptor_DocumentResourceKey'),
    ...lost,
  },
  { what: 'two descriptors may have one URI', statement: uriIndex, from: 'UNIQUE ', to: '' },
  { what: 'the index of URIs is missing', statement: uriIndex, ...whole },
  { what: 'the index has the code value', statement: uriIndex, from: '"Uri"', to: '"CodeValue"' },
  { what: 'capitals are compared', statement: uriIndex, from: '.lower(', to: '.upper(' },
  { what: 'two resources may not have one URI', statement: uriIndex, from: ', "ResourceKeyId")', to: ')' },
  { what: 'letter case distinguishes descriptors', statement: uriIndex, from: folded, to: '"Uri"' },
  {
    what: 'letters beyond ASCII are not folded',
    statement: uriIndex,
    from: folded,
    to: 'pg_catalog.lower("Uri" COLLATE "C")',
  },
];
