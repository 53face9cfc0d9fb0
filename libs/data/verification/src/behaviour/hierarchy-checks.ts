import type { AuthEdOrgEntity } from '@dms/inventory';
import { qualified, storedColumn } from '@dms/model';
import { isInteger, type PlainSql } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import { isRefusedWith, type ObservedChange, outcomeText, type SelectedRows } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { nearValues } from './column-values.ts';
import { identityColumns } from './identity-checks.ts';
import { noKeyLeft } from './keys.ts';
import { keysToColumns } from './reference-checks.ts';
import type { WorldDocument } from './world.ts';
import { nullableColumns, type RowReference, referenceTargets, storedColumns } from './world-tables.ts';

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
  const { foreignKey, check, unique } = session.dialect.codes;
  const refusals = [foreignKey, check, unique];
  const changes = trials.map(({ statements }): ObservedChange => ({ statements, selections }));
  const outcomes = await session.reading(selections, () => session.trials(changes));
  for (const [index, { object, mayBeRefused }] of trials.entries()) {
    const outcome = outcomes[index] ?? [];
    if (!('code' in outcome)) derived.hierarchy(selected.rowsOf(outcome), { failures, check: 'R13', because: object });
    else if (!mayBeRefused) failures.add('R13', object, 'accepted', outcomeText(outcome));
    else if (!refusals.some((code) => isRefusedWith(outcome, code)))
      failures.add('R13', object, `accepted, or refused with ${refusals.join(' or ')}`, outcomeText(outcome));
  }
}

interface Trial {
  readonly object: string;
  readonly statements: readonly PlainSql[];
  /** Whether a key, or the check of another reference, may refuse the statements. */
  readonly mayBeRefused: boolean;
}

/** The trials of an organization; `sparse` and `full` are its documents of the two worlds. */
function trialsOf(world: CheckedWorld, sparse: WorldDocument, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { root, label, documentId } = full;
  const remove = world.session.deleteText(root.table.table, ofDocument(world, root, documentId));
  const references = parentReferences(full, entity);
  return [
    ...references.flatMap((reference) => movingTrials(world, sparse, full, reference)),
    { object: `${label} ${documentId} deleted`, statements: [remove], mayBeRefused: true },
    ...copyingTrials(world, full, entity),
    ...renamingTrials(world, full, entity),
    ...references.flatMap((reference) => nearMoves(world, full, entity, reference)),
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
  const mayBeRefused = !isAlone(full, reference) || isReferredTo(world, full, reference);
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
  const clear = updateText(world, root, naught(full, reference));
  trials.push({ object: `${label} without ${documentColumn}`, statements: [clear], mayBeRefused });
  const [first] = targets;
  if (!first) return trials;
  const { sql, literal } = session.rules;
  const others = sql`"DocumentId" <> ${literal(Number(first.DocumentId))}`;
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

/** Whether keys of other rows refer to a column of a reference, which is then a part of the organization's identity. */
const isReferredTo = (world: CheckedWorld, { root }: WorldDocument, { copies }: RowReference): boolean =>
  keysToColumns(
    world,
    root,
    copies.map(({ targetColumn }) => targetColumn),
  ).length > 0;

/** The columns of a reference, with the values that refer to a row. */
const naming = ({ documentColumn, copies }: RowReference, target: RowText): ReadonlyMap<string, string | null> =>
  new Map([
    [documentColumn, target.DocumentId ?? null],
    ...copies.map(({ sourceColumn, targetColumn }) => [targetColumn, target[sourceColumn] ?? null] as const),
  ]);

/** The columns of an absent reference. A column that must have a value also shows another property, which stays. */
function naught({ root }: WorldDocument, { documentColumn, copies }: RowReference): ReadonlyMap<string, string | null> {
  const nullable = nullableColumns(root.table);
  const copied = copies.map(({ targetColumn }) => targetColumn).filter((name) => nullable.has(name));
  return new Map([documentColumn, ...copied].map((name) => [name, null]));
}

/**
 * Inserts copies of an organization, each below another one, and deletes them; only if it has an identity of its own.
 */
function copyingTrials(world: CheckedWorld, full: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { session, rowsOf, documents, failures } = world;
  const { root, label } = full;
  const { table } = root.table;
  const row = rowOf(world, root, full.documentId);
  const identity = identityColumns(full).map(({ name }) => name);
  if (!row || identity.length === 0) return [];
  const uuids = [documents.nextUuid(), documents.nextUuid(), documents.nextUuid()];
  const stored = new Set<string>(storedColumns(root.table));
  // each has another parent, and the last has none if the parent is optional
  const [reference] = parentReferences(full, entity);
  const above = reference ? rowsOf(reference.target).map((target) => naming(reference, target)) : [];
  const parents = uuids.map((_, index) =>
    reference && index === uuids.length - 1 && root.optionalReferences.includes(reference)
      ? naught(full, reference)
      : (above[index % above.length] ?? []),
  );
  const keys = world.keys.trial();
  const own = keys.bestFirst(table, identity);
  const columns = new Set([...own, ...parents.flatMap((parent) => [...parent].map(([name]) => name))]);
  const copies: Copy[] = [];
  for (const [index, uuid] of uuids.entries()) {
    const before = new Map([...Object.entries(row), ...(parents[index] ?? [])]);
    const values = keys.free(table, before, own, keys.valuesOf(table, world.full.values));
    if (values === null) {
      failures.leaveOut(`${root.name}, three organizations`, noKeyLeft);
      return [];
    }
    keys.add(table, values);
    const changed = [...columns]
      .filter((name) => stored.has(name))
      .map((name) => [name, session.rules.literal(values.get(name) ?? null)] as const);
    copies.push({ uuid, values: new Map(changed) });
  }
  const inserted = insertCopies(world, full, copies);
  const ids = uuids.map((uuid) => documents.idExpression(uuid));
  const removed = session.deleteText(table, session.among('DocumentId', ids));
  const object = (what: string) => `three of ${label} ${what} with organizations above them`;
  // another reference, which stays, may share a column with the parent
  const mayBeRefused = reference !== undefined && !isAlone(full, reference);
  return [
    { object: object('inserted'), statements: inserted, mayBeRefused },
    { object: object('deleted'), statements: [...inserted, removed], mayBeRefused },
  ];
}

/** A new document, and expressions for the columns in which its row differs from that of another document. */
interface Copy {
  readonly uuid: string;
  readonly values: ReadonlyMap<string, PlainSql>;
}

/** Statements that insert copies of the row of a document. */
function insertCopies(world: CheckedWorld, entry: WorldDocument, copies: readonly Copy[]): readonly PlainSql[] {
  const { session, documents } = world;
  const { root, resource, documentId } = entry;
  const row = rowOf(world, root, documentId) ?? {};
  const rows = copies.map(({ uuid, values }) => {
    const expressions = new Map([['DocumentId', documents.idExpression(uuid)] as const, ...values]);
    const columns = storedColumns(root.table).filter((name) => !expressions.has(name));
    return { values: new Map(columns.map((name) => [name, row[name] ?? null])), expressions };
  });
  return [
    ...copies.map(({ uuid }) => documents.insertText(uuid, resource.resourceKey.id)),
    session.insertRowsText(root.table.table, rows),
  ];
}

/** Gives organizations ids that differ as little as possible from the old ones: all at once, in two trials. */
function renamingTrials(world: CheckedWorld, child: WorldDocument, entity: AuthEdOrgEntity): Trial[] {
  const { session, documents, input } = world;
  const { literal } = session.rules;
  const own = idColumn(child, entity);
  if (!own) return [];
  const ids = nearValues(own.type, false, input.model.dialect).flatMap((id) => id ?? []);
  // neighbouring pairs share an id, so each trial has every other pair
  return [0, 1].map((start): Trial => {
    const copies = ids.flatMap((identity, index) => {
      const next = ids[index + 1];
      const isTried = index % 2 === start && next !== undefined;
      const values = new Map([[own.name, literal(identity)]]);
      return isTried ? [{ identity, next, uuid: documents.nextUuid(), values }] : [];
    });
    const renamed = copies.map(({ uuid, next }) =>
      updatingNew(world, child, uuid)(new Map([[own.name, literal(next)]])),
    );
    const pairs = copies.map(({ identity, next }) => `${next} after ${identity}`);
    return {
      object: `${child.label} with ids near each other: ${pairs.join(', ')}`,
      statements: [...insertCopies(world, child, copies), ...renamed],
      mayBeRefused: false,
    };
  });
}

/** The column with the id of an organization, if it is a number of its own. */
function idColumn(entry: WorldDocument, { identityColumn }: AuthEdOrgEntity) {
  const own = identityColumns(entry).find(({ name }) => name === identityColumn);
  const type = own?.scalarType;
  return own && type && isInteger(type.kind) ? { name: own.name, type } : undefined;
}

/** An update of the row of a new document, with expressions. */
function updatingNew({ session, documents }: CheckedWorld, { root }: WorldDocument, uuid: string) {
  return (values: ReadonlyMap<string, PlainSql>) => {
    const list = [...values].map(([column, value]) => session.equal(column, value));
    return session.updateText(root.table.table, list, session.equal('DocumentId', documents.idExpression(uuid)));
  };
}

/**
 * Moves organizations between parents whose ids differ as little as possible, or from no parent to the id 0: all at
 * once, each along one pair of near values.
 */
function nearMoves(
  world: CheckedWorld,
  child: WorldDocument,
  entity: AuthEdOrgEntity,
  reference: RowReference,
): Trial[] {
  const { session, documents, input, full } = world;
  const { literal } = session.rules;
  const own = idColumn(child, entity);
  const [copy, ...others] = reference.copies;
  const candidates = referenceTargets(input.model, full.documents).get(qualified(reference.target)) ?? [];
  const labels = new Set(candidates.map(({ label }) => label));
  const entities = input.inventory.authEdOrgHierarchy?.entities ?? [];
  const [parent] = full.documents.flatMap((entry) => {
    const found = entities.find(({ table }) => sameTable(table, entry.root.table.table));
    const id = labels.has(entry.label) && found ? idColumn(entry, found) : undefined;
    return id ? [{ entry, id }] : [];
  });
  if (!own || !parent || !copy || others.length > 0) return [];
  const { root } = child;
  const isOptional = root.optionalReferences.includes(reference) && nullableColumns(root.table).has(copy.targetColumn);
  const near = nearValues(parent.id.type, isOptional, input.model.dialect);
  const places = near.map((id) => ({ id, uuid: documents.nextUuid() }));
  const below = (place: (typeof places)[number] | undefined) =>
    new Map([
      [reference.documentColumn, place?.id == null ? literal(null) : documents.idExpression(place.uuid)],
      [copy.targetColumn, literal(place?.id ?? null)],
    ]);
  const parents = places.flatMap(({ id, uuid }) =>
    id === null ? [] : [{ uuid, values: new Map([[parent.id.name, literal(id)]]) }],
  );
  const moved = places.slice(1).map((place, index) => {
    const id = literal(full.values.next(own.type));
    return { uuid: documents.nextUuid(), values: new Map([...below(places[index]), [own.name, id]]), place };
  });
  return [
    {
      object: `${child.label} moved between ids of ${reference.documentColumn} that are near each other`,
      statements: [
        ...insertCopies(world, parent.entry, parents),
        ...insertCopies(world, child, moved),
        ...moved.map(({ uuid, place }) => updatingNew(world, child, uuid)(below(place))),
      ],
      mayBeRefused: !isAlone(child, reference),
    },
  ];
}
