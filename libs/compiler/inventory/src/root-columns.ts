import { resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import {
  type Column,
  type FullNames,
  type IdentityElement,
  mustExist,
  qualified,
  type ResourceModel,
  resolveStorage,
  type Table,
} from '@dms/model';
import { compareOrdinal, groupBy } from '@dms/values';

/** The root table of a resource with the lookups over its columns that trigger derivation needs. */
export class RootColumns {
  readonly resource: ResourceModel;
  readonly root: Table;
  readonly label: string;
  /** The stored columns behind the identity of the resource, without duplicates (design 05 §4.2). */
  readonly projection: readonly string[];
  private readonly columns: ReadonlyMap<string, Column>;
  private readonly byPath: ReadonlyMap<string, Column[]>;

  constructor(resource: ResourceModel, names: FullNames) {
    this.label = resourceLabel(resource.resourceKey);
    const root = mustExist(resource.tablesInDependencyOrder[0], `the root table of ${this.label}`);
    this.resource = resource;
    this.root = root;
    this.columns = new Map(root.columns.map((column) => [column.name, column]));
    this.byPath = groupBy(
      root.columns.filter(({ sourcePath }) => sourcePath !== null),
      ({ name, sourcePath }) => mustExist(sourcePath, `the path of ${name}`).canonical,
    );
    for (const [path, columns] of this.byPath) {
      this.checkKinds(path, columns);
      columns.sort((a, b) => compareOrdinal(names.column(root.table, a.name), names.column(root.table, b.name)));
    }
    const stored = this.identityElements().map(({ column }) => this.storageOf(column, 'flags', 'identity'));
    this.projection = [...new Set(stored)];
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
  at(path: string): readonly Column[] {
    return this.byPath.get(path) ?? [];
  }

  storageOf(column: string, aliases: 'flags' | 'all', use: string): string {
    const table = { qualified: qualified(this.root.table), columns: this.columns };
    return resolveStorage(table, column, aliases, `${use} of ${this.label}`);
  }

  private identityElements(): readonly IdentityElement[] {
    if (this.resource.identityElements.length > 0) return this.resource.identityElements;
    const text = `${this.label} has no identity paths; every resource with tables needs an identity.`;
    return fail('TRG_NO_IDENTITY', text, { resource: this.label }, { resource: this.label });
  }
}
