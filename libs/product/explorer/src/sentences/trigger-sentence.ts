import { authTable } from '@dms/inventory';
import type { ColumnMapping } from '@dms/model';
import type {
  AbstractIdentityTrigger,
  AuthHierarchyTrigger,
  DbTrigger,
  DocumentStampingTrigger,
  IdentityBlock,
  IdentityPropagationTrigger,
} from '../explored-set.ts';
import { columnTerm, eventTerm, listed, type Phrase, pathTerm, resourceTerm, tableTerm } from './phrase.ts';

/** The effect of a trigger of the inventory, in a sentence (design 05 §3.3, §7). */
export function triggerSentence(trigger: DbTrigger): Phrase {
  switch (trigger.kind) {
    case 'DocumentStamping':
      return stamping(trigger);
    case 'ReferentialIdentityMaintenance':
      return [
        ...insertOrChange(trigger.identityProjectionColumns),
        'replaces the ReferentialId of ',
        ...idOf(trigger),
        ...(trigger.superclassAlias ? ['; and that of its superclass ', ...idOf(trigger.superclassAlias)] : []),
        '.',
      ];
    case 'AbstractIdentityMaintenance':
      return abstractIdentity(trigger);
    case 'IdentityPropagationFallback':
      return propagation(trigger);
    case 'AuthHierarchyMaintenance':
      return hierarchy(trigger);
  }
}

function stamping(trigger: DocumentStampingTrigger): Phrase {
  const effects = stampEffects(trigger);
  return [...newVersion(trigger), ...(effects.length > 0 ? [' ', ...effects] : [])];
}

/**
 * The further effects of a stamp if a table mirrors the versions of its documents and its changes are tracked (design
 * 16 §6, §7).
 */
function stampEffects({ mirrorStampTargetTable, changeTracking }: DocumentStampingTrigger): Phrase {
  return [
    ...(mirrorStampTargetTable ? ['Repeats its versions in ', tableTerm(mirrorStampTargetTable), '.'] : []),
    ...(mirrorStampTargetTable && changeTracking ? [' '] : []),
    ...(changeTracking
      ? ['Notes documents that go and keys that change in ', tableTerm(changeTracking.trackedChangeTable), '.']
      : []),
  ];
}

function newVersion({ keyColumns, identityProjectionColumns }: DocumentStampingTrigger): Phrase {
  if (identityProjectionColumns.length === 0)
    return [
      'When a row is ',
      eventTerm('inserted'),
      ', ',
      eventTerm('updated'),
      ' or ',
      eventTerm('deleted'),
      ', gives the document in ',
      ...columns(keyColumns),
      ' a new ContentVersion.',
    ];
  return [
    'When a row is ',
    eventTerm('updated'),
    ' or ',
    eventTerm('deleted'),
    ', gives the document in ',
    ...columns(keyColumns),
    ' a new ContentVersion; when ',
    ...columns(identityProjectionColumns, ' or '),
    ' ',
    eventTerm('changes'),
    ', also a new IdentityVersion.',
  ];
}

const columns = (names: readonly string[], last?: string) => listed(names.map(columnTerm), last);

const insertOrChange = (projection: readonly string[]): Phrase => [
  'When a row is ',
  eventTerm('inserted'),
  ' or its ',
  ...columns(projection, ' or '),
  ' ',
  eventTerm('changes'),
  ', ',
];

const idOf = (block: IdentityBlock): Phrase => [
  resourceTerm(block),
  ' (resource key ',
  String(block.resourceKeyId),
  ') from ',
  ...listed(block.identityElements.map(({ identityJsonPath }) => pathTerm(identityJsonPath))),
];

function abstractIdentity(trigger: AbstractIdentityTrigger): Phrase {
  return [
    ...insertOrChange(trigger.identityProjectionColumns),
    'copies ',
    ...mapped(trigger.targetColumnMappings),
    ' in the row of the document in ',
    tableTerm(trigger.targetTable),
    `, with the discriminator ${trigger.discriminatorValue}.`,
  ];
}

const mapped = (mappings: readonly ColumnMapping[]) =>
  listed(
    mappings.map(({ sourceColumn, targetColumn }) => [columnTerm(sourceColumn), ' to ', columnTerm(targetColumn)]),
  );

function propagation(trigger: IdentityPropagationTrigger): Phrase {
  const updates = trigger.referrerUpdates.map(
    (update): Phrase => [
      ...mapped(update.targetColumnMappings),
      ' in the rows of ',
      tableTerm(update.referrerTable),
      ' whose ',
      columnTerm(update.referrerFkColumn),
      ' is the document',
    ],
  );
  const start: Phrase = ['When ', ...columns(trigger.identityProjectionColumns, ' or '), ' ', eventTerm('changes')];
  return [
    ...start,
    ', copies ',
    ...updates.flatMap((update, index) => (index === 0 ? update : ['; ', ...update])),
    '.',
  ];
}

const hierarchyEvents = { Insert: 'inserted', Update: 'updated', Delete: 'deleted' } as const;

function hierarchy({ entity, triggerEvent }: AuthHierarchyTrigger): Phrase {
  const parents = entity.parentFks.map(({ denormalizedParentIdColumn }) => columnTerm(denormalizedParentIdColumn));
  // an entity without parents has no update trigger, so its insert trigger handles a change of its id (design 05 §3.3)
  const also: Phrase = triggerEvent === 'Insert' && parents.length === 0 ? [' or ', eventTerm('updated')] : [];
  const parentWords: Phrase =
    parents.length > 0 ? [', those of its parents in ', ...listed(parents)] : ['; it has no parents'];
  return [
    'When a row is ',
    eventTerm(hierarchyEvents[triggerEvent]),
    ...also,
    ', recomputes which organizations are above it and above each organization below it, in ',
    tableTerm(authTable),
    '. Its id is in ',
    columnTerm(entity.identityColumn),
    ...parentWords,
    '.',
  ];
}

/** Words for the kinds of triggers. */
export const triggerKinds: Readonly<Record<DbTrigger['kind'], string>> = {
  DocumentStamping: 'Stamp',
  ReferentialIdentityMaintenance: 'Referential id',
  AbstractIdentityMaintenance: 'Abstract identity',
  IdentityPropagationFallback: 'Propagation',
  AuthHierarchyMaintenance: 'Hierarchy',
};
