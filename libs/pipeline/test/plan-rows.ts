import type { JsonPath } from '@dms/api-schema';
import type { DocumentReferenceBinding, QualifiedResourceName, ScalarType } from '@dms/model';
import type { ResourceWritePlan, TableWritePlan } from '@dms/plans';

export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

/** A value as it goes to the database. */
export type StoredValue = null | boolean | number | string;

/** Document ids by what documents say; undefined when there is none. */
export interface Lookup {
  /** `identity` has the paths of the target; a value that is missing in the reference is missing there too. */
  document(target: QualifiedResourceName, identity: ReadonlyMap<string, Json>): number | undefined;
  descriptor(resource: QualifiedResourceName, lowerCaseUri: string): number | undefined;
}

/** A document that a server would refuse before it sends anything to the database. */
export class WriteRefused extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(`${code}: ${text}`);
    this.name = 'WriteRefused';
    this.code = code;
  }
}

export interface TableRows {
  readonly plan: TableWritePlan;
  /** In document order, values in the order of the bindings. */
  readonly rows: readonly (readonly StoredValue[])[];
}

interface ScopeNode {
  readonly node: Json;
  /** One per array on the way, outer to inner. */
  readonly ordinals: readonly number[];
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The nodes of a document at the scope of a table. */
export function scopeNodes(document: Json, scope: JsonPath): ScopeNode[] {
  let nodes: ScopeNode[] = [{ node: document, ordinals: [] }];
  for (const segment of scope.segments) {
    nodes = nodes.flatMap(({ node, ordinals }): ScopeNode[] => {
      if (segment.kind === 'anyElement') {
        return Array.isArray(node) ? node.map((element, index) => ({ node: element, ordinals: [...ordinals, index] })) : [];
      }
      const member = isObject(node) ? node[segment.name] : undefined;
      return member === undefined || member === null ? [] : [{ node: member, ordinals }];
    });
  }
  return nodes;
}

/** The value at a path without arrays, JSON null as undefined. */
export function valueAt(node: Json, path: JsonPath): Json | undefined {
  let value: Json | undefined = node;
  for (const segment of path.segments) {
    if (segment.kind === 'anyElement') throw new Error(`${path.canonical} crosses an array`);
    value = isObject(value) ? value[segment.name] : undefined;
  }
  return value ?? undefined;
}

/** `path` without the segments of a scope that it starts with. */
export function below(scope: JsonPath, path: JsonPath): JsonPath {
  return {
    canonical: `$${path.canonical.slice(scope.canonical.length)}`,
    segments: path.segments.slice(scope.segments.length),
  };
}

const numbers: readonly ScalarType['kind'][] = ['Int32', 'Int64', 'Decimal'];

/** A JSON scalar in storage form. */
export function storageValue(value: Json, { kind }: ScalarType): StoredValue {
  const fits =
    kind === 'Boolean'
      ? typeof value === 'boolean'
      : numbers.includes(kind)
        ? typeof value === 'number'
        : typeof value === 'string';
  if (!fits) throw new WriteRefused('TYPE', `${JSON.stringify(value)} is no ${kind}`);
  return kind === 'DateTime' ? new Date(value as string).toISOString() : (value as StoredValue);
}

class RowBuilder {
  private readonly plan: TableWritePlan;
  private readonly bindings: readonly DocumentReferenceBinding[];
  private readonly documentId: number;
  private readonly lookup: Lookup;

  constructor(write: ResourceWritePlan, plan: TableWritePlan, documentId: number, lookup: Lookup) {
    this.plan = plan;
    this.bindings = write.model.documentReferenceBindings;
    this.documentId = documentId;
    this.lookup = lookup;
  }

  /** One row by the algorithm of design 08 §6.10 and 04 §13.2. */
  build(scope: ScopeNode): StoredValue[] {
    const row: (StoredValue | undefined)[] = this.plan.columnBindings.map(({ source }) =>
      source.kind === 'precomputed' ? undefined : this.value(source, scope),
    );
    for (const unification of this.plan.keyUnificationPlans) this.unify(unification, row, scope.node);
    return row.map((value, index) => {
      if (value === undefined) throw new Error(`nothing produced ${this.plan.columnBindings[index]?.column.name}`);
      return value;
    });
  }

  private value(
    source: Exclude<TableWritePlan['columnBindings'][number]['source'], { kind: 'precomputed' }>,
    scope: ScopeNode,
  ): StoredValue {
    switch (source.kind) {
      case 'document_id':
        return this.documentId;
      case 'parent_key_part':
        return [this.documentId, ...scope.ordinals.slice(0, -1)][source.index] as number;
      case 'ordinal':
        return scope.ordinals.at(-1) as number;
      case 'scalar': {
        const value = valueAt(scope.node, source.relativePath);
        return value === undefined ? null : storageValue(value, source.scalarType);
      }
      case 'descriptor_reference': {
        const value = valueAt(scope.node, source.relativePath);
        return value === undefined ? null : this.descriptorId(source.descriptorResource, value);
      }
      case 'document_reference':
        return this.reference(this.bindings[source.bindingIndex] as DocumentReferenceBinding, scope.node);
    }
  }

  private descriptorId(resource: QualifiedResourceName, value: Json): number {
    const id = typeof value === 'string' ? this.lookup.descriptor(resource, value.toLowerCase()) : undefined;
    if (id === undefined)
      throw new WriteRefused('KU_WRITE_DESCRIPTOR', `${JSON.stringify(value)} is no ${resource.resourceName}`);
    return id;
  }

  private reference(binding: DocumentReferenceBinding, node: Json): number | null {
    const { jsonScope } = this.plan.tableModel;
    if (valueAt(node, below(jsonScope, binding.referenceObjectPath)) === undefined) return null;
    const identity = new Map<string, Json>();
    for (const { identityJsonPath, referenceJsonPath } of binding.identityBindings) {
      const value = valueAt(node, below(jsonScope, referenceJsonPath));
      if (value !== undefined) identity.set(identityJsonPath.canonical, value);
    }
    const id = this.lookup.document(binding.targetResource, identity);
    if (id !== undefined) return id;
    const found = JSON.stringify([...identity]);
    throw new WriteRefused(
      'REFERENCE',
      `${binding.referenceObjectPath.canonical} names no ${binding.targetResource.resourceName}: ${found}`,
    );
  }

  private unify(
    { canonicalColumn, canonicalBindingIndex, membersInOrder }: TableWritePlan['keyUnificationPlans'][number],
    row: (StoredValue | undefined)[],
    node: Json,
  ): void {
    const refuse = (code: string, text: string) =>
      new WriteRefused(code, `${this.plan.tableModel.table.name}.${canonicalColumn}: ${text}`);
    let chosen: { readonly value: StoredValue; readonly path: string } | undefined;
    for (const member of membersInOrder) {
      const found = valueAt(node, member.relativePath);
      if (found !== undefined && typeof found === 'object') throw refuse('KU_WRITE_NOT_SCALAR', member.relativePath.canonical);
      if (member.presenceIsSynthetic) row[member.presenceBindingIndex as number] = found === undefined ? null : true;
      if (found === undefined) continue;
      const value =
        member.kind === 'scalar' ? storageValue(found, member.scalarType) : this.descriptorId(member.descriptorResource, found);
      const path = member.relativePath.canonical;
      if (!chosen) chosen = { value, path };
      else if (chosen.value !== value) throw refuse('KU_WRITE_CONFLICT', `${chosen.path} and ${path} differ`);
    }
    const canonical = chosen?.value ?? null;
    row[canonicalBindingIndex] = canonical;
    for (const { presenceBindingIndex, presenceColumn } of membersInOrder) {
      if (presenceBindingIndex !== null && row[presenceBindingIndex] !== null && canonical === null)
        throw refuse('KU_WRITE_GATE', `${presenceColumn} is set`);
    }
    if (!this.plan.columnBindings[canonicalBindingIndex]?.column.isNullable && canonical === null)
      throw refuse('KU_WRITE_REQUIRED', 'no member has a value');
  }
}

/** The rows of every table, in plan order. Throws `WriteRefused`. */
export function documentRows(write: ResourceWritePlan, documentId: number, document: Json, lookup: Lookup): TableRows[] {
  return write.tablePlansInDependencyOrder.map((plan) => {
    const builder = new RowBuilder(write, plan, documentId, lookup);
    return { plan, rows: scopeNodes(document, plan.tableModel.jsonScope).map((scope) => builder.build(scope)) };
  });
}
