import { labelledResource, resourceLabel } from '@dms/api-schema';
import { columnTypeName } from '@dms/catalog';
import {
  type Connection,
  checkDatabase,
  databasesLike,
  dropDatabase,
  fingerprintQueries,
  healthFindings,
  introspect,
  lockHolderQuery,
  mssqlQueries,
  openDatabase,
  parseTarget,
  provision,
  type Row,
  recordStatements,
  type Statement,
  scriptBatches,
} from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { DmsError, diagnostic } from '@dms/diagnostics';
import {
  type DocumentPlans,
  descriptorReferentialId,
  descriptorUri,
  documentPlans,
  generateDocuments,
  insertDescriptors,
  type NewDescriptor,
  openDocuments,
  readChanges,
  scanDescriptors,
  writeDescriptors,
} from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import type { Column, MappingVersion, RelationalModelSet, ResourceModel } from '@dms/model';
import {
  compileMappingSet,
  compilePageQuery,
  compilePartitionQuery,
  type Paging,
  type QueryPredicate,
  queryAliases,
  type TableWritePlan,
} from '@dms/plans';
import { textOf } from '@dms/sql';
import { provisionedMssql, RecordedMssql, type SentText } from '@dms/testing';
import {
  type ComparedSet,
  planUpgrade,
  preparationSteps,
  prepareDatabase,
  upgradeDatabase,
  upgradeStatus,
} from '@dms/upgrade';
import { isJsonObject, JsonNumber, type JsonValue } from '@dms/values';

/* Collects the calls to the SQL Server driver: the texts with the declarations of their parameters. */

const named = (name: string, type: string) => `@${name} ${type}`;

/** The texts of a table's write plan; each parameter has the type of its column. */
function writeTexts(plan: TableWritePlan): SentText[] {
  const { insertSql, updateSql, deleteByParentSql, collectionMergePlan: merge, columnBindings, tableModel } = plan;
  const texts = [
    insertSql,
    updateSql,
    deleteByParentSql,
    merge?.updateByStableRowIdentitySql ?? null,
    merge?.deleteByStableRowIdentitySql ?? null,
  ];
  return texts.flatMap((text) => {
    if (text === null) return [];
    const used = columnBindings.filter(({ parameterName }) => new RegExp(`@${parameterName}\\b`).test(text));
    const declarations = used.map(({ parameterName, column }) =>
      named(parameterName, columnTypeName('mssql', tableModel, column)),
    );
    return [{ text, declarations: declarations.join(', ') }];
  });
}

/** Page queries in every mode with a filter on the uuid and on every column of the root that has a path. */
function pageTexts({ tablesInDependencyOrder: [root] }: ResourceModel): SentText[] {
  if (!root) return [];
  const seen = new Set<string>();
  const columns = root.columns.filter(({ name, sourcePath, storage }) => {
    const place = storage.kind === 'Stored' ? name : `${storage.presenceColumn} ${storage.canonicalColumn}`;
    const isNew = sourcePath !== null && !seen.has(place);
    seen.add(place);
    return isNew;
  });
  const typeOf = new Map<string, string>([
    ['uuid', 'uniqueidentifier'],
    ...columns.map((column, index) => [`p${index}`, columnTypeName('mssql', root, column)] as const),
  ]);
  const predicates: QueryPredicate[] = [
    { target: 'DocumentUuid', operator: 'Equal', parameterName: 'uuid' },
    ...columns.map(({ name, scalarType }: Column, index): QueryPredicate => {
      return { column: name, operator: 'Equal', parameterName: `p${index}`, scalarKind: scalarType?.kind ?? null };
    }),
  ];
  const documents = { rootTable: root.table, predicates, aliases: queryAliases(root) };
  const modes: readonly Paging[] = [{ includeTotalCount: true }, { mode: 'cursor' }, { mode: 'unpaged' }];
  const sent = (text: string, parameters: readonly { readonly parameterName: string }[]): SentText => ({
    text,
    declarations: parameters
      .map(({ parameterName }) => named(parameterName, typeOf.get(parameterName) ?? 'bigint'))
      .join(', '),
  });
  const partition = compilePartitionQuery('mssql', documents);
  return [
    ...modes.flatMap((mode) => {
      const plan = compilePageQuery('mssql', { ...documents, ...mode });
      const count = plan.totalCountSql;
      return [
        sent(plan.pageDocumentIdSql, plan.pageParametersInOrder),
        ...(count === null ? [] : [sent(count, plan.totalCountParametersInOrder ?? [])]),
      ];
    }),
    sent(partition.partitionSql, partition.parametersInOrder),
  ];
}

/** Every text of the plans of a model, and of page queries on it. */
export function planTexts(model: RelationalModelSet): SentText[] {
  const { writePlansByResource, readPlansByResource } = compileMappingSet(model);
  return model.resources.flatMap((resource) => {
    const label = resourceLabel(resource.resourceKey);
    const write = writePlansByResource.get(label)?.tablePlansInDependencyOrder ?? [];
    const read = readPlansByResource.get(label);
    const reads = [
      ...(read?.tablePlansInDependencyOrder ?? []),
      ...(read?.descriptorProjectionPlansInOrder ?? []),
      ...(read?.documentReferenceLookup ? [read.documentReferenceLookup] : []),
    ];
    return [
      ...write.flatMap(writeTexts),
      ...reads.flatMap(({ selectByKeysetSql, selectBySingleDocumentSql }) => [
        { text: selectByKeysetSql, declarations: '' },
        ...(selectBySingleDocumentSql === null
          ? []
          : [{ text: selectBySingleDocumentSql, declarations: '@DocumentId bigint' }]),
      ]),
      ...(resource.storageKind === 'SharedDescriptorTable' ? [] : pageTexts(resource)),
    ];
  });
}

const keyOf = ({ text, declarations }: SentText) => `${declarations}\n${text}`;

/** Each text once. */
export const distinct = (texts: readonly SentText[]): SentText[] => [
  ...new Map(texts.map((text) => [keyOf(text), text])).values(),
];

/** The keys that a statement of natural keys sends as JSON, with their ordinals; none for another statement. */
function keysOf(parameters: readonly unknown[]): readonly { readonly o: number }[] {
  const [json] = parameters.filter((value) => typeof value === 'string' && value.startsWith('[{"o":'));
  return json === undefined ? [] : JSON.parse(String(json));
}

/** The fields of the descriptor that is stored. */
const describedFields = {
  ...{ Namespace: 'uri://x', CodeValue: 'a', ShortDescription: 'a', Description: null },
  ...{ EffectiveBeginDate: null, EffectiveEndDate: null },
};

/** A database in which everything requested exists, or only the documents that references name. */
class RecordingConnection implements Connection {
  readonly dialect = 'mssql';
  readonly label = 'recorded';
  readonly engine = 'server';
  readonly redact = (text: string) => text;
  readonly sent: SentText[] = [];
  isStored = false;
  isInUse = false;
  resourceKeyId = 0;
  trackedTables = 0;
  /** Whether inserted rows are returned when they are read. */
  tellsRows = false;
  private readonly identities = new Map<string, unknown>();
  /** The rows that the last insert into each table wrote. */
  private readonly inserted = new Map<string, readonly Row[]>();

  async queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return statements.map((statement) => {
      const { pieces, parameters, types } = statement;
      const text = pieces.reduce((before, piece, index) => `${before}@p${index}${piece}`);
      const declarations = parameters.map((value, index) =>
        named(`p${index + 1}`, types?.[index] ?? `untyped_${typeof value}`),
      );
      this.sent.push({ text, declarations: declarations.join(', ') });
      return this.answer(statement) as readonly Row[];
    });
  }

  private answer({ pieces, parameters, hasRows }: Statement): readonly object[] {
    const text = pieces.join('?');
    if (this.isInUse && text.startsWith('DELETE FROM [dms].[Document]'))
      throw new DmsError([diagnostic('DB_SQL', 'in use', {}, { driverCode: '547', object: 'FK' })]);
    this.keepInserted(text, parameters);
    if (!hasRows) return [];
    const [, table] = /\nFROM (\[[^\]]+\]\.\[[^\]]+\]) [rt]\n/.exec(text) ?? [];
    if (table !== undefined && text.startsWith('SELECT\n') && this.tellsRows) return this.inserted.get(table) ?? [];
    const document = (DocumentId: string, DocumentUuid: unknown, ReferentialId: unknown) => ({
      DocumentId,
      DocumentUuid,
      ReferentialId,
      ResourceKeyId: this.resourceKeyId,
      ContentVersion: '1',
    });
    const each = (row: (value: unknown, id: string) => object) =>
      parameters.map((value, index) => row(value, String(index + 1)));
    const sentKeys = keysOf(parameters);
    if (text.includes('OPENJSON(') && sentKeys.length > 0) {
      if (text.startsWith('DECLARE @own') && !this.isStored) return [];
      return sentKeys.map(({ o: Ordinal }) => {
        const stored = { ...describedFields, ...document(String(Ordinal + 1), `uuid${Ordinal + 1}`, null) };
        return { Ordinal, Class: Ordinal, ...stored };
      });
    }
    if (text.startsWith('SELECT LOWER(CONVERT(nvarchar(36), [ReferentialId]))'))
      return each((ReferentialId, DocumentId) => ({ ReferentialId, DocumentId }));
    if (text.includes('LEFT JOIN [dms].[Descriptor] s') && this.isStored)
      return each((ReferentialId, DocumentId) => {
        return { ReferentialId, DocumentId, ResourceKeyId: this.resourceKeyId, ...describedFields };
      });
    if (text.includes(' AS [Version] FROM ')) return this.noteTold();
    if (text.startsWith('SELECT LOWER(CONVERT(nvarchar(36), [Id]))'))
      return [{ Id: 'uuid1', ChangeVersion: '1', Discriminator: 'KindDescriptor' }];
    if (text.includes('sp_sequence_get_range')) return [{ First: '1', Count: parameters[0] }];
    if (text.startsWith('DECLARE @own') && this.isStored) {
      return each((value, id) => {
        this.identities.set(id, value);
        return document(id, value, value);
      });
    }
    if (text.includes('WHERE d.[DocumentId] IN'))
      return parameters.map((id) => document(String(id), `uuid${id}`, this.identities.get(String(id))));
    if (text.includes('WHERE d.[DocumentUuid] IN')) return each((uuid, id) => document(id, uuid, uuid));
    if (/^SELECT \[DocumentId\], (?:LOWER|CONVERT)/.test(text))
      return each((value, id) => ({
        DocumentId: text.includes('LOWER') ? id : value,
        DocumentUuid: value,
        ContentVersion: '1',
      }));
    if (/FETCH NEXT \? ROWS ONLY;$/.test(text) && text.startsWith('SELECT d.') && !text.includes('[Descriptor]'))
      return [document('1', 'uuid1', 'id1')];
    if (text.startsWith('SELECT r.[DocumentId]')) return [{ DocumentId: '1' }];
    return [];
  }

  private keepInserted(text: string, parameters: readonly unknown[]): void {
    const [, table = '', list] = /^INSERT INTO (\S+)\n\(\n([^)]+)\)\nVALUES\n/.exec(text) ?? [];
    if (list === undefined) return;
    const names = [...list.matchAll(/\[([^\]]+)\]/g)].map(([, name = '']) => name);
    const rows = Array.from(
      { length: parameters.length / names.length },
      (_, row): Row => Object.fromEntries(names.map((name, column) => [name, parameters[row * names.length + column]])),
    );
    this.inserted.set(table, rows);
  }

  /** Each tracked table reports one change, once. */
  private noteTold(): readonly object[] {
    const told = Array.from({ length: this.trackedTables }, (_, Table) => ({
      Table,
      ChangeVersion: String(Table + 1),
    }));
    this.trackedTables = 0;
    return told;
  }

  async begin(): Promise<void> {}
  async commit(): Promise<void> {}
  async rollback(): Promise<void> {}
  async close(): Promise<void> {}
  execute = this.unexpected;
  query = this.unexpected;
  queryEach = this.unexpected;

  private async unexpected(): Promise<never> {
    throw new Error('documents are written and read with statements');
  }
}

/** Whether replacing a document depends on its stored rows. */
const comparesStoredRows: Record<MappingVersion, boolean> = { v1: false, v2: true, 'v2-natural': true };

/**
 * The texts sent when generated documents of every resource are read, written, replaced and removed, and when their
 * recorded changes are read.
 */
export async function documentTexts(model: RelationalModelSet): Promise<SentText[]> {
  const connection = new RecordingConnection();
  const plans: DocumentPlans = documentPlans(compileMappingSet(model), deriveInventory(model));
  const store = openDocuments(connection, plans, { retry: { delay: () => 0 }, remembersUris: false });
  const { documents, descriptors } = generateDocuments(model, 1, { random: 0 });
  const [descriptor] = descriptors;
  if (!descriptor) throw new Error('the world has no descriptor');
  for (const { resource: label, document, replacement } of documents) {
    const { resourceKey, shape } = plans.of(labelledResource(label));
    connection.resourceKeyId = resourceKey.id;
    connection.isStored = false;
    await store.upsertBatch(resourceKey, [{ document }]);
    connection.isStored = true;
    connection.tellsRows = comparesStoredRows[plans.version];
    await store.upsertBatch(resourceKey, [{ document: reordered(document) }]);
    await store.upsertBatch(resourceKey, [{ document: replacement }]);
    connection.tellsRows = false;
    await store.replace(resourceKey, 'uuid1', replacement).catch(expectedRefusal);
    connection.isInUse = true;
    await store.removeBatch(['uuid1', 'uuid2', 'uuid3']).catch(expectedRefusal);
    connection.isInUse = false;
    await store.removeBatch(['uuid1']);
    await store.read(['uuid1']).catch(expectedRefusal);
    await store.scan(resourceKey, { limit: 10 }).catch(expectedRefusal);
    await store.scan(resourceKey, { limit: 10, after: '1', before: '9', since: 1n }).catch(expectedRefusal);
    const leaves = shape.tables[0]?.leaves ?? [];
    for (const { path, value, ...leaf } of leaves) {
      const sample = value === 'descriptor' ? 'uri://x#a' : sampleOf('scalarType' in leaf ? leaf.scalarType.kind : '');
      await store.readPage(resourceKey, { filters: [{ path, value: sample }], limit: 5 }).catch(expectedRefusal);
    }
  }
  connection.resourceKeyId = plans.mappingSet.resourceKeyIdByResource.get(descriptor.resource) ?? 0;
  await sendDescriptors(connection, plans, labelledResource(descriptor.resource));
  connection.trackedTables = plans.inventory.trackedChangeTables.length;
  if (connection.trackedTables > 0) {
    for await (const page of readChanges(connection, plans))
      if (page.length === 0) throw new Error('changes were recorded but not read');
  }
  return distinct(connection.sent);
}

/** The document with its arrays reversed: the elements keep their rows but change their order. */
function reordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reordered).reverse();
  return isJsonObject(value) ? new Map([...value].map(([name, member]) => [name, reordered(member)])) : value;
}

/** Writes new descriptors and descriptors whose stored fields differ, then pages through descriptors. */
async function sendDescriptors(
  connection: RecordingConnection,
  plans: DocumentPlans,
  resource: NewDescriptor['resource'],
): Promise<void> {
  const { resourceKeyId } = connection;
  await insertDescriptors(connection, plans, [
    { resource, namespace: 'uri://x', codeValue: 'a', shortDescription: 'a' },
  ]);
  const resourceKey = plans.mappingSet.model.resources.find(
    (each) => each.resourceKey.id === resourceKeyId,
  )?.resourceKey;
  if (!resourceKey) throw new Error('the descriptor has no resource key');
  const fields = {
    shortDescription: 'other',
    description: 'other',
    effectiveBeginDate: '2030-01-01',
    effectiveEndDate: null,
  };
  const key = { ...resourceKey, isAbstract: false };
  const changed = { resourceKey: key, namespace: 'uri://x', codeValue: 'a', ...fields, file: 'x.json', line: 1 };
  const referentialId = descriptorReferentialId(key, descriptorUri(changed));
  connection.isStored = true;
  const [outcome] = await writeDescriptors(connection, [{ ...changed, referentialId }], 'update', plans.version);
  if (outcome?.kind !== 'updated') throw new Error(`the stored descriptor was ${outcome?.kind}`);
  await scanDescriptors(connection, plans, { resourceKeyId, after: '0', since: '0', limit: 10 });
}

/** Ignores a failure caused by the fake results of the database. */
function expectedRefusal(error: unknown): void {
  if (!(error instanceof Error)) throw error;
}

const sampleOf = (kind: string) =>
  ({ Boolean: true, Date: '2030-01-01', DateTime: '2030-01-01T00:00:00Z', Time: '10:00:00', String: 'a' })[kind] ??
  new JsonNumber('1');

/** The texts besides the script that are sent when a database is provisioned, read and checked. */
export async function databaseTexts(model: RelationalModelSet): Promise<SentText[]> {
  const { script, catalog } = emitDdl(model, deriveInventory(model));
  const info = model.effectiveSchema;
  const recorded = new RecordedMssql((text) => {
    if (text.includes('is_read_committed_snapshot_on')) return [[]];
    if (text.includes('sp_getapplock')) return [[{ r: 0 }]];
    if (text.includes('@@TRANCOUNT')) return [[{ t: 1, x: 1 }]];
    if (text.includes('IS NULL THEN 0')) return [[{ EffectiveSchema: 0, ResourceKey: 0, SchemaComponent: 0 }]];
    return undefined;
  });
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const options = { load: recorded.load, retryDelays: [] };
  await provision(
    target,
    { info, script, catalog, scriptSha256: null },
    { ...options, createDatabase: true, verify: false },
  );
  const connection = await openDatabase(target, options);
  await introspect(connection);
  await connection.begin('reading');
  await connection.rollback();
  await checkDatabase(connection, info);
  await healthFindings(connection, 'check', catalog);
  const servers = { ...options, open: openDatabase };
  await dropDatabase(target, servers);
  await databasesLike(target, 'dms', servers);
  const batches = new Set(scriptBatches(script).map(({ text }) => text));
  // introspection joins its queries; the others need a provisioned database or the holder of a lock
  const named = [...Object.values(mssqlQueries), ...Object.values(fingerprintQueries.mssql)];
  const alone = [...named, lockHolderQuery].map(textOf);
  const texts = [...recorded.batches, ...alone];
  return distinct([
    ...texts.filter((text) => !batches.has(text)).map((text) => ({ text, declarations: '' })),
    ...recorded.queries,
  ]);
}

/**
 * The texts besides the statements of its plan that an upgrade sends. The database keeps the earlier set throughout.
 */
export async function upgradeTexts(
  before: ComparedSet & { readonly script: string },
  after: ComparedSet,
): Promise<SentText[]> {
  const recorded = provisionedMssql({ ...before, info: before.model.effectiveSchema });
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const open: typeof openDatabase = (each, options) => openDatabase(each, { ...options, load: recorded.load });
  const error = await upgradeDatabase(target, before, after, { open }).then(
    () => null,
    (failure: unknown) => failure,
  );
  // the catalog of the recording does not change
  if (!(error instanceof DmsError) || error.code !== 'VERIFY_CATALOG_DIFFERS') throw error;
  const ofPlan = new Set(planUpgrade(before, after).statements.flatMap(({ sql }) => textOf(sql).split('\nGO\n')));
  const texts = recorded.batches.filter((text) => !ofPlan.has(text));
  return distinct([...texts.map((text) => ({ text, declarations: '' })), ...recorded.queries]);
}

/** The texts besides its steps that `upgrade prepare` sends while it creates, finds and removes them. */
export async function preparationTexts(
  before: ComparedSet & { readonly script: string },
  after: ComparedSet,
): Promise<SentText[]> {
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const steps = preparationSteps(planUpgrade(before, after));
  const { create, remove, markDone, read } = recordStatements.mssql;
  const recorded = provisionedMssql({ ...before, info: before.model.effectiveSchema }, (text) =>
    text.includes("N'EngineEdition') AS int") ? [[{ edition: 3 }]] : undefined,
  );
  await prepareDatabase(target, before, after, {
    open: (each, options) => openDatabase(each, { ...options, load: recorded.load }),
  });
  // the script of the preparation has these texts too
  const own = new Set([textOf(create), ...steps.map(({ sql }) => textOf(sql))]);
  // the records of all steps have the same form
  const isLater = (text: string) => /^INSERT INTO \[dms_upgrade\].* VALUES \((?!1,)/.test(text);
  const texts = [
    ...recorded.batches.filter((text) => !own.has(text) && !isLater(text)),
    ...[read, remove(1), markDone(1)].map(textOf),
  ];
  return distinct([...texts.map((text) => ({ text, declarations: '' })), ...recorded.queries]);
}

/** The queries about the upgrades of a database. */
export async function statusTexts(): Promise<SentText[]> {
  const sent: SentText[] = [];
  const answers: readonly (readonly [part: string, rows: readonly Row[]])[] = [
    [
      "WHERE s.name = N'dms'",
      ['EffectiveSchema', 'SchemaComponent'].map((name) => ({ kind: 'table', table: name, name })),
    ],
    ['ResourceKeySeedHash', [{ id: 1, formatVersion: '1', hash: 'a'.repeat(64), count: 1, seedHash: 'b'.repeat(64) }]],
  ];
  const query = async (text: string) => {
    sent.push({ text, declarations: '' });
    return answers.find(([part]) => text.includes(part))?.[1] ?? [];
  };
  const nothing = async () => undefined;
  await upgradeStatus({
    dialect: 'mssql',
    label: 'recorded',
    queryAll: (statements: readonly { readonly pieces: readonly string[] }[]) =>
      Promise.all(statements.map(({ pieces }) => query(pieces.join('@p')))),
    begin: nothing,
    rollback: nothing,
  } as unknown as Connection);
  return distinct(sent);
}
