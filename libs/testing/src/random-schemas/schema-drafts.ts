import {
  array,
  boolean,
  date,
  dateTime,
  integer,
  type JsonRecord,
  number,
  object,
  string,
  time,
  uri,
} from '../schema-builder.ts';

/** The type of a value for derivation; two values may be unified if their `text` is equal. */
export interface DraftedValueType {
  readonly text: string;
  readonly schema: JsonRecord;
  /** Total digits and decimal places as in `decimalPropertyValidationInfos`; null means a missing member. */
  readonly digits?: readonly [number, number | null];
  /** The label of the descriptor resource. */
  readonly descriptor?: string;
}

export const stringType = (maxLength: number): DraftedValueType => ({
  text: `String(${maxLength})`,
  schema: string(maxLength),
});
/** A text with only three allowed values; tables do not restrict them. */
export const enumerationType: DraftedValueType = {
  text: 'String(2)',
  schema: { ...string(2), enum: ['A', 'B', 'C1'] },
};
export const int32Type: DraftedValueType = { text: 'Int32', schema: integer() };
export const int64Type: DraftedValueType = { text: 'Int64', schema: integer('int64') };
export const decimalType = (total: number, places: number): DraftedValueType => ({
  text: `Decimal(${total},${places})`,
  schema: number(),
  digits: [total, places],
});
export const dateType: DraftedValueType = { text: 'Date', schema: date() };
export const booleanType: DraftedValueType = { text: 'Boolean', schema: boolean() };
export const dateTimeType: DraftedValueType = { text: 'DateTime', schema: dateTime() };
export const timeType: DraftedValueType = { text: 'Time', schema: time() };
export const descriptorType = (label: string): DraftedValueType => ({ text: label, schema: uri(), descriptor: label });
/** A number without precision, or with only half of it; 18 digits and 4 decimal places in base tables. */
export const vagueDecimalType = (isIncomplete: boolean): DraftedValueType => ({
  text: 'Decimal(18,4)',
  schema: number(),
  ...(isIncomplete ? { digits: [9, null] as const } : {}),
});

const decimalText = /^Decimal\((\d+),(\d+)\)$/;
const stringText = /^String\((\d+)\)$/;

/** The type of an identity column of an abstract resource, from the types of its members (design 03 §9.2). */
export function mergedType(types: readonly DraftedValueType[]): DraftedValueType {
  const [first, ...others] = types;
  if (!first) throw new Error('no types to merge');
  return others.reduce((merged, type) => {
    if (merged.text === type.text) return merged;
    const [a, b] = [merged, type].map(({ text }) => stringText.exec(text));
    if (a && b) return stringType(Math.max(Number(a[1]), Number(b[1])));
    const [c, d] = [merged, type].map(({ text }) => decimalText.exec(text));
    if (c && d) {
      const places = Math.max(Number(c[2]), Number(d[2]));
      return decimalType(Math.max(Number(c[1]) - Number(c[2]), Number(d[1]) - Number(d[2])) + places, places);
    }
    return int64Type;
  }, first);
}

/**
 * An object of an insert schema under construction; `scope` is the path of the document or collection item around it.
 */
export class ObjectDraft {
  readonly path: string;
  readonly scope: string;
  private readonly properties = new Map<string, () => JsonRecord>();
  private readonly children = new Map<string, ObjectDraft>();
  private readonly required: string[] = [];

  constructor(path: string, scope: string) {
    this.path = path;
    this.scope = scope;
  }

  has(name: string): boolean {
    return this.properties.has(name);
  }

  /** The object, or the item of the array, with that name. */
  child(name: string): ObjectDraft | undefined {
    return this.children.get(name);
  }

  add(name: string, schema: JsonRecord, isRequired: boolean): void {
    this.put(name, () => schema, isRequired);
  }

  /** Adds an inlined object below this one. */
  addObject(name: string, isRequired: boolean): ObjectDraft {
    return this.putChild(
      name,
      new ObjectDraft(`${this.path}.${name}`, this.scope),
      (child) => child.schema(),
      isRequired,
    );
  }

  /** Adds an object whose values belong to a separate table: the object under `_ext`. */
  addScope(name: string): ObjectDraft {
    const path = `${this.path}.${name}`;
    return this.putChild(name, new ObjectDraft(path, path), (child) => child.schema(), false);
  }

  /** Adds an array of objects; returns its item. */
  addArray(name: string, isRequired: boolean): ObjectDraft {
    const path = `${this.path}.${name}[*]`;
    return this.putChild(name, new ObjectDraft(path, path), (item) => array(item.schema()), isRequired);
  }

  schema(): JsonRecord {
    const properties = Object.fromEntries([...this.properties].map(([name, schema]) => [name, schema()]));
    return object(properties, this.required);
  }

  private putChild(
    name: string,
    child: ObjectDraft,
    schema: (child: ObjectDraft) => JsonRecord,
    isRequired: boolean,
  ): ObjectDraft {
    this.put(name, () => schema(child), isRequired);
    this.children.set(name, child);
    return child;
  }

  private put(name: string, schema: () => JsonRecord, isRequired: boolean): void {
    if (this.properties.has(name)) throw new Error(`${this.path} has ${name} already`);
    this.properties.set(name, schema);
    if (isRequired) this.required.push(name);
  }
}

/** Groups the values of a resource that share a stored value: paths joined by equality constraints. */
class EqualPaths {
  private readonly leaders = new Map<string, string>();

  leaderOf(path: string): string {
    let leader = path;
    for (let next = this.leaders.get(leader); next !== undefined; next = this.leaders.get(leader)) leader = next;
    return leader;
  }

  join(a: string, b: string): void {
    const x = this.leaderOf(a);
    const y = this.leaderOf(b);
    if (x !== y) this.leaders.set(y, x);
  }

  copy(): EqualPaths {
    const copy = new EqualPaths();
    for (const [path, leader] of this.leaders) copy.leaders.set(path, leader);
    return copy;
  }
}

/** One part of an identity. */
export interface DraftedIdentityPart {
  readonly path: string;
  readonly type: DraftedValueType;
}

/** A possible target of references: a concrete or an abstract resource. */
export interface TargetDraft {
  readonly label: string;
  readonly project: string;
  readonly identity: readonly DraftedIdentityPart[];
  /** The name of the stored column of a part of the identity; equal for unified parts. */
  storedAs(path: string): string;
}

export interface ValueDraft {
  readonly path: string;
  readonly scope: string;
  readonly type: DraftedValueType;
  /** The path of the reference object of the value. */
  readonly reference: string | undefined;
}

export interface ReferenceDraft {
  readonly target: TargetDraft;
  readonly pairs: readonly { readonly identityPath: string; readonly referencePath: string }[];
}

/** The state of a concrete resource, extensions included. */
export class ResourceDraft implements TargetDraft {
  readonly label: string;
  readonly project: string;
  readonly name: string;
  readonly identity: DraftedIdentityPart[] = [];
  readonly values: ValueDraft[] = [];
  readonly references: ReferenceDraft[] = [];
  /** The collections of objects in the base schema. */
  readonly collections: { readonly item: ObjectDraft; readonly steps: readonly string[]; readonly depth: number }[] =
    [];
  equal = new EqualPaths();

  constructor(project: string, name: string) {
    this.project = project;
    this.name = name;
    this.label = `${project}:${name}`;
  }

  storedAs(path: string): string {
    return this.equal.leaderOf(path);
  }

  /** Joins two values, unless a reference would then map one stored column to two columns of its target. */
  tryJoin(a: string, b: string): boolean {
    const before = this.equal;
    this.equal = before.copy();
    this.equal.join(a, b);
    const isSound = this.references.every(({ target, pairs }) => {
      const targets = new Map<string, string>();
      return pairs.every(({ identityPath, referencePath }) => {
        const local = this.equal.leaderOf(referencePath);
        const stored = target.storedAs(identityPath);
        const known = targets.get(local) ?? stored;
        targets.set(local, known);
        return known === stored;
      });
    });
    if (!isSound) this.equal = before;
    return isSound;
  }
}

/** An entry of `resourceSchemas` under construction: a resource or a resource extension. */
export class SchemaDraft {
  readonly resource: ResourceDraft;
  readonly root = new ObjectDraft('$', '$');
  readonly mapping: Record<string, JsonRecord> = {};
  readonly decimals: JsonRecord[] = [];
  readonly equalities: JsonRecord[] = [];
  readonly uniqueness: (JsonRecord | readonly string[])[] = [];
  readonly overrides: Record<string, string> = {};

  constructor(resource: ResourceDraft) {
    this.resource = resource;
  }
}
