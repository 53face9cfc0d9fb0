import type { AuthEdOrgEntity } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { RowText } from '../verification-dialect.ts';
import { type ObservedChange, refusalText, type SelectedRows } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { nearValues } from './column-values.ts';
import { ownIdentityColumn } from './identity-checks.ts';
import type { WorldDocument } from './world.ts';
import { type RowReference, referenceTargets, storedColumns } from './world-tables.ts';

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
    root.table.columns.map(({ name, storage: kept }) => [
      name,
      kept.kind === 'UnifiedAlias' ? kept.canonicalColumn : name,
    ]),
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

/** Whether no other reference of a row fills a column of this one, which could prevent its change. */
const isAlone = ({ root }: WorldDocument, reference: RowReference): boolean =>
  [...root.references, ...root.optionalReferences].every(
    (other) =>
      other === reference ||
      other.copies.every(({ targetColumn }) => reference.copies.every((copy) => copy.targetColumn !== targetColumn)),
  );

/** Moves an organization below others, and to where it has none above it. */
function movingTrials(
  world: CheckedWorld,
  sparse: WorldDocument,
  full: WorldDocument,
  reference: RowReference,
): Trial[] {
  const { session, rowsOf } = world;
  const { root, label } = full;
  const trials: Trial[] = [];
  const mayBeRefused = !isAlone(full, reference);
  const targets = rowsOf(reference.target).slice(0, mostTargets);
  for (const target of targets) {
    for (const moved of [sparse, full]) {
      if (Number(target.DocumentId) === moved.documentId) continue;
      trials.push({
        object: `${label} ${moved.documentId} below ${reference.documentColumn} ${target.DocumentId}`,
        statements: [updateText(world, root, naming(reference, target), ofDocument(world, root, moved.documentId))],
        mayBeRefused,
      });
    }
  }
  if (!root.optionalReferences.includes(reference)) return trials;
  const clear = updateText(world, root, naught(reference));
  trials.push({ object: `${label} without ${reference.documentColumn}`, statements: [clear], mayBeRefused });
  const [first] = targets;
  if (!first) return trials;
  trials.push({
    object: `all rows of ${label} below ${reference.documentColumn} ${first.DocumentId}`,
    statements: [
      clear,
      updateText(world, root, naming(reference, first), `${session.quote('DocumentId')} <> ${first.DocumentId}`),
    ],
    mayBeRefused,
  });
  return trials;
}

/**
 * Inserts copies of an organization, each below another one, and deletes them again; empty where it has no identity of
 * its own.
 */
function copyingTrials(world: CheckedWorld, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { session, rowsOf, documents } = world;
  const { root, label } = full;
  const row = rowOf(world, root, full.documentId);
  const own = ownIdentityColumn(full);
  const type = own?.scalarType;
  if (!row || !own || !type) return [];
  const uuids = [documents.nextUuid(), documents.nextUuid(), documents.nextUuid()];
  const columns = storedColumns(root.table).filter((name) => name !== 'DocumentId');
  // each of them has another organization above it, and the last has none where it needs none
  const [reference] = parentReferences(full, entity);
  const above = reference ? rowsOf(reference.target).map((target) => naming(reference, target)) : [];
  const parentsOf = (index: number) =>
    reference && index === uuids.length - 1 && root.optionalReferences.includes(reference)
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
  return [
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
  ];
}

function trialsOf(world: CheckedWorld, sparse: WorldDocument, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { root, label } = full;
  const remove = `DELETE FROM ${world.session.table(root.table.table)} WHERE ${ofDocument(world, root, full.documentId)}`;
  return [
    ...parentReferences(full, entity).flatMap((reference) => movingTrials(world, sparse, full, reference)),
    { object: `${label} ${full.documentId} deleted`, statements: [remove], mayBeRefused: true },
    ...copyingTrials(world, full, entity),
  ];
}

/** New documents with the values of the row of another, an own identity, and expressions for some of their columns. */
function copiesOf(
  { session, documents, rowsOf }: CheckedWorld,
  entry: WorldDocument,
  own: string,
  copies: readonly { readonly identity: string; readonly uuid: string; readonly others: ReadonlyMap<string, string> }[],
): readonly string[] {
  const { root, resource, documentId } = entry;
  const row = rowOf({ rowsOf }, root, documentId) ?? {};
  const rows = copies.map(({ identity, uuid, others }) => {
    const expressions = new Map([
      ['DocumentId', documents.idExpression(uuid)],
      ...others,
      [own, session.literal(identity)],
    ]);
    const columns = storedColumns(root.table).filter((name) => !expressions.has(name));
    return { values: new Map(columns.map((name) => [name, row[name] ?? null])), expressions };
  });
  return [
    ...copies.map(({ uuid }) => documents.insertText(uuid, resource.resourceKey.id)),
    session.insertRowsText(root.table.table, rows),
  ];
}

/**
 * Organizations that get ids which differ as little as they can from their own; and organizations that move between
 * others with such ids, or from none to the id 0: all at once, each along one pair of near values.
 */
function nearTrials(world: CheckedWorld, child: WorldDocument, entity: AuthEdOrgEntity): readonly Trial[] {
  const { session, documents, input, full } = world;
  const ownOf = (entry: WorldDocument) => {
    const own = ownIdentityColumn(entry);
    return own?.scalarType?.kind === 'Int32' || own?.scalarType?.kind === 'Int64'
      ? { name: own.name, type: own.scalarType }
      : undefined;
  };
  const own = ownOf(child);
  if (!own) return [];
  const targets = referenceTargets(input.model, full.documents);
  const ids = nearValues(own.type, false, input.model.dialect).flatMap((id) => id ?? []);
  // neighbouring pairs share an id, so every other one is tried at once
  const renamings = [0, 1].map((start): Trial => {
    const pairs = ids.flatMap((id, index) => {
      const next = ids[index + 1];
      return index % 2 === start && next !== undefined ? [{ identity: id, next, uuid: documents.nextUuid() }] : [];
    });
    const copies = pairs.map((pair) => ({ ...pair, others: new Map<string, string>() }));
    const renamed = pairs.map(
      ({ uuid, next }) =>
        `UPDATE ${session.table(child.root.table.table)} SET ${session.quote(own.name)} = ${session.literal(next)} WHERE ${session.quote('DocumentId')} = ${documents.idExpression(uuid)}`,
    );
    return {
      object: `${child.label} with ids near each other: ${pairs.map(({ identity, next }) => `${next} after ${identity}`).join(', ')}`,
      statements: [...copiesOf(world, child, own.name, copies), ...renamed],
      mayBeRefused: false,
    };
  });
  const moves = parentReferences(child, entity).flatMap((reference): Trial[] => {
    const [copy, ...others] = reference.copies;
    const candidates = new Set((targets.get(qualified(reference.target)) ?? []).map(({ label }) => label));
    const parent = full.documents.find((entry) => candidates.has(entry.label) && ownOf(entry) !== undefined);
    const above = parent && ownOf(parent);
    if (!above || !copy || others.length > 0) return [];
    const isOptional = child.root.optionalReferences.includes(reference);
    const places = nearValues(above.type, isOptional, input.model.dialect).map((id) => ({
      id,
      uuid: documents.nextUuid(),
    }));
    const below = (place: (typeof places)[number] | undefined) =>
      new Map([
        [reference.documentColumn, place?.id == null ? 'NULL' : documents.idExpression(place.uuid)],
        [copy.targetColumn, place?.id == null ? 'NULL' : session.literal(place.id)],
      ]);
    const parents = places.flatMap(({ id, uuid }) => (id === null ? [] : [{ identity: id, uuid, others: new Map() }]));
    const moved = places.slice(1).map((place, index) => ({
      identity: full.values.next(own.type),
      uuid: documents.nextUuid(),
      others: below(places[index]),
      place,
    }));
    const changes = moved.map(({ uuid, place }) => {
      const list = [...below(place)].map(([column, value]) => `${session.quote(column)} = ${value}`);
      return `UPDATE ${session.table(child.root.table.table)} SET ${list.join(', ')} WHERE ${session.quote('DocumentId')} = ${documents.idExpression(uuid)}`;
    });
    return [
      {
        object: `${child.label} moved between ids of ${reference.documentColumn} that are near each other`,
        statements: [
          ...copiesOf(world, parent, above.name, parents),
          ...copiesOf(world, child, own.name, moved),
          ...changes,
        ],
        mayBeRefused: !isAlone(child, reference),
      },
    ];
  });
  return [...renamings, ...moves];
}

/**
 * R13: organizations are inserted below others, moved, set free and deleted, one and several at once; after each the
 * hierarchy is the closure of the entity tables (design 07 §9.6). `selected` reads what the closure follows from.
 */
export async function checkHierarchy(world: CheckedWorld, selected: SelectedRows): Promise<void> {
  const { session, failures, derived, input, sparse, full } = world;
  const trials = (input.inventory.authEdOrgHierarchy?.entities ?? []).flatMap((entity) => {
    const find = (documents: readonly WorldDocument[]) =>
      documents.find(({ root }) => sameTable(root.table.table, entity.table));
    const one = find(sparse.documents);
    const other = find(full.documents);
    return one && other ? [...trialsOf(world, one, other, entity), ...nearTrials(world, other, entity)] : [];
  });
  const { selections } = selected;
  const changes = trials.map(({ statements }): ObservedChange => ({ statements, selections }));
  const outcomes = await session.reading(selections, () => session.trials(changes));
  for (const [index, { object, mayBeRefused }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if (!('code' in outcome)) derived.hierarchy(selected.rowsOf(outcome), { failures, check: 'R13', because: object });
    else if (!mayBeRefused) failures.add('R13', object, 'accepted', refusalText(outcome));
  }
}
