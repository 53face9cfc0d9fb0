import type { CatalogColumn, CatalogTable } from '@dms/catalog';
import { core, coreV1, coreV2, qualified, type Table } from '@dms/model';
import type { DataFindingKind } from '../src/derived-rows/data-finding.ts';
import type { CheckedSet } from '../src/index.ts';
import { freshValue } from './corruptions.ts';

/*
 * The relation of each column of a database to other rows (design 09c §4): the kind of finding for a wrong value, or
 * the reason why no row shows the right one. A new column must be added here; the spec fails until it is.
 */

/** A wrong value of a column, and the finding that it leads to. */
export interface ColumnInvariant {
  /** The wrong value, in SQL. */
  readonly wrong: string;
  /** The kinds of findings, any of which is right. */
  readonly kinds: readonly DataFindingKind[];
  /** A condition for the rows that can be checked; all rows by default. */
  readonly where?: string;
}

/** The reason why a wrong value is not found. */
export type Untied = string;

const gate = 'the gate compares this row with the schema set before rows are checked';
const server = 'only the server knows it';
const opaque = 'its form is known to the server alone';
const past = "timestamptz '-infinity'";
const future = "timestamptz '2999-01-01'";
const noUuid = "'00000000-0000-4000-8000-00000000dead'::uuid";
const noId = '9000000001';
const noVersion = '8000000001';

type Tie = ColumnInvariant | Untied;

const tie = (wrong: string, ...kinds: readonly DataFindingKind[]): ColumnInvariant => ({ wrong, kinds });
const lost: readonly DataFindingKind[] = ['documentWithoutRoot', 'rootWithoutDocument'];

/** The columns of schema `dms`, of both generations. */
export const coreColumns: Readonly<Record<string, Readonly<Record<string, Tie>>>> = {
  [qualified(core.document)]: {
    DocumentId: 'the database always generates it, so no statement changes it',
    DocumentUuid: tie(noUuid, 'cache'),
    ResourceKeyId: tie(
      `(SELECT "ResourceKeyId" % 5 + 1 FROM dms."Document" ORDER BY 1 LIMIT 1)`,
      ...lost,
      'discriminator',
    ),
    CreatedByOwnershipTokenId: server,
    ContentVersion: tie(noVersion, 'stamp', 'journal', 'contentVersion'),
    IdentityVersion: tie(noVersion, 'stamp'),
    ContentLastModifiedAt: tie(past, 'stamp'),
    IdentityLastModifiedAt: tie(past, 'stamp'),
    CreatedAt: tie(past, 'stamp'),
  },
  [qualified(core.descriptor)]: {
    DocumentId: tie(noId, ...lost),
    ResourceKeyId: tie('1', 'descriptorResource'),
    Namespace: tie("'uri://zz'", 'descriptorUri'),
    CodeValue: tie("'zz'", 'descriptorUri'),
    ShortDescription: tie("'zz'", 'cache'),
    Description: tie("'zz'", 'cache'),
    EffectiveBeginDate: tie("'2000-01-01'", 'cache'),
    EffectiveEndDate: tie("'2000-01-01'", 'cache'),
    Discriminator: tie("'Nobody'", 'discriminator'),
    Uri: tie("'uri://zz'", 'descriptorUri'),
    ContentVersion: tie('0', 'contentVersion'),
    ContentLastModifiedAt: tie(past, 'contentVersion'),
  },
  [qualified(core.documentCache)]: {
    DocumentId: tie(noId, 'orphan'),
    DocumentUuid: tie(noUuid, 'cache'),
    ProjectName: tie("'Nobody'", 'cache'),
    ResourceName: tie("'Nobody'", 'cache'),
    ResourceVersion: tie("'0.0.0'", 'cache'),
    Etag: opaque,
    StreamEtag: opaque,
    ContentVersion: tie(noVersion, 'cache'),
    LastModifiedAt: tie(future, 'cache', 'stamp'),
    DocumentJson: tie(`'{"id":"other"}'::jsonb`, 'cache'),
    ComputedAt: tie(past, 'stamp'),
  },
  [qualified(coreV2.documentCacheState)]: {
    StateId: 'a check allows one value',
    ProjectionLifecycleState: server,
    CacheAheadRecoveryRequired: server,
  },
  [qualified(coreV2.dataStoreIdentity)]: {
    DataStoreIdentitySingletonId: 'a check allows one value',
    SourceIdentity: server,
  },
  [qualified(coreV2.documentProjectionWork)]: {
    DocumentId: tie(noId, 'orphan'),
    RequiredContentVersion: tie(noVersion, 'queue'),
    FirstEnqueuedAt: tie(future, 'stamp'),
    LastEnqueuedAt: tie(past, 'stamp'),
  },
  [qualified(coreV1.documentChangeEvent)]: {
    ChangeVersion: tie(noVersion, 'journal'),
    DocumentId: tie(noId, 'orphan'),
    ResourceKeyId: tie(`(SELECT "ResourceKeyId" % 5 + 1 FROM dms."Document" ORDER BY 1 LIMIT 1)`, 'journal'),
    CreatedAt: tie(past, 'stamp'),
  },
  [qualified(core.referentialIdentity)]: {
    ReferentialId: tie(noUuid, 'referentialIdentity'),
    DocumentId: tie(noId, 'referentialIdentity'),
    ResourceKeyId: tie(
      `(SELECT "ResourceKeyId" % 5 + 1 FROM dms."Document" ORDER BY 1 LIMIT 1)`,
      'referentialIdentity',
    ),
  },
  [qualified(core.effectiveSchema)]: {
    EffectiveSchemaSingletonId: gate,
    ApiSchemaFormatVersion: gate,
    EffectiveSchemaHash: gate,
    ResourceKeyCount: gate,
    ResourceKeySeedHash: gate,
    AppliedAt: tie(past, 'stamp'),
  },
  [qualified(core.resourceKey)]: { ResourceKeyId: gate, ProjectName: gate, ResourceName: gate, ResourceVersion: gate },
  [qualified(core.schemaComponent)]: {
    EffectiveSchemaHash: gate,
    ProjectEndpointName: gate,
    ProjectName: gate,
    ProjectVersion: gate,
    IsExtensionProject: gate,
  },
};

const fresh = (column: CatalogColumn) => freshValue(column, 0.5);

/**
 * The invariant of a column in a table of documents. With a cache, every value that a document shows is stored twice.
 */
function documentColumn(table: Table, own: CatalogTable, column: CatalogColumn, isCopied: boolean): Tie {
  const { kind } = table.columns.find(({ name }) => name === column.name) ?? {};
  const isRoot = table.identity.tableKind === 'Root';
  if (column.generated !== null) return 'the database computes it from other columns of the row';
  if (table.identity.rowIdentity.includes(column.name as never) && column.name === 'CollectionItemId')
    return tie(noVersion, 'sequence', 'foreignKey');
  switch (kind) {
    case 'MirroredContentVersion':
      return tie('0', 'contentVersion');
    case 'MirroredContentLastModifiedAt':
      return tie(past, 'contentVersion');
    case 'Ordinal':
      // in the second generation gaps between positions are allowed
      if (table.identity.rowIdentity.includes(column.name as never)) return tie('99', 'itemPosition');
      return 'gaps and other starts do not count, so another position is as good unless items change places';
    case 'ParentKeyPart':
      return isRoot
        ? tie(noId, ...lost)
        : tie(column.type === 'integer' || column.type === 'int' ? '99' : noId, 'foreignKey', 'documentWithoutRoot');
    case 'DocumentFk':
    case 'DescriptorFk':
      return { ...tie(noId, 'foreignKey', 'unifiedValue'), where: `"${column.name}" IS NOT NULL` };
    default: {
      const isFlag = column.type === 'boolean';
      const isOfKey = isCopied || own.foreignKeys.some((key) => key.columns.includes(column.name));
      if (column.name === 'DocumentId' || /_DocumentId$/.test(column.name)) return tie(noId, ...lost, 'foreignKey');
      const where = `"${column.name}" IS NOT NULL`;
      const kinds: readonly DataFindingKind[] = isOfKey
        ? ['foreignKey', 'cache']
        : ['cache', 'unifiedValue', 'equality'];
      return { wrong: isFlag ? `NOT "${column.name}"` : fresh(column), kinds, where };
    }
  }
}

/** The invariants of all columns of the database, by table; undefined for a column without a rule. */
export function columnInvariants({ catalog, model, inventory }: CheckedSet) {
  const tables = new Map(
    model.resources.flatMap(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.map((table) => [qualified(table.table), table] as const),
    ),
  );
  const abstracts = new Set(model.abstractIdentityTables.map(({ table }) => qualified(table.table)));
  const tracked = new Map(inventory.trackedChangeTables.map((each) => [qualified(each.table), each]));
  const copied = new Set(
    catalog.tables.flatMap(({ foreignKeys }) =>
      foreignKeys.flatMap(({ target, targetColumns }) =>
        targetColumns.map((column) => `${target.schema}.${target.table}.${column}`),
      ),
    ),
  );
  const hierarchy =
    inventory.authEdOrgHierarchy === null ? '' : 'auth.EducationOrganizationIdToEducationOrganizationId';
  const tieOf = (own: CatalogTable, column: CatalogColumn): Tie | undefined => {
    const name = qualified(own);
    const table = tables.get(name);
    if (table !== undefined) return documentColumn(table, own, column, copied.has(`${name}.${column.name}`));
    if (abstracts.has(name)) return tie(column.name === 'DocumentId' ? noId : fresh(column), 'abstractIdentity');
    if (name === hierarchy) return tie(noVersion, 'hierarchy');
    const changes = tracked.get(name);
    if (changes === undefined) return coreColumns[name]?.[column.name];
    switch (changes.systemColumns.find((each) => each.column === column.name)?.role) {
      case 'Discriminator':
        return tie("'NobodyDescriptor'", 'trackedChange');
      case 'Id':
        return 'the uuid of a deleted document is stored here alone';
      case 'ChangeVersion':
        return tie(noVersion, 'stamp');
      case 'CreatedAt':
        return tie(past, 'stamp');
      default:
        return 'values of documents that are gone, and those before the last change, are stored here alone';
    }
  };
  return catalog.tables.flatMap((own) =>
    own.columns.map((column) => ({ table: own, column, tie: tieOf(own, column) })),
  );
}
