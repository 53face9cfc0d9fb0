import { core, coreV2, modelIndex, qualified } from '@dms/model';
import { type Dialect, join, type QualifiedName, textOf } from '@dms/sql';
import { outcomeText, SelectedRows } from '../behaviour/behaviour-session.ts';
import { fullestDocuments, ofDocument, sameTable } from '../behaviour/checked-world.ts';
import { stillReferredTo } from '../behaviour/deletion-checks.ts';
import { type DocumentStamps, longAgo, type StampRules } from '../behaviour/document-rows.ts';
import { computedReferentialIds, storedIdentityRows } from '../behaviour/referential-ids.ts';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import type { WorldDocument } from '../behaviour/world.ts';
import type { RefusedDatabase, VerificationGeneration } from '../verification-generation.ts';
import { checkViews, selectViews } from './authorization-views.ts';
import { coreRulesV2 } from './core-behaviour.ts';
import { coreRowsV2 } from './core-tables.ts';
import { referrersFirst } from './referrers.ts';
import { selectTracked, TrackedChecks } from './tracked-checks.ts';

const version = 'ContentVersion';

const time = 'ContentLastModifiedAt';

/** Only a change of a value stamps; root rows and descriptors copy the content stamp (design 16 §6.2). */
const stampRulesV2: StampRules = {
  stampsUnchangedRows: false,
  stampsLeftDocument: true,
  isIdentityOrdered: ({ content, identity }: DocumentStamps) => identity > content,
  watch(session, model) {
    const roots: readonly QualifiedName[] = [
      core.descriptor,
      ...modelIndex(model).roots.map(({ table }) => table.table),
    ];
    const selection = (table: QualifiedName) => ({ table, columns: ['DocumentId', version, time] });
    const all = roots.map(selection);
    const byName = new Map(roots.map((table, index) => [qualified(table), all[index] ?? selection(table)]));
    return {
      forgetTimes: (some) => (some ?? roots).map((table) => session.updateText(table, [session.equal(time, longAgo)])),
      selections: (some) =>
        some === null ? all : some.map((table) => byName.get(qualified(table)) ?? selection(table)),
      wrong: (rows, stamped, others) =>
        rows.flat().flatMap((row) => {
          const id = Number(row.DocumentId);
          const stamps = stamped.get(id) ?? others.get(id);
          const wanted = `${stamps?.content}, ${stamps?.contentTime}`;
          const found = `${row[version]}, ${row[time]}`;
          return wanted === found ? [] : [`the row of document ${id} repeats ${found} instead of ${wanted}`];
        }),
    };
  },
};

export const resourceRulesV2: ResourceRules = {
  rows: coreRowsV2,
  stamps: stampRulesV2,
  identities: storedIdentityRows,
  further(input, session, failures) {
    const { trackedChangeTables, authViews } = input.inventory;
    const tracked = new TrackedChecks(input, failures);
    return {
      select: (selected) => {
        selectTracked(trackedChangeTables, selected);
        selectViews(authViews, selected);
      },
      check: (rowsOf) => {
        tracked.none(rowsOf, 'insertions and updates outside of the identity');
        checkViews(authViews, rowsOf, failures, 'insertions');
      },
      afterIdentity: (object, after, before) => {
        tracked.keyChanges(object, after, before);
        checkViews(authViews, after, failures, object);
      },
      selectKeyChanges: (table, selected) =>
        selectTracked(
          trackedChangeTables.filter(({ sourceTable }) => sameTable(sourceTable, table)),
          selected,
        ),
      keyChanges: (object, table, after, before) => tracked.keyChanges(object, after, before, table),
      lacksPerson: (table, outcome) => tracked.lacksPerson(table, outcome),
      recorded: (object, table, after, count) => tracked.recorded(object, after, table, count),
      async beforeDeletions(world) {
        await failures.during('R14', 'tracked changes', () => tracked.tombstones(world));
        await failures.during('R14', 'tracked changes', () => tracked.descriptors(world));
        if (authViews.length === 0) return;
        const selected = new SelectedRows();
        selectViews(authViews, selected);
        const { selections } = selected;
        // the views must still show some of the deleted rows
        const sources = new Set(
          authViews.flatMap(({ arms }) => arms.flatMap(({ joins }) => joins.map(({ table }) => qualified(table)))),
        );
        const ofWorlds = fullestDocuments(world);
        const roots = ofWorlds.filter(({ root }) => sources.has(root.name));
        const removed = referrersFirst(world, ofWorlds);
        // if a spare document stays, an arm of live rows and an arm of deleted rows return the same row
        const deletions = (some: readonly WorldDocument[], areSparesKept: boolean) =>
          removed(some).map((entry) => {
            const isOne = areSparesKept && some.includes(entry);
            const where = isOne ? ofDocument(world, entry.root, entry.documentId) : undefined;
            return session.deleteText(entry.root.table.table, where);
          });
        const all = [
          ...roots.map((entry) => ({ what: entry.root.name, some: [entry] })),
          { what: 'all tables at once', some: roots },
        ];
        const changes = all.flatMap(({ what, some }) =>
          [false, true].map((areSparesKept) => ({ what, statements: deletions(some, areSparesKept), selections })),
        );
        const outcomes = await session.trials(changes);
        for (const [index, { what, statements }] of changes.entries()) {
          const outcome = outcomes[index] ?? [];
          const because = textOf(join(statements, '; '));
          if (!('code' in outcome)) checkViews(authViews, selected.rowsOf(outcome), failures, because);
          else if (outcome.code === session.dialect.codes.foreignKey)
            failures.leaveOut(`${what}, a deletion that views show`, stillReferredTo);
          else failures.add('R15', because, 'deleted', outcomeText(outcome));
        }
      },
      keptTables: new Set(trackedChangeTables.map(({ table }) => qualified(table))),
    };
  },
};

const naturalKey = 'UX_Document_DocumentId_ResourceKeyId';

/**
 * Databases without a row to which a server binds its state, of another layout, and, in `otherShape`, of another shape
 * of schema `dms` (design 16 §5.1).
 */
export const refusedDatabasesOf = (otherShape: RefusedDatabase): readonly RefusedDatabase[] => [
  ...[coreV2.dataStoreIdentity, coreV2.documentCacheState].map(({ schema, name }) => ({
    what: `without the row of ${schema}.${name}`,
    statements: ({ sql }: Dialect) => [sql`DELETE FROM ${{ schema, name }}`],
    names: `${schema}.${name}`,
  })),
  {
    what: 'of the first generation, with its column of the cache',
    statements: ({ sql }) => [
      sql`DELETE FROM ${core.schemaComponent}`,
      sql`DELETE FROM ${core.effectiveSchema}`,
      sql`ALTER TABLE ${core.documentCache} ADD "Etag" varchar(64) NULL`,
    ],
    names: `${qualified(core.documentCache)}.Etag`,
  },
  otherShape,
];

export const generationV2: VerificationGeneration = {
  core: coreRulesV2,
  resources: resourceRulesV2,
  keptRows: [
    { table: core.effectiveSchema, columns: ['AppliedAt'] },
    { table: coreV2.dataStoreIdentity, columns: ['SourceIdentity'] },
    { table: coreV2.documentCacheState, columns: ['ProjectionLifecycleState', 'CacheAheadRecoveryRequired'] },
  ],
  // documents are queued for the cache only while it tracks them
  fillingStatements: (session) => [
    session.updateText(coreV2.documentCacheState, [session.equal('ProjectionLifecycleState', 'Tracking')]),
  ],
  refusedDatabases: refusedDatabasesOf({
    what: 'with a key of the next shape of schema dms',
    statements: ({ sql, id }) => [
      sql`ALTER TABLE ${core.document} ADD CONSTRAINT ${id(naturalKey)} UNIQUE ("DocumentId", "ResourceKeyId")`,
    ],
    names: naturalKey,
  }),
  computedIdentities: computedReferentialIds,
  storedId: (referentialId) => referentialId,
  probes: null,
};
