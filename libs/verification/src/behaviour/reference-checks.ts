import { core, type ForeignKeyConstraint, qualified, type Table } from '@dms/model';
import type { Outcome, RowText } from '../verification-dialect.ts';
import { isNamed, refusalText } from './behaviour-session.ts';
import { type CheckedWorld, ofDocument, rowOf, sameTable, updateText } from './checked-world.ts';
import { otherValue } from './column-values.ts';
import { isPropagatedByTriggers } from './identity-checks.ts';
import type { SpareDocument, WorldDocument } from './world.ts';
import { foreignKeysOf, type RowReference, referenceTargets, type WorldTable } from './world-tables.ts';

/** A statement that tests one foreign key, and which outcomes are wrong. */
interface Trial {
  readonly object: string;
  readonly statement: string;
  readonly expected: string;
  readonly isWrong: (outcome: Outcome) => boolean;
}

/** A row whose foreign keys are tested. */
interface Referrer {
  readonly table: WorldTable;
  readonly row: RowText;
  readonly documentId: number;
  /** Whether other rows may refer to it. */
  readonly isReferredTo: boolean;
}

/** An id that no document has: greater than every id of a run, and within the range of every id type. */
const noDocument = '2000000000';

const keysOf = (table: Table): readonly ForeignKeyConstraint[] =>
  foreignKeysOf(table).filter(({ onDelete }) => onDelete !== 'Cascade');

function documentColumnOf({ columns, targetColumns }: ForeignKeyConstraint): string | undefined {
  return columns[(targetColumns as readonly string[]).indexOf('DocumentId')];
}

/** The other foreign keys that also contain a column. */
const sharingKeys = (
  { table }: WorldTable,
  key: ForeignKeyConstraint,
  column: string,
): readonly ForeignKeyConstraint[] =>
  keysOf(table).filter((other) => other !== key && other.columns.some((name) => name === column));

const sharesColumn = (...given: Parameters<typeof sharingKeys>): boolean => sharingKeys(...given).length > 0;

/** Makes the trials for the foreign keys of all rows. */
class ReferenceTrials {
  private readonly world: CheckedWorld;
  private readonly spares: ReadonlyMap<string, SpareDocument>;
  private readonly targets: ReturnType<typeof referenceTargets>;
  private readonly foreignKey: string;
  private readonly isPropagatedByTriggers: boolean;

  constructor(world: CheckedWorld) {
    this.world = world;
    const { model } = world.input;
    this.spares = new Map(world.spares.map((spare) => [spare.label, spare]));
    this.targets = referenceTargets(model, world.full.documents);
    this.foreignKey = world.session.dialect.codes.foreignKey;
    this.isPropagatedByTriggers = isPropagatedByTriggers(model);
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
      // foreign keys of rows that refer to the row of the full world may refuse first
      const spare = isRoot ? this.spares.get(entry.label) : undefined;
      const referrer = spare ? referrerOf(spare.documentId, false) : original;
      return keysOf(table.table).flatMap((key) => {
        const column = documentColumnOf(key);
        if (column === undefined || (row[column] ?? null) === null) return [];
        return [
          ...this.unknownValues(referrer, key, column),
          ...this.mendedValue(referrer, key, column),
          ...this.changedTarget(entry, referrer, original, key, column),
        ];
      });
    });
  }

  /**
   * Sets the document column to an id that no document has, and each other column of the key to another value. Where
   * another key also contains that column, a refusal by it would prove nothing about this one, so it is disabled.
   */
  private unknownValues(referrer: Referrer, key: ForeignKeyConstraint, documentColumn: string): Trial[] {
    const { table, row, documentId, isReferredTo } = referrer;
    const { full, sparse, session } = this.world;
    const descriptorIds = [sparse, full].map(({ descriptorId }) => String(descriptorId));
    const columns = new Map<string, Table['columns'][number]>(
      table.table.columns.map((column) => [column.name, column]),
    );
    return key.columns.flatMap((name): Trial[] => {
      const column = columns.get(name);
      if (column?.storage.kind !== 'Stored') return [];
      const sharing = sharingKeys(table, key, name);
      // what follows from an identity names its descriptor, which has to exist
      const isDescriptor = sharing.some(({ targetTable }) => sameTable(targetTable, core.descriptor));
      const others =
        column.scalarType && !isDescriptor
          ? otherValue(column.scalarType, full.values, new Set([row[name] ?? null]))
          : null;
      const value =
        name === documentColumn ? noDocument : (others ?? descriptorIds.find((id) => id !== row[name]) ?? noDocument);
      const statements = [
        ...sharing.map((other) =>
          session.dialect.withoutCheck(session.table(table.table.table), session.quote(other.name)),
        ),
        updateText(this.world, table, new Map([[name, value]]), ofDocument(this.world, table, documentId)),
      ];
      const statement = statements.join('; ');
      return [
        {
          object: `${qualified(table.table.table)} ${key.name}`,
          statement,
          expected: `${name} = ${value} refused with ${this.foreignKey} ${key.name}`,
          // keys of rows that refer to this row may refuse first
          isWrong: (outcome) => outcome?.code !== this.foreignKey || !(isReferredTo || isNamed(outcome, key.name)),
        },
      ];
    });
  }

  /** A deferred key does not see an id that no document has if the next statement mends it. */
  private mendedValue(
    { table, row, documentId }: Referrer,
    key: ForeignKeyConstraint,
    documentColumn: string,
  ): Trial[] {
    if (!key.deferrable) return [];
    const where = ofDocument(this.world, table, documentId);
    const updates = [noDocument, row[documentColumn] ?? null].map((value) =>
      updateText(this.world, table, new Map([[documentColumn, value]]), where),
    );
    return [
      {
        object: `${qualified(table.table.table)} ${key.name}`,
        statement: updates.join('; '),
        expected: `${documentColumn} = ${noDocument} accepted until the end of the transaction`,
        isWrong: (outcome) => outcome !== null,
      },
    ];
  }

  /** Makes the row refer to a spare document, which is then deleted or gets a new identity. */
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
    // no document refers to itself
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
    // a row of an abstract identity table is deleted with the document, not with the root row
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
    if (copied === undefined || !type || this.isPropagatedByTriggers) return trials;
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
      // another key of the row may refuse the new value
      isWrong: (outcome) =>
        isCascade ? outcome !== null && !(isKept(outcome) && !isNamed(outcome, key.name)) : !isKept(outcome),
    });
    return trials;
  }

  /** The column values of a reference that refers to a spare document. */
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

  /** The value of a spare document in a column of the table that a key refers to. */
  private valueOf(target: SpareDocument, key: ForeignKeyConstraint, column: string): string | null {
    const row = rowOf(this.world, target.root, target.documentId);
    if (column === 'DocumentId') return String(target.documentId);
    if (sameTable(key.targetTable, target.root.table.table)) return row?.[column] ?? null;
    const source = this.mappings(target, key).find(({ targetColumn }) => targetColumn === column)?.sourceColumn;
    return source === undefined ? null : (row?.[source] ?? null);
  }

  /** The key column that copies the column in which a spare document differs. */
  private copyOf(target: SpareDocument, key: ForeignKeyConstraint): string | undefined {
    const mapped = sameTable(key.targetTable, target.root.table.table)
      ? target.own.name
      : this.mappings(target, key).find(({ sourceColumn }) => sourceColumn === target.own.name)?.targetColumn;
    return mapped === undefined ? undefined : key.columns[(key.targetColumns as readonly string[]).indexOf(mapped)];
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
 * R16: each foreign key of a reference or descriptor refuses values that do not exist, prevents the deletion of its
 * target, and treats a new identity of the target as the model declares (design 11 §5, 16 §8).
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
