import { type ForeignKeyConstraint, qualified, type Table } from '@dms/model';
import type { Outcome, RowText } from '../verification-dialect.ts';
import { isNamed, refusalText } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import type { SpareDocument, WorldDocument } from './world.ts';
import { type RowReference, referenceTargets, type WorldTable } from './world-tables.ts';
import { otherValue } from './written-columns.ts';

/** What is tried with one key, and which outcome is wrong. */
interface Trial {
  readonly object: string;
  readonly statement: string;
  readonly expected: string;
  readonly isWrong: (outcome: Outcome) => boolean;
}

/** A row of which the keys are tried. */
interface Referrer {
  readonly table: WorldTable;
  readonly row: RowText;
  readonly documentId: number;
  /** Whether other rows may name it. */
  readonly isReferredTo: boolean;
}

/** Greater than every id of a run, and in the range of all of them. */
const noDocument = '2000000000';

const keysOf = ({ constraints }: Table): readonly ForeignKeyConstraint[] =>
  constraints.filter((key): key is ForeignKeyConstraint => key.kind === 'ForeignKey' && key.onDelete !== 'Cascade');

function documentColumnOf({ columns, targetColumns }: ForeignKeyConstraint): string | undefined {
  return columns[(targetColumns as readonly string[]).indexOf('DocumentId')];
}

/** Whether another key holds a column as well. */
const sharesColumn = ({ table }: WorldTable, key: ForeignKeyConstraint, column: string): boolean =>
  keysOf(table).some((other) => other !== key && other.columns.some((name) => name === column));

/** The trials of the keys of all rows. */
class ReferenceTrials {
  private readonly world: CheckedWorld;
  private readonly spares: ReadonlyMap<string, SpareDocument>;
  private readonly targets: ReturnType<typeof referenceTargets>;
  private readonly foreignKey: string;
  private readonly hasTriggers: boolean;

  constructor(world: CheckedWorld) {
    this.world = world;
    const { model } = world.input;
    this.spares = new Map(world.spares.map((spare) => [spare.label, spare]));
    this.targets = referenceTargets(model, world.full.documents);
    this.foreignKey = world.session.dialect.codes.foreignKey;
    // there triggers move what keys move elsewhere (design 11 §3, 16 §8.2)
    this.hasTriggers = model.dialect === 'mssql' || model.propagationFallbacks.length > 0;
  }

  of(entry: WorldDocument): readonly Trial[] {
    return [entry.root, ...entry.filled].flatMap((table) => {
      const isRoot = table === entry.root;
      const referrerOf = (documentId: number, isReferredTo: boolean): Referrer => ({
        table,
        documentId,
        row: rowOf(this.world, table, documentId) ?? {},
        isReferredTo,
      });
      const original = referrerOf(entry.documentId, isRoot);
      const { row } = original;
      // the keys of those that refer to the row of the full world may speak first
      const spare = isRoot ? this.spares.get(entry.label) : undefined;
      const referrer = spare ? referrerOf(spare.documentId, false) : original;
      return keysOf(table.table).flatMap((key) => {
        const column = documentColumnOf(key);
        if (column === undefined || (row[column] ?? null) === null) return [];
        return [...this.unknownValues(referrer, key, column), ...this.changedTarget(entry, referrer, original, key, column)];
      });
    });
  }

  /** A document that is not there, and each further column of the key with another value. */
  private unknownValues(referrer: Referrer, key: ForeignKeyConstraint, documentColumn: string): Trial[] {
    const { table, row, documentId, isReferredTo } = referrer;
    const { full, sparse } = this.world;
    const columns = new Map<string, Table['columns'][number]>(table.table.columns.map((column) => [column.name, column]));
    return key.columns.flatMap((name): Trial[] => {
      const column = columns.get(name);
      const isShared = sharesColumn(table, key, name);
      // where another key holds the value as well, its refusal says nothing of this one
      if (column?.storage.kind !== 'Stored' || (isShared && name !== documentColumn)) return [];
      const others = column.scalarType ? otherValue(column.scalarType, full.values, new Set([row[name] ?? null])) : null;
      const value = name === documentColumn ? noDocument : (others ?? String(sparse.descriptorId));
      const statement = updateText(this.world, table, new Map([[name, value]]), ofDocument(this.world, table, documentId));
      // of several keys over the column any may speak first, and so may those of rows that refer to this one
      const isOpen = isReferredTo || isShared;
      return [
        {
          object: `${qualified(table.table.table)} ${key.name}`,
          statement,
          expected: `${name} = ${value} refused with ${this.foreignKey} ${key.name}`,
          isWrong: (outcome) => outcome?.code !== this.foreignKey || !(isOpen || isNamed(outcome, key.name)),
        },
      ];
    });
  }

  /** The row names a spare document, which is then deleted, or gets a new identity. */
  private changedTarget(
    entry: WorldDocument,
    referrer: Referrer,
    original: Referrer,
    key: ForeignKeyConstraint,
    documentColumn: string,
  ): Trial[] {
    const candidates = this.targets.get(qualified(key.targetTable)) ?? [];
    const target = candidates.flatMap(({ label }) => this.spares.get(label) ?? [])[0];
    if (!target) return [];
    // nothing names itself
    const { table, row, documentId } = target.label === entry.label ? original : referrer;
    const references = [...table.references, ...table.optionalReferences];
    const reference = references.find((each) => each.documentColumn === documentColumn);
    const values = reference && this.naming(reference, key, target);
    if (!values) return [];
    if ([...values].some(([name, value]) => value !== (row[name] ?? null) && sharesColumn(table, key, name))) return [];
    const { world, foreignKey } = this;
    const { session, documents } = world;
    const { root } = target;
    const name = updateText(world, table, values, ofDocument(world, table, documentId));
    const where = ofDocument(world, root, target.documentId);
    const object = `${qualified(table.table.table)} ${key.name}`;
    const isKept = (outcome: Outcome) => outcome?.code === foreignKey;
    // the identity of an abstract resource goes with the document, not with the row
    const remove = sameTable(key.targetTable, root.table.table)
      ? `DELETE FROM ${session.table(root.table.table)} WHERE ${where}`
      : documents.deleteText(target.documentId);
    const trials: Trial[] = [
      {
        object,
        statement: `${name}; ${remove}`,
        expected: `the deletion of ${target.label} refused with ${foreignKey}`,
        isWrong: (outcome) => !isKept(outcome),
      },
    ];
    const copied = this.copyOf(target, key);
    const type = target.own.scalarType;
    if (copied === undefined || !type || this.hasTriggers) return trials;
    const value = otherValue(
      type,
      world.full.values,
      new Set([rowOf(world, root, target.documentId)?.[target.own.name] ?? null]),
    );
    const isCascade = key.onUpdate === 'Cascade';
    trials.push({
      object,
      statement: `${name}; ${updateText(world, root, new Map([[target.own.name, value]]), where)}`,
      expected: `a new identity of ${target.label} ${isCascade ? 'accepted' : `refused with ${foreignKey}`}`,
      // another key of the row may stand against the new value
      isWrong: (outcome) =>
        isCascade ? outcome !== null && !(isKept(outcome) && !isNamed(outcome, key.name)) : !isKept(outcome),
    });
    return trials;
  }

  /** The columns of a reference as they are when it names a spare document. */
  private naming(
    reference: RowReference,
    key: ForeignKeyConstraint,
    target: SpareDocument,
  ): ReadonlyMap<string, string> | null {
    const found: [string, string][] = [[reference.documentColumn, String(target.documentId)]];
    for (const { sourceColumn, targetColumn } of reference.copies) {
      const value = this.valueOf(target, key, sourceColumn);
      if (value === null) return null;
      found.push([targetColumn, value]);
    }
    return new Map(found);
  }

  /** The value of a spare document in a column of the table that a key points at. */
  private valueOf(target: SpareDocument, key: ForeignKeyConstraint, column: string): string | null {
    const row = rowOf(this.world, target.root, target.documentId);
    if (column === 'DocumentId') return String(target.documentId);
    if (sameTable(key.targetTable, target.root.table.table)) return row?.[column] ?? null;
    const source = this.mappings(target, key).find(({ targetColumn }) => targetColumn === column)?.sourceColumn;
    return source === undefined ? null : (row?.[source] ?? null);
  }

  /** The column that a key has from the column in which a spare document differs. */
  private copyOf(target: SpareDocument, key: ForeignKeyConstraint): string | undefined {
    const mapped = sameTable(key.targetTable, target.root.table.table)
      ? target.own.name
      : this.mappings(target, key).find(({ sourceColumn }) => sourceColumn === target.own.name)?.targetColumn;
    return key.columns[(key.targetColumns as readonly string[]).indexOf(mapped ?? '')];
  }

  private mappings({ root }: SpareDocument, { targetTable }: ForeignKeyConstraint) {
    return this.world.input.inventory.triggers.flatMap((trigger) =>
      trigger.kind === 'AbstractIdentityMaintenance' &&
      sameTable(trigger.table, root.table.table) &&
      sameTable(trigger.targetTable, targetTable)
        ? trigger.targetColumnMappings
        : [],
    );
  }
}

/**
 * R16: each key of a reference or descriptor refuses what is not there, holds the document that it names, and does with a new identity of
 * it what the model declares (design 11 §5, 16 §8).
 */
export async function checkReferences(world: CheckedWorld): Promise<void> {
  const { session, failures, full } = world;
  const all = new ReferenceTrials(world);
  const trials = full.documents.flatMap((entry) => all.of(entry));
  const outcomes = await session.outcomes(trials.map(({ statement }) => statement));
  for (const [index, { object, expected, isWrong }] of trials.entries()) {
    const outcome = outcomes[index] ?? null;
    if (isWrong(outcome)) failures.add('R16', object, expected, refusalText(outcome));
  }
}
