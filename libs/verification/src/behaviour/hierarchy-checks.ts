import type { AuthEdOrgEntity } from '@dms/inventory';
import type { RowText } from '../verification-dialect.ts';
import { type ObservedChange, refusalText } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { ownIdentityColumn } from './identity-checks.ts';
import type { SelectedRows } from './selected-rows.ts';
import { storedColumns, type WorldDocument } from './world.ts';
import type { RowReference } from './world-tables.ts';

/** How many parents are tried for each organization; more would add nothing. */
const mostTargets = 4;

interface Trial {
  readonly object: string;
  readonly statements: readonly string[];
  /** Whether a key may prevent it. */
  readonly mayBeRefused: boolean;
}

/** The references of an organization to those above it, whether or not it must have them. */
function parentReferences({ root }: WorldDocument, { parentFks }: AuthEdOrgEntity): readonly RowReference[] {
  const storage = new Map<string, string>(
    root.table.columns.map(({ name, storage: kept }) => [name, kept.kind === 'UnifiedAlias' ? kept.canonicalColumn : name]),
  );
  const columns = new Set(parentFks.map(({ denormalizedParentIdColumn: name }) => storage.get(name) ?? name));
  return [...root.references, ...root.optionalReferences].filter(({ copies }) =>
    copies.some(({ targetColumn }) => columns.has(targetColumn)),
  );
}

/** The columns of a reference when it refers to a row. */
const naming = ({ documentColumn, copies }: RowReference, target: RowText): ReadonlyMap<string, string | null> =>
  new Map([
    [documentColumn, target.DocumentId ?? null],
    ...copies.map(({ sourceColumn, targetColumn }) => [targetColumn, target[sourceColumn] ?? null] as const),
  ]);

const naught = ({ documentColumn, copies }: RowReference): ReadonlyMap<string, string | null> =>
  new Map([[documentColumn, null], ...copies.map(({ targetColumn }) => [targetColumn, null] as const)]);

function trialsOf(world: CheckedWorld, sparse: WorldDocument, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { session, rowsOf, documents } = world;
  const { root, label } = full;
  const trials: Trial[] = [];
  const optional = new Set(root.optionalReferences);
  for (const reference of parentReferences(full, entity)) {
    const isOptional = optional.has(reference);
    // another reference may prevent the change of a column that both fill
    const isAlone = [...root.references, ...root.optionalReferences].every(
      (other) =>
        other === reference ||
        other.copies.every(({ targetColumn }) => reference.copies.every((copy) => copy.targetColumn !== targetColumn)),
    );
    const targets = rowsOf(reference.target).slice(0, mostTargets);
    for (const target of targets) {
      for (const moved of [sparse, full]) {
        if (Number(target.DocumentId) === moved.documentId) continue;
        trials.push({
          object: `${label} ${moved.documentId} below ${reference.documentColumn} ${target.DocumentId}`,
          statements: [updateText(world, root, naming(reference, target), ofDocument(world, root, moved.documentId))],
          mayBeRefused: !isAlone,
        });
      }
    }
    if (!isOptional) continue;
    const clear = updateText(world, root, naught(reference));
    trials.push({ object: `${label} without ${reference.documentColumn}`, statements: [clear], mayBeRefused: !isAlone });
    const [first] = targets;
    if (!first) continue;
    trials.push({
      object: `all rows of ${label} below ${reference.documentColumn} ${first.DocumentId}`,
      statements: [
        clear,
        updateText(world, root, naming(reference, first), `${session.quote('DocumentId')} <> ${first.DocumentId}`),
      ],
      mayBeRefused: !isAlone,
    });
  }
  const remove = `DELETE FROM ${session.table(root.table.table)} WHERE ${ofDocument(world, root, full.documentId)}`;
  trials.push({ object: `${label} ${full.documentId} deleted`, statements: [remove], mayBeRefused: true });
  const row = rowOf(world, root, full.documentId);
  const own = ownIdentityColumn(full);
  const type = own?.scalarType;
  if (row && own && type) {
    const uuids = [documents.nextUuid(), documents.nextUuid(), documents.nextUuid()];
    const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
    // each of them has another organization above it, and the last has none where it needs none
    const [reference] = parentReferences(full, entity);
    const above = reference ? rowsOf(reference.target).map((target) => naming(reference, target)) : [];
    const parentsOf = (index: number) =>
      reference && index === uuids.length - 1 && optional.has(reference)
        ? naught(reference)
        : (above[index % above.length] ?? []);
    const rows = uuids.map((uuid, index) => ({
      values: new Map([
        ...columns.map((name) => [name, row[name] ?? null] as const),
        ...[...parentsOf(index)].filter(([name]) => columns.some((column) => column === name)),
        [own.name, world.full.values.next(type)] as const,
      ]),
      expressions: new Map([['DocumentId', documents.idExpression(uuid)]]),
    }));
    const inserted = [
      ...uuids.map((uuid) => documents.insertText(uuid, full.resource.resourceKey.id)),
      session.insertRowsText(root.table.table, rows),
    ];
    const removed = `DELETE FROM ${session.table(root.table.table)} WHERE ${session.quote('DocumentId')} IN (${uuids.map((uuid) => documents.idExpression(uuid)).join(', ')})`;
    trials.push(
      {
        object: `three of ${label} inserted with organizations above them`,
        statements: inserted,
        mayBeRefused: false,
      },
      {
        object: `three of ${label} deleted with organizations above them`,
        statements: [...inserted, removed],
        mayBeRefused: false,
      },
    );
  }
  return trials;
}

/**
 * R13: organizations are inserted below others, moved, set free and deleted, one and several at once; after each the hierarchy is the
 * closure of the entity tables (design 07 §9.6). `selected` reads what the closure follows from.
 */
export async function checkHierarchy(world: CheckedWorld, selected: SelectedRows): Promise<void> {
  const { session, failures, derived, input, sparse, full } = world;
  const trials = (input.inventory.authEdOrgHierarchy?.entities ?? []).flatMap((entity) => {
    const find = (documents: readonly WorldDocument[]) =>
      documents.find(({ root }) => sameTable(root.table.table, entity.table));
    const [one, other] = [find(sparse.documents), find(full.documents)];
    return one && other ? trialsOf(world, one, other, entity) : [];
  });
  const { selections } = selected;
  const changes = trials.map(({ statements }): ObservedChange => ({ statements, selections }));
  const outcomes = await session.reading(selections, () => session.trials(changes));
  for (const [index, { object, mayBeRefused }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if (!('code' in outcome)) derived.hierarchy(selected.rowsOf(outcome), failures, 'R13', object);
    else if (!mayBeRefused) failures.add('R13', object, 'accepted', refusalText(outcome));
  }
}
