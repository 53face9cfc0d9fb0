import { resourceLabel } from '@dms/api-schema';
import type { AbstractIdentityTrigger } from '@dms/inventory';
import { core, mustExist, qualified } from '@dms/model';
import { groupBy } from '@dms/values';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { type TablePartKey, tablePartKey } from '../comparing/lookup-keys.ts';
import { copyRole } from './roles.ts';
import {
  type AfterTable,
  catalogColumn,
  matchColumns,
  modelColumn,
  type SideTable,
  type TablePair,
} from './table-pairs.ts';
import { type FamilyConversion, familyConversion, typeConversion } from './type-conversion.ts';
import {
  coalesced,
  columnValue,
  converted,
  gated,
  lookup,
  nothing,
  presenceOf,
  sameValue,
  type Value,
} from './value.ts';

/** A pair with its columns matched. */
export interface MatchedPair extends TablePair, ReturnType<typeof matchColumns> {}

/** The value of every column of the later set, in terms of the earlier set (design 12 §3.3). */
export class EarlierValues {
  readonly pairs: ReadonlyMap<string, MatchedPair>;
  private readonly known = new Map<TablePartKey, Value>();
  private readonly rootTables: ReadonlyMap<string, AfterTable>;
  private readonly members: ReadonlyMap<string, readonly AbstractIdentityTrigger[]>;
  /** Parts of identities: `Project:Resource path`. */
  private readonly identities: ReadonlySet<string>;

  constructor(pairs: readonly TablePair[], { model, inventory: after }: Pick<ComparedSet, 'model' | 'inventory'>) {
    this.identities = new Set(
      model.resources.flatMap(({ resourceKey, identityElements }) =>
        identityElements.map(({ identityJsonPath }) => `${resourceLabel(resourceKey)} ${identityJsonPath.canonical}`),
      ),
    );
    this.pairs = new Map(pairs.map((pair) => [pair.after.key, { ...pair, ...matchColumns(pair) }]));
    const targets = pairs.flatMap(({ after: table }): [string, AfterTable][] => {
      const isTarget = table.model?.kind === 'abstractIdentity' || table.model?.table.jsonScope.canonical === '$';
      return isTarget ? [[table.owner, table]] : [];
    });
    this.rootTables = new Map(targets);
    const maintenance = after.triggers.flatMap((trigger) =>
      trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : [],
    );
    this.members = groupBy(maintenance, ({ targetTable }) => qualified(targetTable));
  }

  /** The value of a column of the earlier set. */
  earlier(side: SideTable, column: string): Value {
    return storedValue(side, column);
  }

  /** The value that the role of a column held before; `nothing` if the role is new. */
  held(table: string, column: string): Value {
    const pair = this.pairs.get(table);
    const before = pair?.earlier.get(column);
    return pair && before !== undefined ? storedValue(pair.before, before) : nothing;
  }

  /** The value that a column will hold in the existing rows. */
  of(table: string, column: string): Value {
    const key = tablePartKey(table, column);
    const known = this.known.get(key);
    if (known) return known;
    // a column that depends on itself has no value
    this.known.set(key, nothing);
    const value = this.compute(table, column);
    this.known.set(key, value);
    return value;
  }

  /** The earlier column whose values a stored column keeps in place; null if the values have to be moved. */
  kept(table: string, column: string): string | null {
    const pair = this.pairs.get(table);
    const before = pair?.earlier.get(column);
    if (!pair || before === undefined || pair.later.get(before)?.[0] !== column) return null;
    const isStored = (side: SideTable, name: string) => catalogColumn(side, name)?.generated === null;
    if (!isStored(pair.before, before) || !isStored(pair.after, column)) return null;
    return sameValue(this.of(table, column), columnValue(before)) ? before : null;
  }

  private compute(table: string, name: string): Value {
    const pair = this.pairs.get(table);
    if (!pair) return nothing;
    const column = modelColumn(pair.after, name);
    if (column?.storage.kind === 'UnifiedAlias') {
      const { canonicalColumn, presenceColumn } = column.storage;
      return gated(presenceColumn === null ? null : this.of(table, presenceColumn), this.of(table, canonicalColumn));
    }
    const unified = pair.after.model?.table.keyUnificationClasses.find(
      ({ canonicalColumn }) => canonicalColumn === name,
    );
    if (unified) return this.canonical(pair, name, unified.memberPathColumns);
    const before = pair.earlier.get(name);
    if (before === undefined) return this.derived(pair, name);
    const value = storedValue(pair.before, before);
    const retyped = this.retyped(table, name);
    if (retyped === null) return value;
    return retyped.conversion === null ? nothing : converted(value, retyped.conversion.conversion);
  }

  /**
   * How a value of a document is converted if its type changes to another family; `conversion` is null if the value
   * cannot be kept and is not required. Null for other columns, and for values that other columns copy or hash. What is
   * recorded of documents that a translation writes again is converted as they are.
   */
  retyped(
    table: string,
    name: string,
  ): { readonly before: string; readonly conversion: FamilyConversion | null } | null {
    const pair = this.pairs.get(table);
    const before = pair?.earlier.get(name);
    if (!pair || before === undefined) return null;
    const isRecorded = pair.before.followsWritten;
    if (!isRecorded && !(this.isOwnValue(pair.after, name) && this.isOwnValue(pair.before, before))) return null;
    const then = catalogColumn(pair.before, before);
    const now = catalogColumn(pair.after, name);
    if (!then || !now || typeConversion(then.type, now.type).kind !== 'other') return null;
    const conversion = familyConversion(then.type, now.type);
    return conversion === null && (isRecorded || !now.nullable) ? null : { before, conversion };
  }

  /**
   * Why a value must keep its family of types, in words after "it is": it is copied or hashed elsewhere. Null if only
   * the types themselves, or a missing value, prevent a change.
   */
  hindrance(table: string, name: string): string | null {
    const pair = this.pairs.get(table);
    const before = pair?.earlier.get(name);
    if (!pair || before === undefined) return null;
    for (const [side, own] of [
      [pair.before, before],
      [pair.after, name],
    ] as const) {
      const column = modelColumn(side, own);
      if (!side.model || column === undefined) return 'recorded with deletes and key changes';
      const { references } = side.model;
      if (references.some(({ identityBindings }) => identityBindings.some((binding) => binding.column === own)))
        return 'a copy of the identity of another document';
      const path = column.sourcePath?.canonical;
      if (path !== undefined && this.identities.has(`${side.owner} ${path}`)) return 'part of an identity';
      if (column.storage.kind !== 'Stored' || column.sourcePath === null) return 'one value for several paths';
    }
    return null;
  }

  /** Whether a column holds one scalar of its document that is not part of an identity. */
  private isOwnValue(side: SideTable, name: string): boolean {
    const { model, owner } = side;
    const column = modelColumn(side, name);
    if (!model || column?.kind !== 'Scalar' || column.storage.kind !== 'Stored' || column.sourcePath === null)
      return false;
    const isCopy = model.references.some(({ identityBindings }) =>
      identityBindings.some((binding) => binding.column === name),
    );
    return !isCopy && !this.identities.has(`${owner} ${column.sourcePath.canonical}`);
  }

  /** The value that the present members share; it stays if the same members shared it before. */
  private canonical(pair: MatchedPair, name: string, members: readonly string[]): Value {
    const { key } = pair.after;
    const before = pair.earlier.get(name);
    const earlierClass = pair.before.model?.table.keyUnificationClasses.find(
      ({ canonicalColumn }) => canonicalColumn === before,
    );
    const earlierMembers = new Set<string>(earlierClass?.memberPathColumns ?? []);
    const known = members.flatMap((member) => pair.earlier.get(member) ?? []);
    const isSame =
      earlierClass !== undefined &&
      known.length === earlierMembers.size &&
      known.every((each) => earlierMembers.has(each));
    if (isSame && before !== undefined) return columnValue(before);
    return coalesced(members.map((member) => this.held(key, member)));
  }

  /** A new column made from existing values: a presence flag, a copy of a target's identity, an abstract identity. */
  private derived(pair: MatchedPair, name: string): Value {
    const { after, before } = pair;
    const flagged = after.model?.table.columns.find(
      ({ storage }) => storage.kind === 'UnifiedAlias' && storage.presenceColumn === name,
    );
    const flag = modelColumn(after, name);
    if (flagged && flag?.sourcePath === null) return presenceOf(this.held(after.key, flagged.name));
    if (flag?.kind === 'ResourceKeyId') return resourceKeyOf(before);
    if (after.model?.kind === 'abstractIdentity') return this.memberValue(pair, name);
    for (const { referenceObjectPath, fkColumn, identityBindings, targetResource } of after.model?.references ?? []) {
      const roles = after.roles.get(name) ?? [];
      const binding = identityBindings.find(({ identityJsonPath }) =>
        roles.includes(copyRole(referenceObjectPath.canonical, identityJsonPath.canonical)),
      );
      if (!binding || before.model === null) continue;
      return this.targetValue(
        this.of(after.key, fkColumn),
        resourceLabel(targetResource),
        binding.identityJsonPath.canonical,
      );
    }
    return nothing;
  }

  /** The identity value of a target, read in its row. */
  private targetValue(document: Value, target: string, identityPath: string): Value {
    const table = this.rootTables.get(target);
    const pair = table && this.pairs.get(table.key);
    if (!table || !pair) return nothing;
    const bound = table.model?.references
      .flatMap(({ identityBindings }) => identityBindings)
      .find(({ referenceJsonPath }) => referenceJsonPath.canonical === identityPath)?.column;
    const column =
      bound ?? table.model?.table.columns.find(({ sourcePath }) => sourcePath?.canonical === identityPath)?.name;
    if (column === undefined) return nothing;
    return lookup(
      pair.before.key,
      mustExist(documentColumn(pair.before), 'a document column'),
      document,
      this.of(table.key, column),
    );
  }

  private memberValue(pair: MatchedPair, name: string): Value {
    const own = documentColumn(pair.before);
    if (own === null) return nothing;
    return coalesced(
      (this.members.get(pair.after.key) ?? []).map(({ table, targetColumnMappings }) => {
        const member = this.pairs.get(qualified(table));
        const source = targetColumnMappings.find(({ targetColumn }) => targetColumn === name)?.sourceColumn;
        const key = member && documentColumn(member.before);
        if (!member || !key || source === undefined) return nothing;
        return lookup(member.before.key, key, columnValue(own), this.of(member.after.key, source));
      }),
    );
  }
}

/** The value of a column of the earlier set, from stored columns. */
function storedValue(side: SideTable, name: string): Value {
  const storage = modelColumn(side, name)?.storage;
  if (storage?.kind !== 'UnifiedAlias') return columnValue(name);
  return gated(
    storage.presenceColumn === null ? null : columnValue(storage.presenceColumn),
    columnValue(storage.canonicalColumn),
  );
}

/** The resource key of the document of a row. */
function resourceKeyOf(side: SideTable): Value {
  const own = documentColumn(side);
  return own === null
    ? nothing
    : lookup(qualified(core.document), 'DocumentId', columnValue(own), columnValue('ResourceKeyId'));
}

/** The column that holds the document id of a row of a resource. */
const documentColumn = ({ model, document }: SideTable): string | null =>
  model && document?.by === 'id' ? document.column : null;
