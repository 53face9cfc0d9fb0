import { type JsonPath, type PlainPath, resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import {
  type ColumnMapping,
  type DatabaseShape,
  type DbTableName,
  type FullNames,
  type Identities,
  type IdentityBlock,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  shapes,
} from '@dms/model';
import { groupBy } from '@dms/values';
import * as z from 'zod/mini';
import { type AuthEdOrgHierarchy, authEdOrgEntity, authTable, entityColumns, type NamedColumns } from './hierarchy.ts';
import {
  elementObjects,
  type IdentityForm,
  mappingObjects,
  resourceRef,
  tableRef,
} from './manifest/manifest-objects.ts';
import { columnTerm, eventTerm, listed, type Phrase, pathTerm, resourceTerm, tableTerm } from './phrase.ts';
import type { RootColumns } from './root-columns.ts';

/*
 * The kinds of triggers (design 05 §3, §4, §7), each with the shape of its entry in the inventory, the derivation and
 * the facts of its entries, and its words on the page. The effects in a database are in `trigger-bodies.ts` of
 * `@dms/ddl`.
 *
 * Shapes are functions, so that the page, which needs the words, does not load the file reading code.
 */

export type TriggerEvent = 'INSERT' | 'UPDATE' | 'DELETE';

/** The members of all entries. */
const common = () => ({
  name: z.string(),
  table: shapes.tableName,
  /** Columns that yield the affected document id: one, or none for the hierarchy triggers. */
  keyColumns: z.array(z.string()),
  /** Stored columns whose change is a change of the identity. */
  identityProjectionColumns: z.array(z.string()),
});

/** A trigger as intent, without SQL (design 05 §3). */
export const dbTrigger = () =>
  z.discriminatedUnion('kind', [
    documentStampingTrigger(),
    referentialIdentityTrigger(),
    abstractIdentityTrigger(),
    identityPropagationTrigger(),
    authHierarchyTrigger(),
  ]);

export type DbTrigger = DatabaseShape<ReturnType<typeof dbTrigger>>;

/** The rules of a generation for triggers (design 15a §3). */
export interface TriggerRules {
  /** Whether root tables mirror the versions of their document. */
  readonly mirrorsVersions: boolean;
  /** Whether databases store the referential ids of documents in `dms.ReferentialIdentity`, which triggers fill. */
  readonly storesReferentialIds: boolean;
  /** The column that feeds an abstract identity if its path has several columns; `canonical` is the stored one. */
  abstractSource(resource: ResourceModel, path: JsonPath, canonical: string): string;
}

/** The context from which entries are derived, besides the resource. */
export interface TriggerContext {
  readonly model: RelationalModelSet;
  readonly names: FullNames;
  readonly rules: TriggerRules;
  readonly hierarchy: AuthEdOrgHierarchy | null;
  readonly identities: Identities;
  /** The identity projection of a root table or of the table of an abstract identity. */
  projectionOf(table: DbTableName): readonly string[];
}

/** An entry with its full-length name. */
type FullNamed<Entry extends DbTrigger> = Entry extends DbTrigger
  ? Omit<Entry, 'name'> & { readonly fullName: string }
  : never;

export type NamedTrigger = FullNamed<DbTrigger>;

/** Values that a trigger copies from its rows to those of another table. */
interface ColumnCopy {
  readonly table: DbTableName;
  readonly mappings: readonly ColumnMapping[];
}

/** A kind of trigger: the derivation and the facts of its entries. */
export interface TriggerKind<Entry extends DbTrigger = DbTrigger> {
  /** The entries of a resource that has tables. */
  ofResource?(source: RootColumns, context: TriggerContext): readonly FullNamed<Entry>[];
  /** The entries that follow from the model as a whole. */
  ofModel?(context: TriggerContext): readonly FullNamed<Entry>[];
  /** The columns in an entry, besides the common columns and those of its copies. */
  namedColumns(entry: Entry): readonly NamedColumns[];
  /** The values that the trigger copies when its rows have changed. */
  copies(entry: Entry): readonly ColumnCopy[];
  /** The additional members of the entry in the manifest of the model (design 03 §11). */
  manifestMembers(entry: Entry, form: IdentityForm): object;
  /** The events of the trigger (design 05 §3.3). */
  events(entry: Entry): readonly TriggerEvent[];
  /** Whether it must run for each row even if a trigger can see all rows of a statement (design 07 §8.1). */
  runsForRows(entry: Entry, event: TriggerEvent): boolean;
  /** The full-length name of the trigger for an event; default: the name of the entry followed by the event. */
  eventName?(entry: Entry, event: TriggerEvent): string;
}

/** The words of a kind on the page. */
interface TriggerWords<Entry extends DbTrigger = DbTrigger> {
  readonly name: string;
  /** The effect of an entry (design 05 §3.3, §7). */
  sentence(entry: PlainPath<Entry>): Phrase;
}

/* The stamping of a document. */

const documentStampingTrigger = () =>
  z.object({
    ...common(),
    kind: z.literal('DocumentStamping'),
    /** The table that mirrors the versions of the document; null in a generation without mirrors (design 15a §3). */
    mirrorStampTargetTable: z.nullable(shapes.tableName),
    /** The table that records deletes and changed keys (design 16 §7). */
    changeTracking: z.nullable(z.object({ trackedChangeTable: shapes.tableName })),
  });

export type DocumentStampingTrigger = DatabaseShape<ReturnType<typeof documentStampingTrigger>>;

/** Only root tables have an identity projection. */
const isOfRoot = ({ identityProjectionColumns }: DocumentStampingTrigger) => identityProjectionColumns.length > 0;

const documentStamping: TriggerKind<DocumentStampingTrigger> = {
  ofResource: (source, { names, rules }) =>
    source.resource.tablesInDependencyOrder.map(({ table, identity: { rootLocator } }) => ({
      fullName: `TR_${names.table(table)}_Stamp`,
      table,
      keyColumns: [mustExist(rootLocator[0], `the document of a row of ${qualified(table)}`)],
      identityProjectionColumns: source.isRoot(table) ? source.projection : [],
      kind: 'DocumentStamping',
      mirrorStampTargetTable: rules.mirrorsVersions ? source.root.table : null,
      // added when the tracked-change tables are named
      changeTracking: null,
    })),
  namedColumns: ({ mirrorStampTargetTable, changeTracking }) =>
    [mirrorStampTargetTable, changeTracking?.trackedChangeTable ?? null].flatMap((table): NamedColumns[] =>
      table === null ? [] : [[table, []]],
    ),
  copies: () => [],
  manifestMembers: ({ mirrorStampTargetTable, changeTracking }) => ({
    ...(mirrorStampTargetTable === null ? {} : { mirror_stamp_target_table: tableRef(mirrorStampTargetTable) }),
    ...(changeTracking === null
      ? {}
      : { change_tracking: { tracked_change_table: tableRef(changeTracking.trackedChangeTable) } }),
  }),
  // the insert of a document has already stamped its root row, unless the row mirrors the versions
  events: (entry) =>
    isOfRoot(entry) && entry.mirrorStampTargetTable === null ? ['UPDATE', 'DELETE'] : ['INSERT', 'UPDATE', 'DELETE'],
  // deleting one document cascades to every root table, and a statement trigger would run on each of them
  runsForRows: (entry, event) => event === 'DELETE' && isOfRoot(entry),
};

const stampingWords: TriggerWords<DocumentStampingTrigger> = {
  name: 'Stamp',
  sentence({ keyColumns, identityProjectionColumns: projection, mirrorStampTargetTable: mirror, changeTracking }) {
    const document: Phrase = [', gives the document in ', ...columns(keyColumns), ' a new ContentVersion'];
    const updatedOrDeleted: Phrase = [eventTerm('updated'), ' or ', eventTerm('deleted'), ...document];
    const newVersion: Phrase =
      projection.length === 0
        ? ['When a row is ', eventTerm('inserted'), ', ', ...updatedOrDeleted, '.']
        : [
            'When a row is ',
            ...updatedOrDeleted,
            '; when ',
            ...columns(projection, ' or '),
            ' ',
            eventTerm('changes'),
            ', also a new IdentityVersion.',
          ];
    return [
      ...newVersion,
      ...(mirror ? [' Repeats its versions in ', tableTerm(mirror), '.'] : []),
      ...(changeTracking
        ? [' Notes documents that go and keys that change in ', tableTerm(changeTracking.trackedChangeTable), '.']
        : []),
    ];
  },
};

/* The referential ids of a document: its own, and the one of its superclass. */

const referentialIdentityTrigger = () =>
  z.object({
    ...common(),
    kind: z.literal('ReferentialIdentityMaintenance'),
    ...shapes.identityBlock.shape,
    superclassAlias: z.nullable(shapes.identityBlock),
  });

export type ReferentialIdentityTrigger = DatabaseShape<ReturnType<typeof referentialIdentityTrigger>>;

/** The identities that a trigger maintains. */
export const maintainedIdentities = (trigger: DbTrigger): readonly IdentityBlock[] => {
  if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
  return trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];
};

const referentialIdentity: TriggerKind<ReferentialIdentityTrigger> = {
  ofResource: ({ resource, root, projection }, { names, rules, identities }) =>
    rules.storesReferentialIds
      ? [
          {
            fullName: `TR_${names.table(root.table)}_ReferentialIdentity`,
            table: root.table,
            keyColumns: ['DocumentId'],
            identityProjectionColumns: projection,
            kind: 'ReferentialIdentityMaintenance',
            ...identities.own(resource),
            superclassAlias: identities.ofSuperclass(resource),
          },
        ]
      : [],
  namedColumns: (entry) =>
    maintainedIdentities(entry).map(({ identityElements }) => [
      entry.table,
      identityElements.map(({ column }) => column),
    ]),
  copies: () => [],
  manifestMembers({ superclassAlias, ...own }, form) {
    const members = (block: IdentityBlock) => ({
      resource_key_id: block.resourceKeyId,
      ...resourceRef(block),
      identity_elements: elementObjects(block.identityElements, form),
    });
    return { ...members(own), ...(superclassAlias ? { superclass_alias: members(superclassAlias) } : {}) };
  },
  events: () => ['INSERT', 'UPDATE'],
  runsForRows: () => false,
};

const referentialIdentityWords: TriggerWords<ReferentialIdentityTrigger> = {
  name: 'Referential id',
  sentence: (entry) => [
    ...insertOrChange(entry.identityProjectionColumns),
    'replaces the ReferentialId of ',
    ...idOf(entry),
    ...(entry.superclassAlias ? ['; and that of its superclass ', ...idOf(entry.superclassAlias)] : []),
    '.',
  ],
};

const idOf = (block: PlainPath<IdentityBlock>): Phrase => [
  resourceTerm(block),
  ' (resource key ',
  String(block.resourceKeyId),
  ') from ',
  ...listed(block.identityElements.map(({ identityJsonPath }) => pathTerm(identityJsonPath))),
];

/* The row of a document in its abstract identity table. */

const abstractIdentityTrigger = () =>
  z.object({
    ...common(),
    kind: z.literal('AbstractIdentityMaintenance'),
    targetTable: shapes.tableName,
    targetColumnMappings: z.array(shapes.columnMapping),
    /** The id of the member's resource key, if the table has a column for it (design 22 §2.2). */
    resourceKeyIdValue: z.optional(z.int()),
    discriminatorValue: z.string(),
  });

export type AbstractIdentityTrigger = DatabaseShape<ReturnType<typeof abstractIdentityTrigger>>;

const abstractIdentity: TriggerKind<AbstractIdentityTrigger> = {
  ofResource(source, { model, names, rules }) {
    const { superclass, identityElements } = source.resource;
    const label = superclass && resourceLabel(superclass.resource);
    const target = label == null ? undefined : modelIndex(model).abstracts.get(label);
    if (!superclass || !target) return [];
    const namesResource = target.table.columns.some(({ kind }) => kind === 'ResourceKeyId');
    const targetColumnMappings: ColumnMapping[] = [];
    for (const column of target.table.columns) {
      if (!column.sourcePath) continue;
      const isRenamed = column.sourcePath.canonical === superclass.identityJsonPath?.canonical;
      const own = identityElements[0]?.identityJsonPath;
      const path = isRenamed ? mustExist(own, `the identity of ${source.label}`) : column.sourcePath;
      targetColumnMappings.push({ sourceColumn: abstractSource(source, path, rules), targetColumn: column.name });
    }
    return [
      {
        fullName: `TR_${names.table(source.root.table)}_AbstractIdentity`,
        table: source.root.table,
        keyColumns: ['DocumentId'],
        identityProjectionColumns: source.projection,
        kind: 'AbstractIdentityMaintenance',
        targetTable: target.table.table,
        targetColumnMappings,
        ...(namesResource ? { resourceKeyIdValue: source.resource.resourceKey.id } : {}),
        discriminatorValue: source.label,
      },
    ];
  },
  namedColumns: () => [],
  copies: ({ targetTable, targetColumnMappings }) => [{ table: targetTable, mappings: targetColumnMappings }],
  manifestMembers: ({ targetTable, targetColumnMappings, resourceKeyIdValue, discriminatorValue }) => ({
    target_table: tableRef(targetTable),
    target_column_mappings: mappingObjects(targetColumnMappings),
    ...(resourceKeyIdValue === undefined ? {} : { resource_key_id_value: resourceKeyIdValue }),
    discriminator_value: discriminatorValue,
  }),
  events: () => ['INSERT', 'UPDATE'],
  // foreign keys reference its row and are checked before any statement trigger runs (design 07 §8.1)
  runsForRows: () => true,
};

/**
 * The root column that feeds a column of the abstract identity table; all columns of the path must have the same
 * stored column.
 */
function abstractSource(source: RootColumns, path: JsonPath, rules: TriggerRules): string {
  const found = source.at(path.canonical);
  const [first] = found;
  const where = { resource: source.label, path: path.canonical };
  if (!first)
    return fail(
      'ABSTRACT_COLUMN_MISSING',
      `${source.label}: ${path.canonical} has no column in the root table.`,
      where,
    );
  if (found.length === 1) return first.name;
  const storage = new Set(found.map(({ name }) => source.storageOf(name, 'all', 'abstract identity')));
  const [canonical, ...others] = storage;
  if (canonical === undefined || others.length > 0) {
    const names = found.map(({ name }) => name);
    const text = `${source.label}: ${path.canonical} feeds several stored columns: ${names.join(', ')}.`;
    return fail('ABSTRACT_COLUMN_AMBIGUOUS', text, where, { columns: names });
  }
  return rules.abstractSource(source.resource, path, canonical);
}

const abstractIdentityWords: TriggerWords<AbstractIdentityTrigger> = {
  name: 'Abstract identity',
  sentence: (entry) => [
    ...insertOrChange(entry.identityProjectionColumns),
    'copies ',
    ...mapped(entry.targetColumnMappings),
    ' in the row of the document in ',
    tableTerm(entry.targetTable),
    `, with the discriminator ${entry.discriminatorValue}.`,
  ],
};

/* The copies of an identity that no cascade reaches (design 05 §4.4, 11 §3). */

const identityPropagationTrigger = () =>
  z.object({
    ...common(),
    kind: z.literal('IdentityPropagationFallback'),
    referrerUpdates: z.array(
      z.object({
        referrerTable: shapes.tableName,
        referrerFkColumn: z.string(),
        targetColumnMappings: z.array(shapes.columnMapping),
      }),
    ),
  });

export type IdentityPropagationTrigger = DatabaseShape<ReturnType<typeof identityPropagationTrigger>>;

export type ReferrerUpdate = IdentityPropagationTrigger['referrerUpdates'][number];

const identityPropagation: TriggerKind<IdentityPropagationTrigger> = {
  ofModel({ model, names, projectionOf }) {
    const byTarget = groupBy(model.propagationFallbacks, ({ targetTable }) => qualified(targetTable));
    return [...byTarget.values()].map((fallbacks) => {
      const { targetTable } = fallbacks[0] as (typeof fallbacks)[number];
      return {
        fullName: `TR_${names.table(targetTable)}_PropagateIdentity`,
        table: targetTable,
        keyColumns: ['DocumentId'],
        identityProjectionColumns: projectionOf(targetTable),
        kind: 'IdentityPropagationFallback',
        referrerUpdates: fallbacks.map(({ receiverTable, receiverFkColumn, columnMappings }) => ({
          referrerTable: receiverTable,
          referrerFkColumn: receiverFkColumn,
          targetColumnMappings: columnMappings,
        })),
      };
    });
  },
  namedColumns: ({ referrerUpdates }) =>
    referrerUpdates.map(({ referrerTable, referrerFkColumn }) => [referrerTable, [referrerFkColumn]]),
  copies: ({ referrerUpdates }) =>
    referrerUpdates.map(({ referrerTable, targetColumnMappings }) => ({
      table: referrerTable,
      mappings: targetColumnMappings,
    })),
  manifestMembers: ({ referrerUpdates }) => ({
    referrer_updates: referrerUpdates.map(({ referrerTable, referrerFkColumn, targetColumnMappings }) => ({
      referrer_table: tableRef(referrerTable),
      referrer_fk_column: referrerFkColumn,
      target_column_mappings: mappingObjects(targetColumnMappings),
    })),
  }),
  events: () => ['UPDATE'],
  runsForRows: () => false,
};

const propagationWords: TriggerWords<IdentityPropagationTrigger> = {
  name: 'Propagation',
  sentence({ identityProjectionColumns, referrerUpdates }) {
    const updates = referrerUpdates.map(
      ({ referrerTable, referrerFkColumn, targetColumnMappings }): Phrase => [
        ...mapped(targetColumnMappings),
        ' in the rows of ',
        tableTerm(referrerTable),
        ' whose ',
        columnTerm(referrerFkColumn),
        ' is the document',
      ],
    );
    return [
      'When ',
      ...columns(identityProjectionColumns, ' or '),
      ' ',
      eventTerm('changes'),
      ', copies ',
      ...updates.flatMap((update, index) => (index === 0 ? update : ['; ', ...update])),
      '.',
    ];
  },
};

/* The hierarchy of education organizations. */

const authHierarchyTrigger = () =>
  z.object({
    ...common(),
    kind: z.literal('AuthHierarchyMaintenance'),
    entity: authEdOrgEntity(),
    triggerEvent: z.enum(['Insert', 'Update', 'Delete']),
  });

export type AuthHierarchyTrigger = DatabaseShape<ReturnType<typeof authHierarchyTrigger>>;

export const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

/**
 * The full-length name of a hierarchy trigger, derived from the resource name instead of the table name (design 05
 * §3.2).
 */
const hierarchyTriggerName = (entityName: string, event: AuthHierarchyTrigger['triggerEvent']) =>
  `TR_${entityName}_AuthHierarchy_${event}`;

/** An entity without parents has no `Update` entry, but its id may change: its `Insert` entry serves updates too. */
const servesUpdates = ({ entity, triggerEvent }: Pick<AuthHierarchyTrigger, 'entity' | 'triggerEvent'>) =>
  triggerEvent === 'Insert' && entity.parentFks.length === 0;

const authHierarchy: TriggerKind<AuthHierarchyTrigger> = {
  ofModel: ({ hierarchy }) =>
    (hierarchy?.entities ?? []).flatMap((entity) => {
      const events =
        entity.parentFks.length > 0 ? (['Delete', 'Insert', 'Update'] as const) : (['Delete', 'Insert'] as const);
      return events.map((triggerEvent) => ({
        fullName: hierarchyTriggerName(entity.entityName, triggerEvent),
        table: entity.table,
        keyColumns: [],
        identityProjectionColumns: [],
        kind: 'AuthHierarchyMaintenance',
        entity,
        triggerEvent,
      }));
    }),
  namedColumns: ({ entity }) => [entityColumns(entity)],
  copies: () => [],
  manifestMembers: ({ entity, triggerEvent }) => ({
    entity_name: entity.entityName,
    trigger_event: triggerEvent,
    identity_column: entity.identityColumn,
    parent_fks: entity.parentFks.map((parent) => ({
      denormalized_parent_id_column: parent.denormalizedParentIdColumn,
    })),
  }),
  events: (entry) => (servesUpdates(entry) ? ['INSERT', 'UPDATE'] : [hierarchyEvents[entry.triggerEvent]]),
  runsForRows: () => false,
  // the name of the entry already contains the event
  eventName: ({ name, entity }, event) =>
    event === 'UPDATE' ? hierarchyTriggerName(entity.entityName, 'Update') : name,
};

const hierarchyWords: TriggerWords<AuthHierarchyTrigger> = {
  name: 'Hierarchy',
  sentence(entry) {
    const { entity, triggerEvent } = entry;
    const parents = entity.parentFks.map(({ denormalizedParentIdColumn }) => columnTerm(denormalizedParentIdColumn));
    return [
      'When a row is ',
      eventTerm(({ Insert: 'inserted', Update: 'updated', Delete: 'deleted' } as const)[triggerEvent]),
      ...(servesUpdates(entry) ? [' or ', eventTerm('updated')] : []),
      ', recomputes which organizations are above it and above each organization below it, in ',
      tableTerm(authTable),
      '. Its id is in ',
      columnTerm(entity.identityColumn),
      ...(parents.length > 0 ? [', those of its parents in ', ...listed(parents)] : ['; it has no parents']),
      '.',
    ];
  },
};

/* Words that several sentences share. */

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

const mapped = (mappings: readonly ColumnMapping[]) =>
  listed(
    mappings.map(({ sourceColumn, targetColumn }) => [columnTerm(sourceColumn), ' to ', columnTerm(targetColumn)]),
  );

/** The kinds, in the order in which a resource gets its triggers. */
export const triggerKinds: { readonly [Kind in DbTrigger['kind']]: TriggerKind<Extract<DbTrigger, { kind: Kind }>> } = {
  DocumentStamping: documentStamping,
  ReferentialIdentityMaintenance: referentialIdentity,
  AbstractIdentityMaintenance: abstractIdentity,
  IdentityPropagationFallback: identityPropagation,
  AuthHierarchyMaintenance: authHierarchy,
};

/** The kind of an entry. */
export const kindOfTrigger = ({ kind }: DbTrigger): TriggerKind => triggerKinds[kind];

/** The words of the kinds, in the order in which the page lists them. */
export const triggerWords: { readonly [Kind in DbTrigger['kind']]: TriggerWords<Extract<DbTrigger, { kind: Kind }>> } =
  {
    DocumentStamping: stampingWords,
    ReferentialIdentityMaintenance: referentialIdentityWords,
    AbstractIdentityMaintenance: abstractIdentityWords,
    IdentityPropagationFallback: propagationWords,
    AuthHierarchyMaintenance: hierarchyWords,
  };

/** The effect of a trigger, in a sentence. */
export function triggerSentence(trigger: PlainPath<DbTrigger>): Phrase {
  const words: TriggerWords = triggerWords[trigger.kind];
  return words.sentence(trigger);
}
