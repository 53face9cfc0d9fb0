import { core, qualified } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { type CheckedWorld, ofDocument, sameTable } from '../behaviour/checked-world.ts';
import { type DocumentStamps, longAgo } from '../behaviour/document-rows.ts';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import { SelectedRows } from '../behaviour/selected-rows.ts';
import type { StampRules } from '../behaviour/stamp-rules.ts';
import { storedIdentityRows } from '../behaviour/stored-referential-ids.ts';
import type { WorldDocument } from '../behaviour/world.ts';
import { checkViews, selectViews } from './authorization-views.ts';
import { coreRowsV2 } from './core-rows.ts';
import { identityTextsV2 } from './identity-texts.ts';
import { TrackedChecks } from './tracked-checks.ts';
import { selectTracked } from './tracked-rows.ts';

const version = 'ContentVersion';
const time = 'ContentLastModifiedAt';

/**
 * Only a change of a value stamps; root rows and descriptors repeat the content stamp of their document (design 16
 * §6.2).
 */
const stampRulesV2: StampRules = {
  stampsUnchangedRows: false,
  stampsLeftDocument: true,
  isIdentityOrdered: ({ content, identity }: DocumentStamps) => identity > content,
  watch(session, { resources }) {
    const roots: readonly QualifiedName[] = [
      core.descriptor,
      ...resources.flatMap(({ tablesInDependencyOrder: [root] }) => (root ? [root.table] : [])),
    ];
    const selection = (table: QualifiedName) => ({ table, columns: ['DocumentId', version, time] });
    const all = roots.map(selection);
    const byName = new Map(roots.map((table, index) => [qualified(table), all[index] ?? selection(table)]));
    return {
      forgetTimes: (some) =>
        (some ?? roots).map(
          (table) => `UPDATE ${session.table(table)} SET ${session.quote(time)} = ${session.literal(longAgo)}`,
        ),
      selections: (some) =>
        some === null ? all : some.map((table) => byName.get(qualified(table)) ?? selection(table)),
      faults: (rows, stamped, others) =>
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

/** Documents, each preceded by the documents that refer to it directly or indirectly. */
function referrersFirst({ full }: CheckedWorld, some: readonly WorldDocument[]): readonly WorldDocument[] {
  const removed = new Set(some.map(({ root }) => qualified(root.table.table)));
  const refersTo = ({ root, lower }: WorldDocument) =>
    [root, ...lower].some(({ references, optionalReferences }) =>
      [...references, ...optionalReferences].some(({ target }) => removed.has(qualified(target))),
    );
  for (let known = 0; known < removed.size; ) {
    known = removed.size;
    for (const entry of full.documents) if (refersTo(entry)) removed.add(qualified(entry.root.table.table));
  }
  return full.documents.filter(({ root }) => removed.has(qualified(root.table.table))).reverse();
}

export const resourceRulesV2: ResourceRules = {
  rows: coreRowsV2,
  stamps: stampRulesV2,
  identities: (inventory) => storedIdentityRows(inventory, identityTextsV2),
  further({ inventory }, session, failures) {
    const { trackedChangeTables, authViews } = inventory;
    const tracked = new TrackedChecks(inventory, failures);
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
      async beforeDeletions(world) {
        await failures.during('R14', 'tracked changes', () => tracked.tombstones(world));
        await failures.during('R14', 'tracked changes', () => tracked.descriptors(world));
        if (authViews.length === 0) return;
        const selected = new SelectedRows();
        selectViews(authViews, selected);
        const { selections } = selected;
        // what the views still show of deleted rows
        const sources = new Set(
          authViews.flatMap(({ arms }) => arms.flatMap(({ joins }) => joins.map(({ table }) => qualified(table)))),
        );
        const roots = world.full.documents.filter(({ root }) => sources.has(qualified(root.table.table)));
        // where a spare document stays, an arm of live rows and an arm of deleted rows return the same row
        const deletions = (some: readonly WorldDocument[], areSparesKept: boolean) =>
          referrersFirst(world, some).map((entry) => {
            const text = `DELETE FROM ${session.table(entry.root.table.table)}`;
            const isOne = areSparesKept && some.includes(entry);
            return isOne ? `${text} WHERE ${ofDocument(world, entry.root, entry.documentId)}` : text;
          });
        const changes = [...roots.map((root) => [root]), roots].flatMap((some) =>
          [false, true].map((areSparesKept) => ({ statements: deletions(some, areSparesKept), selections })),
        );
        for (const [index, outcome] of (await session.trials(changes)).entries()) {
          if ('code' in outcome) continue;
          checkViews(authViews, selected.rowsOf(outcome), failures, (changes[index]?.statements ?? []).join('; '));
        }
      },
      keptTables: new Set(trackedChangeTables.map(({ table }) => qualified(table))),
    };
  },
};
