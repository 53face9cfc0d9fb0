import { resourceLabel } from '@dms/api-schema';
import type { Statement } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { core, modelIndex, mustExist, qualified, type RelationalModelSet, type ScalarType } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { WritingRules, WrittenId } from '../document-generation.ts';
import { concreteMembers, writeGroups, writeOrder } from '../ordering/write-order.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { finiteText } from '../values/dates-and-times.ts';
import type { StoredValue } from '../values/stored-value.ts';
import { idsByResourceKey, innerReferences } from '../writing/referrers.ts';
import type { ResolvedIds } from '../writing/table-rows.ts';
import { type DocumentMerge, isUnchanged, mergeDocument, type WantedRow } from './merge-document.ts';
import { type MergingTableWriter, type RowPart, resourceWriter } from './table-rows.ts';

/**
 * The members of the circle of each resource in one: two documents can refer to each other only if their resources are
 * in one circle.
 */
function circlesOf(model: RelationalModelSet): ReadonlyMap<string, ReadonlySet<string>> {
  const circles = writeGroups(model).filter(({ labels }) => labels.length > 1);
  return new Map(
    circles.flatMap(({ labels }) => {
      const members = new Set(labels);
      return labels.map((label) => [label, members] as const);
    }),
  );
}

/**
 * The columns of the optional references of a root row to other resources of a circle. No order of deletions keeps
 * their targets: a required reference of the circle has the opposite direction.
 */
function circularColumns(
  model: RelationalModelSet,
  { documentReferenceBindings, tablesInDependencyOrder: [root] }: RelationalModelSet['resources'][number],
  circle: ReadonlySet<string>,
): readonly string[] {
  const optional = new Set(
    root?.columns.filter(({ isNullable, storage }) => isNullable && storage.kind === 'Stored').map(({ name }) => name),
  );
  const members = concreteMembers(model);
  const found = documentReferenceBindings.flatMap(({ table, fkColumn, identityBindings, targetResource }) => {
    if (root === undefined || qualified(table) !== qualified(root.table) || !optional.has(fkColumn)) return [];
    const label = resourceLabel(targetResource);
    if (!(members.get(label) ?? [label]).some((member) => circle.has(member))) return [];
    // a value that required references share stays
    return [fkColumn, ...identityBindings.map(({ column }) => column)].filter((column) => optional.has(column));
  });
  return [...new Set(found)];
}

/**
 * Root rows are deleted before their documents: the trigger on the root table records the delete and reads the document
 * (design 17 §7.8). Referrers are deleted before their targets; in a circle, after their optional references to other
 * resources of the circle are set to NULL.
 */
function removal(all: DocumentPlans, documents: readonly DocumentRow[], uuids: readonly string[]): Statement[] {
  const { model } = all.mappingSet;
  const statements = documentStatements[all.dialect];
  const ids = idsByResourceKey(documents);
  /** The position of descriptors, which are in no write order. */
  const beforeAll = -1;
  const order = new Map(writeOrder(model).map((label, position) => [label, position]));
  const positionOf = (label: string) => order.get(label) ?? beforeAll;
  const circles = circlesOf(model);
  const { rootOf } = modelIndex(model);
  const removed = model.resources
    .filter(({ resourceKey }) => ids.has(resourceKey.id))
    .map((resource) => ({ resource, label: resourceLabel(resource.resourceKey) }))
    // descriptors, which refer to nothing, are last
    .toSorted((a, b) => positionOf(b.label) - positionOf(a.label));
  return [
    ...innerReferences(all, documents, ({ identity, table }) =>
      mustExist(identity.rootLocator[0], `the root locator of ${table.name}`),
    ),
    ...removed.flatMap(({ resource, label }) => {
      const root = rootOf(label);
      const circle = circles.get(label);
      if (!root || !circle || removed.every((other) => other.label === label || !circle.has(other.label))) return [];
      const columns = circularColumns(model, resource, circle);
      const own = ids.get(resource.resourceKey.id) ?? [];
      return columns.length === 0 ? [] : statements.emptyColumns(root.table, columns, own);
    }),
    ...removed.flatMap(({ resource: { resourceKey }, label }) => {
      const own = ids.get(resourceKey.id) ?? [];
      return statements.deleteRows(rootOf(label)?.table ?? core.descriptor, 'DocumentId', own);
    }),
    ...statements.removeDocuments(uuids),
  ];
}

/** Rows keep their ids, and only differences are written (design 17 §7). */
export const writingRulesV2: WritingRules = {
  batch(plans) {
    // throws if documents of the resource cannot be written at all
    resourceWriter(plans);
    const merges: DocumentMerge[] = [];
    return {
      insert: (document, documentId, ids) => {
        merges.push(mergeDocument(document, documentId, ids, []));
      },
      replace: ({ found, document, ids, stored }) => {
        const merge = mergeDocument(document, { id: String(found.DocumentId) }, ids, stored);
        if (isUnchanged(merge)) return false;
        merges.push(merge);
        return true;
      },
      get newIds() {
        return merges.flatMap(({ newIds }) => newIds);
      },
      statements: (isMarked) => mergeStatements(plans, merges, isMarked),
    };
  },
  changesIdentity(plans, { document, ids, stored }) {
    const [root] = resourceWriter(plans).tables;
    const [[row] = []] = stored;
    const [checked] = document.rows[0] ?? [];
    if (!root || !row || !checked) return false;
    const projection = new Set(plans.identityProjection);
    const before = root.storedRow(row);
    const after = root.rowOf(checked, ids, () => null);
    // an infinite date that an earlier version stored is the same date
    const finite = (value: StoredValue, kind: ScalarType['kind'] | undefined) =>
      typeof value === 'string' && kind !== undefined ? finiteText(value, kind) : value;
    const compared = (row: StoredRow, index: number, kind: ScalarType['kind'] | undefined) =>
      finite(root.comparedValue(row, index), kind);
    return root.compared.some((index) => {
      const { column } = mustExist(root.plan.columnBindings[index], 'the binding of a compared column');
      const { name, scalarType } = column;
      const kind = scalarType?.kind;
      return projection.has(name) && compared(before, index, kind) !== compared(after, index, kind);
    });
  },
  removal,
};

/** The rows of a document that is not stored yet. */
interface NewDocumentRows {
  /** The ids of its rows in collections; they must be set before {@link byTable} is called (design 17 §7.6). */
  readonly newIds: readonly WrittenId[];
  /** The rows by table, in plan order. */
  byTable(): readonly (readonly StoredRow[])[];
}

/**
 * The rows of a new document (design 17 §7.1). Throws `PLAN_IDENTITY_EMPTY` if documents of the resource cannot be
 * written.
 */
export function newDocumentRows(document: CheckedDocument, documentId: string, ids: ResolvedIds): NewDocumentRows {
  const { plans } = document;
  const { newIds, tables } = mergeDocument(document, { id: documentId }, ids, []);
  return {
    newIds,
    byTable: () =>
      resourceWriter(plans).tables.map((writer, index) =>
        (tables[index]?.inserted ?? []).map((row) => filledRow(writer, row)),
      ),
  };
}

/** A row whose ids are known, with all its values. */
function filledRow({ filled, plan }: MergingTableWriter, { values, document, parent, row }: WantedRow): StoredRow {
  const idOf: Readonly<Record<Exclude<RowPart, 'ordinal'>, string | null>> = {
    document: document.id,
    parent: parent.id,
    row: row.id,
  };
  const result = [...values];
  for (const { index, part } of filled)
    result[index] = mustExist(idOf[part], `the id of a row of ${plan.tableModel.table.name}`);
  return result;
}

/** The positions −1, −2, −3, … without those that rows have. */
function* freePositions(taken: Iterable<string>): Generator<string, never> {
  const others = new Set(taken);
  for (let position = -1; ; position -= 1) if (!others.has(String(position))) yield String(position);
}

/**
 * The statements that write merged documents of one resource: deletes from the last table to the first, then updates
 * and inserts, targets of foreign keys first. Rows that change places first get negative positions, so that no two rows
 * of a parent ever have the same position (design 17 §7.4, §7.12).
 */
function mergeStatements(plans: ResourcePlans, merges: readonly DocumentMerge[], isMarked = false): Statement[] {
  const { tables, insertOrder } = resourceWriter(plans);
  const statements = documentStatements[plans.dialect];
  const result: Statement[] = [];
  for (const [index, writer] of [...tables.entries()].reverse()) {
    const deleted = merges.flatMap((merge) => merge.tables[index]?.deleted ?? []);
    if (deleted.length > 0)
      append(result, statements.deleteRows(writer.plan.tableModel.table, writer.deletedBy, deleted));
  }
  for (const index of insertOrder) {
    const writer = mustExist(tables[index], 'the writer of a table');
    const { plan, merging } = writer;
    const changes = merges.flatMap((merge) => merge.tables[index] ?? []);
    const rowsOf = (rows: readonly WantedRow[]) => rows.map((row) => filledRow(writer, row));
    const updated = rowsOf(changes.flatMap((change) => change.updated));
    if (merging) {
      const moved = rowsOf(changes.flatMap((change) => (change.isReordered ? change.updated : [])));
      const positions = freePositions(changes.flatMap(({ belowZero }) => belowZero));
      const aside = moved.map((row) => row.with(merging.ordinal, positions.next().value));
      append(result, statements.updateElements(plan, aside, merging.update));
      append(result, statements.updateElements(plan, updated, merging.update));
    } else append(result, statements.updateRows(plan, updated));
    const marking = isMarked ? (writer.filled.find(({ part }) => part === 'document')?.index ?? null) : null;
    append(result, statements.insertRows(plan, rowsOf(changes.flatMap((change) => change.inserted)), marking));
  }
  return result;
}
