import { resourceLabel } from '@dms/api-schema';
import type {
  Column,
  DocumentReferenceBinding,
  QualifiedResourceName,
  RelationalModelSet,
  ResourceModel,
  Table,
} from '@dms/model';
import { documentShapes, type ObjectShape, type SchemaDocument, type Shape } from './document-shape.ts';
import { isObject, type Json, type JsonObject } from './plan-rows.ts';

type Scalar = string | number | boolean;

/** Values of a document's identity, by the paths of its resource. */
export type Identity = ReadonlyMap<string, Scalar>;

export interface SampleDocument {
  readonly label: string;
  readonly identity: Identity;
  document: JsonObject;
}

/** How much of what is optional a document has. */
export interface Fill {
  /** Whether an optional member is there. */
  has(): boolean;
  /** How many elements an array has. */
  length(depth: number): number;
}

export const minimal: Fill = { has: () => false, length: () => 1 };
export const full: Fill = { has: () => true, length: (depth) => (depth === 0 ? 3 : 2) };
/** Half of everything, by a generator of numbers in [0, 1). */
export const some = (next: () => number): Fill => ({ has: () => next() < 0.5, length: () => Math.floor(next() * 3) + 1 });

/** A document that cannot be made: it would be its own target, or need another one of the same identity. */
export class SampleConflict extends Error {}

interface RowContext {
  readonly resource: ResourceModel;
  readonly table: Table | undefined;
  /** Values that are settled, by group: the canonical column of a class, else the path. */
  readonly values: Map<string, Scalar>;
  readonly fill: Fill;
  /** New documents for references that are part of the identity. */
  readonly isNew: boolean;
  readonly depth: number;
  /** Tells the row from all others of its table: arrays have up to three elements. */
  readonly ordinal: number;
  /** Targets that other elements of the array refer to, by reference. */
  readonly taken: Map<string, Set<SampleDocument>>;
}

const tableKey = ({ schema, name }: Table['table']) => `${schema}.${name}`;
const label = resourceLabel;
const day = (number: number) => new Date(Date.UTC(2020, 0, 1 + (number % 20000))).toISOString().slice(0, 10);

/**
 * Documents that fit a model: every reference names a document of the world, values that are unified agree. Targets that are
 * missing are made, smallest first; `takeNew` hands out what has to be written before.
 */
export class SampleWorld {
  private readonly models: ReadonlyMap<string, ResourceModel>;
  private readonly shapes: ReadonlyMap<string, ObjectShape>;
  private readonly members: ReadonlyMap<string, readonly string[]>;
  private readonly abstractPaths: ReadonlyMap<string, readonly string[]>;
  private readonly known = new Map<string, SampleDocument[]>();
  private readonly identities = new Map<string, SampleDocument>();
  private readonly next: () => number;
  private fresh: SampleDocument[] = [];
  private last = 0;
  private nesting = 0;

  constructor(model: RelationalModelSet, schemas: readonly SchemaDocument[], next: () => number) {
    this.models = new Map(model.resources.map((resource) => [label(resource.resourceKey), resource]));
    this.shapes = documentShapes(model, schemas);
    this.members = new Map(
      model.abstractUnionViews.map(({ resourceKey, unionArms }) => [
        label(resourceKey),
        unionArms.map(({ concreteMember }) => label(concreteMember)),
      ]),
    );
    this.abstractPaths = new Map(
      model.abstractIdentityTables.map(({ resourceKey, table }) => [
        label(resourceKey),
        table.columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ]),
    );
    this.next = next;
  }

  /** Labels of the resources that documents can be made of. */
  get labels(): string[] {
    return [...this.shapes.keys()];
  }

  /** Documents made since the last call, targets before those that name them. */
  takeNew(): SampleDocument[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  documentsOf(target: string): readonly SampleDocument[] {
    return this.known.get(target) ?? [];
  }

  find(target: QualifiedResourceName, identity: ReadonlyMap<string, Json>): SampleDocument | undefined {
    return this.identities.get(this.identityKey(label(target), identity));
  }

  /** A new document of a concrete resource, with the identity values that are given. */
  create(name: string, fill: Fill, fixed: Identity = new Map()): SampleDocument {
    const document = this.compose(name, fill, fixed, true);
    const resource = this.model(name);
    const identity = new Map(
      resource.identityJsonPaths.map((path) => {
        let value: Json | undefined = document;
        for (const segment of path.segments)
          value = segment.kind === 'property' && isObject(value) ? value[segment.name] : undefined;
        return [path.canonical, value as Scalar];
      }),
    );
    const sample: SampleDocument = { label: name, identity, document };
    const names = [name, ...(resource.superclass ? [label(resource.superclass.resource)] : [])];
    for (const each of names) {
      const key = this.identityKey(each, this.identityAs(sample, each));
      if (this.identities.has(key)) throw new SampleConflict(`${key} is there already`);
    }
    for (const each of names) {
      this.identities.set(this.identityKey(each, this.identityAs(sample, each)), sample);
      this.known.set(each, [...(this.known.get(each) ?? []), sample]);
    }
    this.fresh.push(sample);
    return sample;
  }

  /** Other content for a document; its identity stays. */
  vary(sample: SampleDocument, fill: Fill): JsonObject {
    return this.compose(sample.label, fill, sample.identity, false);
  }

  private model(name: string): ResourceModel {
    const found = this.models.get(name);
    if (!found) throw new Error(`the model has no ${name}`);
    return found;
  }

  private identityKey(name: string, identity: ReadonlyMap<string, Json>): string {
    const folded = [...identity].map(([path, value]) => [
      path,
      typeof value === 'string' && path.endsWith('Descriptor') ? value.toLowerCase() : value,
    ]);
    return JSON.stringify([name, folded.sort()]);
  }

  private compose(name: string, fill: Fill, fixed: Identity, isNew: boolean): JsonObject {
    const resource = this.model(name);
    const shape = this.shapes.get(name);
    const [table] = resource.tablesInDependencyOrder;
    if (!shape || !table) throw new Error(`${name} has no shape`);
    if (this.nesting > 25) throw new SampleConflict(`${name} requires itself`);
    const values = new Map([...fixed].map(([path, value]) => [this.group(table, path), value]));
    const row: RowContext = { resource, table, values, fill, isNew, depth: 0, ordinal: 0, taken: new Map() };
    this.nesting += 1;
    try {
      return this.fillRow(shape, '$', row, undefined) as JsonObject;
    } finally {
      this.nesting -= 1;
    }
  }

  private group(table: Table | undefined, path: string): string {
    const storage = table?.columns.find(({ sourcePath }) => sourcePath?.canonical === path)?.storage;
    return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : path;
  }

  private tableAt(resource: ResourceModel, scope: string): Table | undefined {
    return resource.tablesInDependencyOrder.find(({ jsonScope }) => jsonScope.canonical === scope);
  }

  /** The members of one row: first who is there, then targets of references, then all other values, then what lies below. */
  private fillRow(shape: Shape, scope: string, row: RowContext, base: Json | undefined): Json {
    if (shape.kind === 'value') return this.scalar(scope, row);
    const mandatory = new Set<string>();
    for (const column of row.table?.columns ?? []) {
      if (column.isNullable || !column.sourcePath) continue;
      const path = column.sourcePath.canonical;
      for (let end = path.length; end > scope.length; end = path.lastIndexOf('.', end - 1)) mandatory.add(path.slice(0, end));
    }
    const present = new Set<string>();
    this.decide(shape, scope, row, mandatory, present);
    this.settleReferences(row, present);
    return this.render(shape, scope, row, present, base);
  }

  private decide(shape: Shape, path: string, row: RowContext, mandatory: ReadonlySet<string>, present: Set<string>): void {
    present.add(path);
    if (shape.kind !== 'object') return;
    const isReference = this.bindingAt(row, path) !== undefined;
    for (const [name, member] of shape.members) {
      const inner = `${path}.${name}`;
      const isPart = isReference && this.isReferencePart(row, inner);
      if (member.isRequired || mandatory.has(inner) || isPart || row.fill.has()) {
        if (name === '_ext' || member.shape.kind === 'array') present.add(inner);
        else this.decide(member.shape, inner, row, mandatory, present);
      }
    }
  }

  private bindingAt({ resource, table }: RowContext, path: string): DocumentReferenceBinding | undefined {
    return resource.documentReferenceBindings.find(
      (binding) => table && tableKey(binding.table) === tableKey(table.table) && binding.referenceObjectPath.canonical === path,
    );
  }

  private isReferencePart({ resource }: RowContext, path: string): boolean {
    return resource.documentReferenceBindings.some(({ identityBindings }) =>
      identityBindings.some(({ referenceJsonPath }) => referenceJsonPath.canonical === path),
    );
  }

  /** Gives every present reference a target, those of a new identity and concrete ones first, and its values to their groups. */
  private settleReferences(row: RowContext, present: ReadonlySet<string>): void {
    const bindings = [...present].flatMap((path) => this.bindingAt(row, path) ?? []);
    const rank = ({ targetResource, isIdentityComponent }: DocumentReferenceBinding) =>
      (row.isNew && isIdentityComponent ? 0 : 2) + (this.members.has(label(targetResource)) ? 1 : 0);
    for (const binding of bindings.sort((a, b) => rank(a) - rank(b))) {
      const groups = new Map<string, string[]>();
      for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
        const group = this.group(row.table, referenceJsonPath.canonical);
        groups.set(group, [...(groups.get(group) ?? []), identityJsonPath.canonical]);
      }
      const { target, identity } = this.target(binding, groups, row);
      const path = binding.referenceObjectPath.canonical;
      row.taken.set(path, (row.taken.get(path) ?? new Set()).add(target));
      for (const [group, [first]] of groups) row.values.set(group, identity.get(first ?? '') as Scalar);
    }
  }

  private target(binding: DocumentReferenceBinding, groups: ReadonlyMap<string, readonly string[]>, row: RowContext) {
    const name = label(binding.targetResource);
    const wanted = new Map<string, Scalar>();
    for (const [group, paths] of groups) {
      const value = row.values.get(group);
      if (value !== undefined) for (const path of paths) wanted.set(path, value);
    }
    const fits = (identity: Identity) =>
      [...wanted].every(([path, value]) => identity.get(path) === value) &&
      [...groups.values()].every((paths) => paths.every((path) => identity.get(path) === identity.get(paths[0] ?? '')));
    const isSettled = binding.identityBindings.every(({ identityJsonPath }) => wanted.has(identityJsonPath.canonical));
    const isFresh = row.isNew && binding.isIdentityComponent && !isSettled;
    const taken = row.taken.get(binding.referenceObjectPath.canonical);
    const candidates = isFresh
      ? []
      : this.documentsOf(name).flatMap((sample) => {
          const identity = this.identityAs(sample, name);
          return fits(identity) && (isSettled || !taken?.has(sample)) ? [{ target: sample, identity }] : [];
        });
    const found = candidates[Math.floor(this.next() * Math.min(candidates.length, 4))];
    if (found) return found;
    const made = this.make(name, wanted);
    if (fits(this.identityAs(made, name))) return { target: made, identity: this.identityAs(made, name) };
    // the target keeps apart what this row holds once
    for (const paths of groups.values()) {
      for (const path of paths) wanted.set(path, this.identityAs(made, name).get(paths[0] ?? '') as Scalar);
    }
    const again = this.make(name, wanted);
    return { target: again, identity: this.identityAs(again, name) };
  }

  private make(name: string, wanted: Identity): SampleDocument {
    const members = this.members.get(name);
    if (!members) return this.create(name, minimal, wanted);
    this.last += 1;
    const member = members[this.last % members.length] as string;
    const { superclass, identityJsonPaths } = this.model(member);
    const renamed = superclass?.identityJsonPath?.canonical;
    const own = identityJsonPaths[0]?.canonical ?? '';
    return this.create(member, minimal, new Map([...wanted].map(([path, value]) => [path === renamed ? own : path, value])));
  }

  /** The identity of a document by the paths of its resource, or of the abstract resource that it belongs to. */
  private identityAs(sample: SampleDocument, name: string): Identity {
    if (sample.label === name) return sample.identity;
    const { superclass, identityJsonPaths } = this.model(sample.label);
    const renamed = superclass?.identityJsonPath?.canonical;
    return new Map(
      (this.abstractPaths.get(name) ?? []).map((path) => {
        const own = path === renamed ? identityJsonPaths[0]?.canonical : path;
        return [path, sample.identity.get(own ?? '') as Scalar];
      }),
    );
  }

  private render(shape: Shape, path: string, row: RowContext, present: ReadonlySet<string>, base: Json | undefined): Json {
    if (shape.kind === 'value') return this.scalar(path, row);
    const result: JsonObject = {};
    if (shape.kind === 'array') return this.array(shape, path, row, base) ?? [];
    for (const [name, { shape: member }] of shape.members) {
      const inner = `${path}.${name}`;
      if (name === '_ext' || !present.has(inner)) continue;
      if (member.kind === 'array') {
        const list = this.array(member, inner, row, isObject(base) ? base[name] : undefined);
        if (list && list.length > 0) result[name] = list;
        continue;
      }
      const value = this.render(member, inner, row, present, isObject(base) ? base[name] : undefined);
      // an empty object is not stored
      if (!isObject(value) || Object.keys(value).length > 0) result[name] = value;
    }
    const site = shape.members.get('_ext');
    if (site?.shape.kind === 'object' && present.has(`${path}._ext`)) {
      const extensions: JsonObject = {};
      for (const [key, { shape: extension }] of site.shape.members) {
        const scope = `${path}._ext.${key}`;
        const inner = { ...row, table: this.tableAt(row.resource, scope), values: new Map<string, Scalar>(), taken: new Map() };
        const value = this.fillRow(extension, scope, inner, path === '$' ? result : base);
        if (isObject(value) && Object.keys(value).length > 0) extensions[key] = value;
      }
      if (Object.keys(extensions).length > 0) result._ext = extensions;
    }
    return result;
  }

  private array(shape: Shape & { kind: 'array' }, path: string, row: RowContext, base: Json | undefined): Json[] | undefined {
    const scope = `${path}[*]`;
    const element = (ordinal: number, taken: RowContext['taken'], mirrored?: Json): Json => {
      const values = new Map<string, Scalar>();
      const inner: RowContext = {
        ...row,
        table: this.tableAt(row.resource, scope),
        values,
        isNew: false,
        depth: row.depth + 1,
        ordinal: row.ordinal * 4 + ordinal,
        taken,
      };
      return this.fillRow(shape.items, scope, inner, mirrored);
    };
    const taken: RowContext['taken'] = new Map();
    if (!shape.isAligned) {
      return Array.from({ length: row.fill.length(row.depth) }, (_, ordinal) => element(ordinal, taken));
    }
    if (!Array.isArray(base)) return undefined;
    const list = base.map((mirrored, ordinal) => (row.fill.has() ? element(ordinal, taken, mirrored) : {}));
    while (list.length > 0 && Object.keys(list.at(-1) as JsonObject).length === 0) list.pop();
    return list;
  }

  private scalar(path: string, row: RowContext): Scalar {
    const group = this.group(row.table, path);
    const known = row.values.get(group);
    if (known !== undefined) return known;
    const columns = (row.table?.columns ?? []).filter(({ sourcePath }) => sourcePath?.canonical === path);
    const [column] = columns;
    if (!column) throw new Error(`${label(row.resource.resourceKey)}: no column holds ${path}`);
    const value = this.freshValue(column, row, path);
    row.values.set(group, value);
    return value;
  }

  private freshValue({ kind, scalarType, targetResource, isNullable }: Column, row: RowContext, path: string): Scalar {
    this.last += 1;
    const number = this.last;
    if (kind === 'DescriptorFk' && targetResource) {
      const isIdentity = row.resource.identityJsonPaths.some(({ canonical }) => canonical === path);
      const code = isIdentity && row.isNew ? `New${number}` : `Code${row.ordinal}`;
      return `uri://Sample.Org/${targetResource.resourceName}#${code}`;
    }
    const isIdentity = row.resource.identityJsonPaths.some(({ canonical }) => canonical === path);
    switch (scalarType?.kind) {
      case 'Boolean':
        return number % 2 === 0;
      case 'Int32':
        return 1000 + number;
      case 'Int64':
        return isIdentity || !isNullable ? 1000 + number : 5_000_000_000 + number;
      case 'Decimal': {
        const { precision = 9, scale = 2 } = scalarType.decimal ?? {};
        const whole = number % 10 ** Math.min(precision - scale, 6);
        return scale === 0 ? whole : whole + (1 + (number % 8)) / 10;
      }
      case 'Date':
        return day(number);
      case 'DateTime':
        return new Date(Date.UTC(2024, 0, 1) + number * 61_000).toISOString().replace('.000Z', 'Z');
      case 'Time':
        return new Date(Date.UTC(2024, 0, 1) + number * 7_000).toISOString().slice(11, 19);
      default: {
        const text = number.toString(36);
        const room = scalarType?.maxLength ?? 60;
        if (isIdentity || room < 12) return text.slice(-room);
        // now and then as long as it may be, and beyond ASCII
        return number % 5 === 0 ? text.padEnd(Math.min(room, 300), 'x') : `Größe "${text}"`;
      }
    }
  }
}
