import { lost, type PlantedMistake, statements } from './planted-mistake.ts';

const { constraint } = statements;
const abstract = statements.routine('edfi', 'TF_TR_School_AbstractIdentity');
const uriIndex = statements.uniqueIndex('dms', 'UX_Descriptor_UriLowered_ResourceKeyId');
const folded = 'pg_catalog.lower("Uri" COLLATE pg_catalog."pg_c_utf8")';

/** Keys that lead to the id of a document alone. */
const toDocumentAlone = {
  from: /FOREIGN KEY \("DocumentId", "ResourceKeyId"\)\n( +REFERENCES "dms"\."Document" )\("DocumentId", "ResourceKeyId"\)/,
  to: 'FOREIGN KEY ("DocumentId")\n$1("DocumentId")',
};

/** Mistakes in what only this generation has, in the script of the schemas `district` and `transport`. */
export const plantedMistakesV2Natural: readonly PlantedMistake[] = [
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
  { what: 'two resources may not have one URI', statement: uriIndex, from: ', "ResourceKeyId")', to: ')' },
  { what: 'letter case distinguishes descriptors', statement: uriIndex, from: folded, to: '"Uri"' },
  {
    what: 'letters beyond ASCII are not folded',
    statement: uriIndex,
    from: folded,
    to: 'pg_catalog.lower("Uri" COLLATE "C")',
  },
];
