import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/canonical-json';
import type { ObjectShape, Shape } from './document-shape.ts';
import type { Fill } from './fill.ts';
import type { Identity } from './known-documents.ts';
import type { GroupFacts, ReferenceFacts, ResourceFacts, TableFacts } from './resource-facts.ts';
import { type Scalar, scalarText } from './sample-values.ts';

/** Thrown for a document that cannot be made: it would be its own target, or need another document with the same identity. */
export class SampleConflict extends Error {}

/** The parts of the world that a document uses. */
export interface Surroundings {
  /**
   * A possible target of a reference, with the wanted values and one value per group. Throws `SampleConflict`.
   */
  target(reference: ReferenceFacts, wanted: Identity, isFresh: boolean, taken: ReadonlySet<Identity> | undefined): Identity;
  /** A new value; `element` numbers the items of an array. */
  value(group: GroupFacts, use: { readonly isNewIdentity: boolean; readonly element: number }): Scalar;
}

/** The document to compose. */
export interface Order {
  readonly facts: ResourceFacts;
  readonly shape: ObjectShape;
  readonly fill: Fill;
  /** Fixed values, by path. */
  readonly fixed: Identity;
  /** Makes new identity values for all that are not fixed. */
  readonly isNew: boolean;
  /** Requires everything that `fill` asks for. */
  readonly isWhole: boolean;
}

interface RowContext {
  readonly order: Order;
  readonly table: TableFacts | undefined;
  /** Fixed values, by group. */
  readonly values: Map<string, Scalar>;
  readonly isNew: boolean;
  /** The positions in the arrays around the row, outer to inner. */
  readonly ordinals: readonly number[];
  /** Targets that other items of the array refer to, by reference. */
  readonly taken: Map<string, Set<Identity>>;
}

/** Items have at most three siblings at every level. */
const elementNumber = (ordinals: readonly number[]) => ordinals.reduce((number, ordinal) => number * 4 + ordinal, 0);

/** Composes a document: every reference names a document of the world, and values that are stored once agree. */
export class DocumentComposer {
  private readonly surroundings: Surroundings;
  /** The keys of the items in the document. */
  private readonly elementKeys = new Set<string>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** Throws `SampleConflict`. */
  compose(order: Order): JsonObject {
    const table = order.facts.tables.get('$');
    const values = new Map([...order.fixed].map(([path, value]) => [table?.groupOf.get(path) ?? path, value]));
    const row: RowContext = { order, table, values, isNew: order.isNew, ordinals: [], taken: new Map() };
    const composed = this.fillRow(order.shape, '$', row, undefined);
    return isJsonObject(composed) ? composed : new Map();
  }

  /** The members of one row: first which are present, then targets of references, then all other values, then the rows below. */
  private fillRow(shape: Shape, scope: string, row: RowContext, base: JsonValue | undefined): JsonValue {
    if (shape.kind === 'value') return this.scalar(scope, row);
    const present = new Set<string>();
    decide(shape, scope, row, present);
    this.settleReferences(row, present);
    return this.render(shape, scope, row, present, base);
  }

  /**
   * Gives every present reference a target, references in a new identity first, and passes the values of the target to their
   * groups.
   */
  private settleReferences(row: RowContext, present: Set<string>): void {
    const rank = ({ binding, isRequired }: ReferenceFacts) =>
      row.isNew && binding.isIdentityComponent ? 0 : isRequired ? 1 : 2;
    const references = [...present].flatMap((path) => row.table?.references.get(path) ?? []);
    for (const reference of references.sort((a, b) => rank(a) - rank(b))) {
      try {
        this.settleReference(reference, row);
      } catch (error) {
        // an optional reference is left out if no document can be its target
        if (!(error instanceof SampleConflict) || reference.isRequired || row.order.isWhole) throw error;
        present.delete(reference.path);
      }
    }
  }

  private settleReference(reference: ReferenceFacts, row: RowContext): void {
    const { binding, path, groups } = reference;
    const wanted = new Map<string, Scalar>();
    for (const [group, paths] of groups) {
      const value = row.values.get(group);
      if (value !== undefined) for (const each of paths) wanted.set(each, value);
    }
    const isSettled = binding.identityBindings.every(({ identityJsonPath }) => wanted.has(identityJsonPath.canonical));
    const isFresh = row.isNew && binding.isIdentityComponent && !isSettled;
    const taken = row.taken.get(path);
    const target = this.surroundings.target(reference, wanted, isFresh, isSettled ? undefined : taken);
    row.taken.set(path, (taken ?? new Set()).add(target));
    for (const [group, [first]] of groups) {
      const value = target.get(first ?? '');
      if (value !== undefined) row.values.set(group, value);
    }
  }

  private render(
    shape: Shape,
    path: string,
    row: RowContext,
    present: ReadonlySet<string>,
    base: JsonValue | undefined,
  ): JsonValue {
    if (shape.kind === 'value') return this.scalar(path, row);
    if (shape.kind === 'array') return this.array(shape, path, row, base);
    const result = new Map<string, JsonValue>();
    const mirrored = isJsonObject(base) ? base : undefined;
    for (const [name, member] of shape.members) {
      const inner = `${path}.${name}`;
      if (name === '_ext' || !present.has(inner)) continue;
      const value = this.render(member, inner, row, present, mirrored?.get(name));
      if (isStored(value)) result.set(name, value);
    }
    const extensions = this.extensions(shape, path, row, present, path === '$' ? result : base);
    if (isStored(extensions)) result.set('_ext', extensions);
    return result;
  }

  private extensions(
    shape: ObjectShape,
    path: string,
    row: RowContext,
    present: ReadonlySet<string>,
    base: JsonValue | undefined,
  ): JsonObject {
    const extensions = new Map<string, JsonValue>();
    const site = shape.members.get('_ext');
    if (site?.kind !== 'object' || !present.has(`${path}._ext`)) return extensions;
    for (const [key, extension] of site.members) {
      const scope = `${path}._ext.${key}`;
      const table = row.order.facts.tables.get(scope);
      const value = this.fillRow(extension, scope, { ...row, table, values: new Map(), taken: new Map() }, base);
      if (isStored(value)) extensions.set(key, value);
    }
    return extensions;
  }

  private array(
    shape: Shape & { kind: 'array' },
    path: string,
    row: RowContext,
    base: JsonValue | undefined,
  ): readonly JsonValue[] {
    const { fill, facts } = row.order;
    const scope = `${path}[*]`;
    const table = facts.tables.get(scope);
    const taken: RowContext['taken'] = new Map();
    const element = (ordinal: number, mirrored?: JsonValue): JsonValue | undefined => {
      const ordinals = [...row.ordinals, ordinal];
      const inner: RowContext = { order: row.order, table, values: new Map(), isNew: false, ordinals, taken };
      const value = this.fillRow(shape.items, scope, inner, mirrored);
      if (this.isAnother(scope, inner)) return value;
      if (row.order.isWhole) throw new SampleConflict(`there is no other element for ${scope} of ${facts.label}`);
      return undefined;
    };
    if (!shape.isAligned) {
      const list: JsonValue[] = [];
      for (let count = fill.length(); count > 0; count -= 1) {
        const value = element(list.length);
        if (value !== undefined) list.push(value);
      }
      return list;
    }
    if (!isJsonArray(base)) return [];
    const list = base.map((mirrored, ordinal) => (fill.has() ? element(ordinal, mirrored) : undefined) ?? new Map());
    while (list.length > 0 && !isStored(list.at(-1))) list.pop();
    return list;
  }

  /** Whether no other item of the document has the key of this one; remembers the key. */
  private isAnother(scope: string, { table, values, ordinals }: RowContext): boolean {
    const keys = (table?.keys ?? []).map(({ groups, parentOrdinals }, index) => {
      const texts = groups.map((group) => {
        const value = values.get(group);
        return value === undefined ? '' : scalarText(value).toLowerCase();
      });
      return JSON.stringify([scope, index, texts, parentOrdinals.map((level) => ordinals[level] ?? 0)]);
    });
    if (keys.some((key) => this.elementKeys.has(key))) return false;
    for (const key of keys) this.elementKeys.add(key);
    return true;
  }

  private scalar(path: string, row: RowContext): Scalar {
    const group = row.table?.groupOf.get(path) ?? path;
    const known = row.values.get(group);
    if (known !== undefined) return known;
    const facts = row.table?.groups.get(group);
    if (!facts) throw new Error(`${row.order.facts.label}: no column holds ${path}`);
    const isNewIdentity = row.isNew && row.order.facts.identityPaths.has(path);
    const value = this.surroundings.value(facts, { isNewIdentity, element: elementNumber(row.ordinals) });
    row.values.set(group, value);
    return value;
  }
}

/** Records which paths of a row are present. */
function decide(shape: Shape, path: string, row: RowContext, present: Set<string>): void {
  present.add(path);
  if (shape.kind !== 'object') return;
  const isReference = row.table?.references.has(path) ?? false;
  for (const [name, member] of shape.members) {
    const inner = `${path}.${name}`;
    const isNeeded = row.table?.mandatory.has(inner) || (isReference && row.table?.referenceParts.has(inner));
    if (!isNeeded && !row.order.fill.has()) continue;
    if (name === '_ext' || member.kind === 'array') present.add(inner);
    else decide(member, inner, row, present);
  }
}

/** Empty objects and arrays leave nothing in tables. */
function isStored(value: JsonValue | undefined): value is JsonValue {
  if (isJsonObject(value)) return value.size > 0;
  return value !== undefined && !(isJsonArray(value) && value.length === 0);
}
