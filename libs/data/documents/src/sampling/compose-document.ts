import { type DocumentArray, type DocumentNode, type DocumentObject, mustExist } from '@dms/model';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberAt } from '@dms/values';
import type { Choices } from './fill.ts';
import type { KnownIdentity } from './known-documents.ts';
import type { ReferenceFacts, ResourceFacts, TableFacts } from './resource-facts.ts';
import { fitsType } from './sample-values.ts';
import { type GroupFacts, type Scalar, scalarText } from './schema-facts.ts';

/**
 * Thrown for a document that cannot be made: it would be its own target, or need another document with the same
 * identity.
 */
export class SampleConflict extends Error {}

/** The conditions on the target of a reference. */
export interface TargetChoice {
  /** Values that the target must have, by its identity paths. */
  readonly wanted: KnownIdentity;
  /** Requires a target that no other document has in its identity. */
  readonly isFresh: boolean;
  /** Targets of other items of the array, from which it must differ. */
  readonly taken: ReadonlySet<KnownIdentity> | undefined;
  /** Whether a new document may be made as the target. */
  readonly mayMake: boolean;
}

/** The parts of the world that a document uses. */
export interface CompositionContext {
  /** A possible target of a reference, with one value per group. Throws `SampleConflict`. */
  target(reference: ReferenceFacts, choice: TargetChoice): KnownIdentity;
  /** A new value; `element` numbers the items of an array. */
  value(group: GroupFacts, use: { readonly isNewIdentity: boolean; readonly element: number }): Scalar;
}

/** The document to compose. */
export interface DocumentRequest {
  readonly facts: ResourceFacts;
  readonly root: DocumentObject;
  readonly choices: Choices;
  /** Fixed values, by path. */
  readonly fixed: KnownIdentity;
  /** Makes new values for all parts of the identity that are not fixed. */
  readonly isNew: boolean;
  /** Requires all content that `choices` has. */
  readonly isWhole: boolean;
  /** Makes no targets for content that is not required. */
  readonly isFrugal: boolean;
}

interface RowContext {
  readonly order: DocumentRequest;
  readonly table: TableFacts | undefined;
  /** Fixed values, by group. */
  readonly values: Map<string, Scalar>;
  readonly isNew: boolean;
  /** Whether the document requires the row. */
  readonly isNeeded: boolean;
  /** The positions in the arrays around the row, outer to inner. */
  readonly ordinals: readonly number[];
  /** Targets that other items of the array refer to, by reference. */
  readonly taken: Map<string, Set<KnownIdentity>>;
}

/**
 * Composes a document: every reference refers to a document of the world, and values that are stored once, or that an
 * equality constraint binds, agree.
 */
export class DocumentComposer {
  private readonly surroundings: CompositionContext;
  /** The keys of the items in the document. */
  private readonly elementKeys = new Set<string>();
  /** Values that rows of several tables share. */
  private readonly shared = new Map<string, { readonly kind: string; readonly value: Scalar }>();
  /** Targets that must differ in the whole document, by scope. */
  private readonly takenInDocument = new Map<string, RowContext['taken']>();

  constructor(surroundings: CompositionContext) {
    this.surroundings = surroundings;
  }

  /** Composes a document. Throws `SampleConflict`. */
  compose(order: DocumentRequest): JsonObject {
    const table = order.facts.tables.get('$');
    const root = { order, table, isNew: order.isNew, isNeeded: true, ordinals: [] };
    const row: RowContext = { ...root, values: new Map(), taken: new Map() };
    for (const [path, value] of order.fixed) {
      const group = table?.groupOf.get(path) ?? path;
      const facts = table?.groups.get(group);
      if (facts && facts.descriptor === null && !fitsType(value, facts.type))
        throw new SampleConflict(`${scalarText(value)} does not fit all places that must have it`);
      this.setValue(row, group, value);
    }
    const composed = this.fillRow(order.root, row, undefined);
    return isJsonObject(composed) ? composed : new Map();
  }

  private valueOf({ table, values }: RowContext, group: string): Scalar | undefined {
    const known = values.get(group);
    const place = table?.shared.get(group);
    if (known !== undefined || !place) return known;
    const found = this.shared.get(place.name);
    if (found && found.kind !== place.kind) throw new SampleConflict(`no ${place.kind} equals a ${found.kind}`);
    return found?.value;
  }

  private setValue({ table, values }: RowContext, group: string, value: Scalar): void {
    values.set(group, value);
    const place = table?.shared.get(group);
    if (!place) return;
    const { name, kind } = place;
    const known = this.shared.get(name);
    if (!known) this.shared.set(name, { kind, value });
    else if (known.kind !== kind || scalarText(known.value) !== scalarText(value))
      throw new SampleConflict(`${scalarText(value)} must be ${scalarText(known.value)}`);
  }

  /**
   * The members of one row: first decides which are present, then chooses targets of references, then all other values,
   * then the rows below.
   */
  private fillRow(node: DocumentNode, row: RowContext, base: JsonValue | undefined): JsonValue {
    if (node.kind === 'leaf') return this.scalar(node.path, row);
    const present = new Set<string>();
    decide(node, row, present);
    this.settleReferences(node.path, row, present);
    // new values of the identity are set before items of arrays that share them
    if (row.isNew && row.table)
      for (const path of row.order.facts.identityPaths)
        if (row.table.shared.has(row.table.groupOf.get(path) ?? path)) this.scalar(path, row);
    return this.render(node, row, present, base);
  }

  /**
   * Gives every present reference a target, references in a new identity first, and sets the values of the target in
   * their groups.
   */
  private settleReferences(scope: string, row: RowContext, present: Set<string>): void {
    const rank = ({ binding, isRequired }: ReferenceFacts) =>
      row.isNew && binding.isIdentityComponent ? 0 : isRequired ? 1 : 2;
    const references = [...present].flatMap((path) => row.table?.references.get(path) ?? []);
    for (const reference of references.sort((a, b) => rank(a) - rank(b))) {
      if (!present.has(reference.path)) continue;
      const optional = optionalPart(reference.path, scope, row);
      try {
        this.settleReference(reference, row, optional === undefined);
      } catch (error) {
        // an optional reference is left out if no document can be its target
        if (!(error instanceof SampleConflict) || optional === undefined || row.order.isWhole) throw error;
        leaveOut(optional, present);
        row.order.choices.takeBack(optional);
      }
    }
  }

  private settleReference(reference: ReferenceFacts, row: RowContext, isRequired: boolean): void {
    const { binding, path, groups } = reference;
    for (const each of reference.limited) this.scalar(each, row);
    const wanted = new Map<string, Scalar>();
    for (const [group, paths] of groups) {
      const value = this.valueOf(row, group);
      if (value !== undefined) for (const each of paths) wanted.set(each, value);
    }
    const isSettled = binding.identityBindings.every(({ identityJsonPath }) => wanted.has(identityJsonPath.canonical));
    const isFresh = row.isNew && binding.isIdentityComponent && !isSettled;
    const taken = row.taken.get(path);
    const target = this.surroundings.target(reference, {
      wanted,
      isFresh,
      taken: isSettled ? undefined : taken,
      mayMake: !row.order.isFrugal || (row.isNeeded && isRequired),
    });
    row.taken.set(path, (taken ?? new Set()).add(target));
    for (const [group, [first]] of groups) {
      const value = target.get(mustExist(first, 'a path of a reference'));
      if (value !== undefined) this.setValue(row, group, value);
    }
  }

  /** The result of `make`, or undefined if that is not possible and the member may be absent. */
  private unlessImpossible<Made>(path: string, { order, table }: RowContext, make: () => Made): Made | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof SampleConflict) || order.isWhole || table?.mandatory.has(path)) throw error;
      order.choices.takeBack(path);
      return undefined;
    }
  }

  private render(
    node: DocumentNode,
    row: RowContext,
    present: ReadonlySet<string>,
    base: JsonValue | undefined,
  ): JsonValue {
    if (node.kind === 'leaf') return this.scalar(node.path, row);
    if (node.kind === 'array') return this.array(node, row, base);
    const { path } = node;
    const result = new Map<string, JsonValue>();
    const mirrored = isJsonObject(base) ? base : undefined;
    const isReference = row.table?.references.has(path) ?? false;
    // values of a row without shared values always fit
    const isSafe = isReference || !row.table || row.table.shared.size === 0;
    for (const [name, member] of node.members) {
      if (name === '_ext' || !present.has(member.path)) continue;
      const make = () => this.render(member, row, present, mirrored?.get(name));
      const value =
        isSafe && member.kind === 'leaf'
          ? this.scalar(member.path, row)
          : this.unlessImpossible(member.path, row, make);
      if (isStored(value)) result.set(name, value);
    }
    const extensions = this.extensions(node, row, present, path === '$' ? result : base);
    if (isStored(extensions)) result.set('_ext', extensions);
    return result;
  }

  private extensions(
    { members }: DocumentObject,
    row: RowContext,
    present: ReadonlySet<string>,
    base: JsonValue | undefined,
  ): JsonObject {
    const extensions = new Map<string, JsonValue>();
    const site = members.get('_ext');
    if (site?.kind !== 'object' || !present.has(site.path)) return extensions;
    for (const [key, extension] of site.members) {
      const table = row.order.facts.tables.get(extension.path);
      const isNeeded = row.isNeeded && (row.table?.mandatory.has(site.path) ?? false);
      const inner: RowContext = { ...row, table, isNeeded, values: new Map(), taken: new Map() };
      const value = this.unlessImpossible(site.path, row, () => this.fillRow(extension, inner, base));
      if (isStored(value)) extensions.set(key, value);
    }
    return extensions;
  }

  private array(array: DocumentArray, row: RowContext, base: JsonValue | undefined): readonly JsonValue[] {
    const { choices, facts, isWhole } = row.order;
    const scope = array.element.path;
    const table = facts.tables.get(scope);
    const isMandatory = row.table?.mandatory.has(array.path) ?? false;
    const taken = this.takenBelow(scope, table);
    const element = (ordinal: number, mirrored?: JsonValue): JsonValue | undefined => {
      const ordinals = [...row.ordinals, ordinal];
      const isNeeded = row.isNeeded && isMandatory && ordinal === 0;
      const inner: RowContext = { order: row.order, table, values: new Map(), isNew: false, isNeeded, ordinals, taken };
      const value = this.unlessImpossible(scope, row, () => this.fillRow(array.element, inner, mirrored));
      if (mirrored === undefined && isJsonObject(value) && value.size === 0) return undefined;
      if (value !== undefined && this.isAnother(scope, inner, value)) return value;
      if (isWhole) throw new SampleConflict(`there is no other element for ${scope} of ${facts.label}`);
      return undefined;
    };
    if (array.element.table !== null) {
      const list: JsonValue[] = [];
      for (let count = choices.length(); count > 0; count -= 1) {
        const value = element(list.length);
        if (value !== undefined) list.push(value);
      }
      if (list.length === 0) throw new SampleConflict(`there is no element for ${scope} of ${facts.label}`);
      return list;
    }
    // the array below `_ext` mirrors one of the base document, and contains extensions of its items
    const list = isJsonArray(base) ? base.map((mirrored, ordinal) => element(ordinal, mirrored) ?? new Map()) : [];
    while (list.length > 0 && !isStored(list.at(-1))) list.pop();
    if (list.length === 0) throw new SampleConflict(`there is nothing that ${scope} of ${facts.label} extends`);
    return list;
  }

  /** The targets of the items of an array, or of all such arrays of the document if they must differ there. */
  private takenBelow(scope: string, table: TableFacts | undefined): RowContext['taken'] {
    if (!table?.hasDistinctTargets) return new Map();
    const taken = this.takenInDocument.get(scope) ?? new Map<string, Set<KnownIdentity>>();
    this.takenInDocument.set(scope, taken);
    return taken;
  }

  /** Whether no other item of the document has the key of this one; records the key. */
  private isAnother(scope: string, row: RowContext, item: JsonValue): boolean {
    const keys = (row.table?.keys ?? []).map(({ parts, parentOrdinals }, index) => {
      const texts = parts.map(({ group, names }) => {
        // another member may share the value, while this one is absent
        const value = memberAt(item, names) === undefined ? undefined : this.valueOf(row, group);
        return value === undefined ? '' : scalarText(value).toLowerCase();
      });
      return JSON.stringify([
        scope,
        index,
        texts,
        parentOrdinals.map((level) => mustExist(row.ordinals[level], 'the position of an item')),
      ]);
    });
    if (keys.some((key) => this.elementKeys.has(key))) return false;
    for (const key of keys) this.elementKeys.add(key);
    return true;
  }

  private scalar(path: string, row: RowContext): Scalar {
    const group = row.table?.groupOf.get(path) ?? path;
    const known = this.valueOf(row, group);
    if (known !== undefined) return known;
    const facts = row.table?.groups.get(group);
    if (!facts) throw new Error(`${row.order.facts.label}: no column holds ${path}`);
    const isNewIdentity = row.isNew && row.order.facts.identityPaths.has(path);
    const value = this.surroundings.value(facts, { isNewIdentity, element: elementNumber(row.ordinals) });
    this.setValue(row, group, value);
    return value;
  }
}

/** Records which paths of a row are present. */
function decide(node: DocumentNode, row: RowContext, present: Set<string>): void {
  present.add(node.path);
  if (node.kind !== 'object') return;
  const isReference = row.table?.references.has(node.path) ?? false;
  for (const [name, member] of node.members) {
    const { path } = member;
    const isNeeded = row.table?.mandatory.has(path) || (isReference && row.table?.referenceParts.has(path));
    if (!isNeeded && !row.order.choices.has(path)) continue;
    if (name === '_ext') present.add(path);
    else decide(member, row, present);
  }
}

/**
 * The innermost object or member at or around a path that is optional in its row; undefined if the row requires them
 * all.
 */
function optionalPart(path: string, scope: string, { table }: RowContext): string | undefined {
  for (let part = path; part.length > scope.length; part = part.slice(0, part.lastIndexOf('.')))
    if (!table?.mandatory.has(part)) return part;
  return undefined;
}

/** Removes an optional member, and everything below it, from the present members. */
function leaveOut(optional: string, present: Set<string>): void {
  for (const path of present) if (path === optional || path.startsWith(`${optional}.`)) present.delete(path);
}

/** Whether a value is stored in tables: empty objects and arrays are not. */
function isStored(value: JsonValue | undefined): value is JsonValue {
  if (isJsonObject(value)) return value.size > 0;
  return value !== undefined && !(isJsonArray(value) && value.length === 0);
}

/** A number of an item, unique because items have at most three siblings at every level. */
const elementNumber = (ordinals: readonly number[]) => ordinals.reduce((number, ordinal) => number * 4 + ordinal, 0);
