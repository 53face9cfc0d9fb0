import type { AuthEdOrgEntity } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { RowText } from '../verification-dialect.ts';
import { type ObservedChange, outcomeText, type SelectedRows } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { nearValues } from './column-values.ts';
import { ownIdentityColumn } from './identity-checks.ts';
import type { WorldDocument } from './world.ts';
import { type RowReference, referenceTargets, storedColumn, storedColumns } from './world-tables.ts';

/**
 * R13: organizations are inserted below others, moved, detached and deleted, one and several at once; after each change
 * the hierarchy is the closure of the entity tables (design 07 §9.6). `selected` reads the closure and the columns from
 * which it follows.
 */
export async function checkHierarchy(world: CheckedWorld, selected: SelectedRows): Promise<void> {
  const { session, failures, derived, input, sparse, full } = world;
  const trials = (input.inventory.authEdOrgHierarchy?.entities ?? []).flatMap((entity) => {
    const find = (documents: readonly WorldDocument[]) =>
      documents.find(({ root }) => sameTable(root.table.table, entity.table));
    const one = find(sparse.documents);
    const other = find(full.documents);
    return one && other ? trialsOf(world, one, other, entity) : [];
  });
  const { selections } = selected;
  const changes = trials.map(({ statements }): ObservedChange => ({ statements, selections }));
  const outcomes = await session.reading(selections, () => session.trials(changes));
  for (const [index, { object, mayBeRefused }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if (!('code' in outcome)) derived.hierarchy(selected.rowsOf(outcome), { failures, check: 'R13', because: object });
    else if (!mayBeRefused) failures.add('R13', object, 'accepted', outcomeText(outcome));
  }
}

interface Trial {
  readonly object: string;
  readonly statements: readonly string[];
  /** Whether a key may refuse the statements. */
  readonly mayBeRefused: boolean;
}

/** The trials of an organization; `sparse` and `full` are its documents of the two worlds. */
function trialsOf(world: CheckedWorld, sparse: WorldDocument, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { root, label, documentId } = full;
  const remove = `DELETE FROM ${world.session.table(root.table.table)} WHERE ${ofDocument(world, root, documentId)}`;
  const references = parentReferences(full, entity);
  return [
    ...references.flatMap((reference) => movingTrials(world, sparse, full, reference)),
    { object: `${label} ${documentId} deleted`, statements: [remove], mayBeRefused: true },
    ...copyingTrials(world, full, entity),
    ...renamingTrials(world, full),
    ...references.flatMap((reference) => nearMoves(world, full, reference)),
  ];
}

/** The required and optional references of an organization to its parents. */
function parentReferences({ root }: WorldDocument, { parentFks }: AuthEdOrgEntity): readonly RowReference[] {
  const columns = new Set(parentFks.map(({ denormalizedParentIdColumn: name }) => storedColumn(root.table, name)));
  return [...root.references, ...root.optionalReferences].filter(({ copies }) =>
    copies.some(({ targetColumn }) => columns.has(targetColumn)),
  );
}

/** The number of parents that are tried for each organization; more would find no more errors. */
const mostTargets = 4;

/** Moves an organization below others, and to the top, without a parent. */
function movingTrials(
  world: CheckedWorld,
  sparse: WorldDocument,
  full: WorldDocument,
  reference: RowReference,
): Trial[] {
  const { session, rowsOf } = world;
  const { root, label } = full;
  const { documentColumn } = reference;
  const mayBeRefused = !isAlone(full, reference);
  const targets = rowsOf(reference.target).slice(0, mostTargets);
  const trials = targets.flatMap((target) =>
    [sparse, full]
      .filter(({ documentId }) => Number(target.DocumentId) !== documentId)
      .map(({ documentId }): Trial => {
        const move = updateText(world, root, naming(reference, target), ofDocument(world, root, documentId));
        const object = `${label} ${documentId} below ${documentColumn} ${target.DocumentId}`;
        return { object, statements: [move], mayBeRefused };
      }),
  );
  if (!root.optionalReferences.includes(reference)) return trials;
  const clear = updateText(world, root, naught(reference));
  trials.push({ object: `${label} without ${documentColumn}`, statements: [clear], mayBeRefused });
  const [first] = targets;
  if (!first) return trials;
  const others = `${session.quote('DocumentId')} <> ${first.DocumentId}`;
  const object = `all rows of ${label} below ${documentColumn} ${first.DocumentId}`;
  const statements = [clear, updateText(world, root, naming(reference, first), others)];
  return [...trials, { object, statements, mayBeRefused }];
}

/** Whether no other reference of a row fills a column of this one, which could prevent its change. */
const isAlone = ({ root }: WorldDocument, reference: RowReference): boolean =>
  [...root.references, ...root.optionalReferences].every(
    (other) =>
      other === reference ||
      other.copies.every(({ targetColumn }) => reference.copies.every((copy) => copy.targetColumn !== targetColumn)),
  );

/** The columns of a reference, with the values that refer to a row. */
const naming = ({ documentColumn, copies }: RowReference, target: RowText): ReadonlyMap<string, string | null> =>
  new Map([
    [documentColumn, target.DocumentId ?? null],
    ...copies.map(({ sourceColumn, targetColumn }) => [targetColumn, target[sourceColumn] ?? null] as const),
  ]);

const naught = ({ documentColumn, copies }: RowReference): ReadonlyMap<string, string | null> =>
  new Map([[documentColumn, null], ...copies.map(({ targetColumn }) => [targetColumn, null] as const)]);

/**
 * Inserts copies of an organization, each below another one, and deletes them; only if it has an identity of its own.
 */
function copyingTrials(world: CheckedWorld, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { session, rowsOf, documents } = world;
  const { root, label } = full;
  const own = ownIdentityColumn(full);
  const type = own?.scalarType;
  if (!rowOf(world, root, full.documentId) || !own || !type) return [];
  const uuids = [documents.nextUuid(), documents.nextUuid(), documents.nextUuid()];
  const stored = new Set<string>(storedColumns(root.table));
  // each has another parent, and the last has none if the parent is optional
  const [reference] = parentReferences(full, entity);
  const above = reference ? rowsOf(reference.target).map((target) => naming(reference, target)) : [];
  const parentsOf = (index: number) =>
    reference && index === uuids.length - 1 && root.optionalReferences.includes(reference)
      ? naught(reference)
      : (above[index % above.length] ?? []);
  const copies = uuids.map((uuid, index) => {
    const others = [...parentsOf(index)].filter(([name]) => stored.has(name));
    const expressions = new Map(others.map(([name, value]) => [name, session.literal(value)]));
    return { uuid, identity: world.full.values.next(type), others: expressions };
  });
  const inserted = insertCopies(world, full, own.name, copies);
  const ids = uuids.map((uuid) => documents.idExpression(uuid)).join(', ');
  const removed = `DELETE FROM ${session.table(root.table.table)} WHERE ${session.quote('DocumentId')} IN (${ids})`;
  const object = (what: string) => `three of ${label} ${what} with organizations above them`;
  return [
    { object: object('inserted'), statements: inserted, mayBeRefused: false },
    { object: object('deleted'), statements: [...inserted, removed], mayBeRefused: false },
  ];
}

/** A new document with its own identity, and expressions for some of its columns. */
interface Copy {
  readonly identity: string;
  readonly uuid: string;
  readonly others: ReadonlyMap<string, string>;
}

/** Statements that insert copies of the row of a document. */
function insertCopies(
  world: CheckedWorld,
  entry: WorldDocument,
  own: string,
  copies: readonly Copy[],
): readonly string[] {
  const { session, documents } = world;
  const { root, resource, documentId } = entry;
  const row = rowOf(world, root, documentId) ?? {};
  const rows = copies.map(({ identity, uuid, others }) => {
    const id = ['DocumentId', documents.idExpression(uuid)] as const;
    const expressions = new Map([id, ...others, [own, session.literal(identity)]]);
    const columns = storedColumns(root.table).filter((name) => !expressions.has(name));
    return { values: new Map(columns.map((name) => [name, row[name] ?? null])), expressions };
  });
  return [
    ...copies.map(({ uuid }) => documents.insertText(uuid, resource.resourceKey.id)),
    session.insertRowsText(root.table.table, rows),
  ];
}

/** Gives organizations ids that differ as little as possible from the old ones: all at once, in two trials. */
function renamingTrials(world: CheckedWorld, child: WorldDocument): Trial[] {
  const { session, documents, input } = world;
  const own = idColumn(child);
  if (!own) return [];
  const ids = nearValues(own.type, false, input.model.dialect).flatMap((id) => id ?? []);
  // neighbouring pairs share an id, so each trial has every other pair
  return [0, 1].map((start): Trial => {
    const copies = ids.flatMap((identity, index) => {
      const next = ids[index + 1];
      const isTried = index % 2 === start && next !== undefined;
      return isTried ? [{ identity, next, uuid: documents.nextUuid(), others: new Map<string, string>() }] : [];
    });
    const renamed = copies.map(({ uuid, next }) =>
      updatingNew(world, child, uuid)(new Map([[own.name, session.literal(next)]])),
    );
    const pairs = copies.map(({ identity, next }) => `${next} after ${identity}`);
    return {
      object: `${child.label} with ids near each other: ${pairs.join(', ')}`,
      statements: [...insertCopies(world, child, own.name, copies), ...renamed],
      mayBeRefused: false,
    };
  });
}

/** The id column of an organization, if it is a number. */
function idColumn(entry: WorldDocument) {
  const own = ownIdentityColumn(entry);
  const type = own?.scalarType;
  return own && (type?.kind === 'Int32' || type?.kind === 'Int64') ? { name: own.name, type } : undefined;
}

/** An update of the row of a new document, with expressions. */
function updatingNew({ session, documents }: CheckedWorld, { root }: WorldDocument, uuid: string) {
  return (values: ReadonlyMap<string, string>) => {
    const list = [...values].map(([column, value]) => `${session.quote(column)} = ${value}`);
    return `UPDATE ${session.table(root.table.table)} SET ${list.join(', ')} WHERE ${session.quote('DocumentId')} = ${documents.idExpression(uuid)}`;
  };
}

/**
 * Moves organizations between parents whose ids differ as little as possible, or from no parent to the id 0: all at
 * once, each along one pair of near values.
 */
function nearMoves(world: CheckedWorld, child: WorldDocument, reference: RowReference): Trial[] {
  const { session, documents, input, full } = world;
  const own = idColumn(child);
  const [copy, ...others] = reference.copies;
  const candidates = referenceTargets(input.model, full.documents).get(qualified(reference.target)) ?? [];
  const labels = new Set(candidates.map(({ label }) => label));
  const parent = full.documents.find((entry) => labels.has(entry.label) && idColumn(entry) !== undefined);
  const above = parent && idColumn(parent);
  if (!own || !above || !copy || others.length > 0) return [];
  const isOptional = child.root.optionalReferences.includes(reference);
  const near = nearValues(above.type, isOptional, input.model.dialect);
  const places = near.map((id) => ({ id, uuid: documents.nextUuid() }));
  const below = (place: (typeof places)[number] | undefined) =>
    new Map([
      [reference.documentColumn, place?.id == null ? 'NULL' : documents.idExpression(place.uuid)],
      [copy.targetColumn, place?.id == null ? 'NULL' : session.literal(place.id)],
    ]);
  const parents = places.flatMap(({ id, uuid }) => (id === null ? [] : [{ identity: id, uuid, others: new Map() }]));
  const moved = places.slice(1).map((place, index) => {
    const identity = full.values.next(own.type);
    return { identity, uuid: documents.nextUuid(), others: below(places[index]), place };
  });
  return [
    {
      object: `${child.label} moved between ids of ${reference.documentColumn} that are near each other`,
      statements: [
        ...insertCopies(world, parent, above.name, parents),
        ...insertCopies(world, child, own.name, moved),
        ...moved.map(({ uuid, place }) => updatingNew(world, child, uuid)(below(place))),
      ],
      mayBeRefused: !isAlone(child, reference),
    },
  ];
}
