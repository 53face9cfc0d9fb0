import { resourceLabel } from '@dms/api-schema';
import { compareOrdinal, groupBy } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import {
  type Column,
  type DocumentReferenceBinding,
  type FullNames,
  identityColumns,
  promised,
  qualified,
  type ReferenceIdentityBinding,
  type ResourceModel,
  resolveStorage,
  type Table,
} from '@dms/model';
import type { IdentityElement } from './inventory.ts';

/** The part of a reference that stands for an identity path; undefined if the reference has none at the path. */
export type IdentityPartRule = (binding: DocumentReferenceBinding, path: string) => ReferenceIdentityBinding | undefined;

/** A resource with the lookups over its root table that trigger derivation needs. */
export class IdentityBlockSource {
  readonly resource: ResourceModel;
  readonly root: Table;
  readonly label: string;
  private readonly identityPart: IdentityPartRule;
  private readonly columns: ReadonlyMap<string, Column>;
  private readonly byPath: ReadonlyMap<string, Column[]>;
  private readonly bindingsByPath = new Map<string, DocumentReferenceBinding[]>();

  constructor(resource: ResourceModel, names: FullNames, identityPart: IdentityPartRule) {
    this.identityPart = identityPart;
    this.label = resourceLabel(resource.resourceKey);
    const root = promised(resource.tablesInDependencyOrder[0], `the root table of ${this.label}`);
    this.resource = resource;
    this.root = root;
    this.columns = new Map(root.columns.map((column) => [column.name, column]));
    this.byPath = groupBy(
      root.columns.filter(({ sourcePath }) => sourcePath !== null),
      ({ sourcePath }) => sourcePath?.canonical ?? '',
    );
    for (const [path, columns] of this.byPath) {
      this.checkKinds(path, columns);
      columns.sort((a, b) => compareOrdinal(names.column(root.table, a.name), names.column(root.table, b.name)));
    }
    for (const binding of resource.documentReferenceBindings) {
      for (const path of new Set(binding.identityBindings.map(({ referenceJsonPath }) => referenceJsonPath.canonical))) {
        this.bindingsByPath.set(path, [...(this.bindingsByPath.get(path) ?? []), binding]);
      }
    }
  }

  private checkKinds(path: string, columns: readonly Column[]): void {
    const kinds = columns.map(({ name, kind }) => `${name} (${kind})`).join(', ');
    if (columns.every(({ kind }) => kind === columns[0]?.kind)) return;
    const text = `${this.label}: the path ${path} feeds root columns of different kinds: ${kinds}.`;
    fail('SOURCE_PATH_KINDS', text, { resource: this.label, path }, { resource: this.label, path });
  }

  isRoot({ schema, name }: Table['table']): boolean {
    return this.root.table.schema === schema && this.root.table.name === name;
  }

  /** The root columns at a path, by full name. */
  rootColumnsAt(path: string): readonly Column[] {
    return this.byPath.get(path) ?? [];
  }

  /** The references that have a part at a path. */
  bindingsAt(path: string): readonly DocumentReferenceBinding[] {
    return this.bindingsByPath.get(path) ?? [];
  }

  storageOf(column: string): string {
    const table = { qualified: qualified(this.root.table), columns: this.columns };
    return resolveStorage(table, column, 'flags', `identity of ${this.label}`);
  }

  /** One element per identity path, in schema order (design 05 §4.1). Throws `TRG_NO_IDENTITY`. */
  identityElements(): IdentityElement[] {
    const chosen = identityColumns<Column>({
      label: this.label,
      identityJsonPaths: this.resource.identityJsonPaths,
      rootColumnsAt: (path) => this.rootColumnsAt(path),
      bindingsAt: (path) =>
        this.bindingsAt(path).map((binding) => ({
          isOnRoot: this.isRoot(binding.table),
          isIdentityComponent: binding.isIdentityComponent,
          column: this.columns.get(this.identityPart(binding, path)?.column ?? ''),
        })),
    });
    if (chosen.length === 0) {
      const text = `${this.label} has no identity paths; every resource with tables needs an identity.`;
      fail('TRG_NO_IDENTITY', text, { resource: this.label }, { resource: this.label });
    }
    return chosen.map(({ path, column }) => {
      return {
        column: column.name,
        identityJsonPath: path,
        scalarType: promised(column.scalarType, `the type of ${this.label} ${path.canonical}`),
        isDescriptor: column.kind === 'DescriptorFk',
      };
    });
  }

  /** The stored columns behind identity elements, each once (design 05 §4.2). */
  projection(elements: readonly IdentityElement[]): string[] {
    return [...new Set(elements.map(({ column }) => this.storageOf(column)))];
  }
}
