import { arrayDepth, type JsonPath } from '@dms/api-schema';
import {
  type Column,
  type DbTableName,
  type DocumentReferenceBinding,
  type FullNames,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  resolveStorage,
  type Table,
} from '@dms/model';

/** A stored column of a table. */
interface StoredPlace {
  readonly table: Table;
  readonly column: Column;
}

/** The tables of a resource with the lookups that authorization and tracked changes need. */
export class ResourceTables {
  readonly resource: ResourceModel;
  private readonly names: FullNames;
  private readonly columns = new Map<Table, ReadonlyMap<string, Column>>();

  constructor(resource: ResourceModel, names: FullNames) {
    this.resource = resource;
    this.names = names;
    for (const table of resource.tablesInDependencyOrder)
      this.columns.set(table, new Map(table.columns.map((column) => [column.name, column])));
  }

  get root(): Table | undefined {
    return this.resource.tablesInDependencyOrder[0];
  }

  tableNamed(name: DbTableName): Table {
    const found = this.resource.tablesInDependencyOrder.find(({ table }) => qualified(table) === qualified(name));
    return mustExist(found, `the table ${qualified(name)}`);
  }

  columnOf(table: Table, name: string): Column {
    return mustExist(this.columns.get(table)?.get(name), `the column ${name} of ${qualified(table.table)}`);
  }

  /** The column of a table with this full-length name. */
  columnWithFullName(table: Table, fullName: string): Column | undefined {
    return table.columns.find(({ name }) => this.names.column(table.table, name) === fullName);
  }

  /** The stored column behind a column: itself, or the canonical column of its class (design 04 §2). */
  storageOf(table: Table, name: string): Column {
    const columns = mustExist(this.columns.get(table), `the columns of ${qualified(table.table)}`);
    const place = { qualified: qualified(table.table), columns };
    return this.columnOf(table, resolveStorage(place, name, 'flags', 'authorization'));
  }

  /** The references of the root table that have a part at this path. */
  rootBindingsAt(path: JsonPath): readonly DocumentReferenceBinding[] {
    const { root } = this;
    if (!root) return [];
    return this.resource.documentReferenceBindings.filter(
      ({ table, identityBindings }) =>
        qualified(table) === qualified(root.table) &&
        identityBindings.some(({ referenceJsonPath }) => referenceJsonPath.canonical === path.canonical),
    );
  }

  /**
   * The stored columns of a path, the best one first: columns of the root table, then of the table with the fewest
   * scope segments, then by name (design 15a §1).
   */
  findPlaces(path: JsonPath): StoredPlace[] {
    const { canonical } = path;
    const ofReferences = this.resource.documentReferenceBindings.flatMap(({ table: name, identityBindings }) => {
      const part = identityBindings.find(({ referenceJsonPath }) => referenceJsonPath.canonical === canonical);
      if (!part) return [];
      const table = this.tableNamed(name);
      return [{ table, column: this.storageOf(table, part.column) }];
    });
    const ofColumns = this.resource.tablesInDependencyOrder.flatMap((table) =>
      table.columns
        .filter(({ sourcePath }) => sourcePath?.canonical === canonical)
        .map(({ name }) => ({ table, column: this.storageOf(table, name) })),
    );
    const rank = ({ table, column }: StoredPlace) =>
      [
        table === this.root ? 0 : 1,
        table.jsonScope.segments.length,
        `${this.names.schema(table.table.schema)}.${this.names.table(table.table)}`,
        this.names.column(table.table, column.name),
      ] as const;
    return [...ofReferences, ...ofColumns].sort((a, b) => {
      const ranksA = rank(a);
      const ranksB = rank(b);
      for (const [index, value] of ranksA.entries()) {
        const other = ranksB[index] as typeof value;
        if (value !== other) return value < other ? -1 : 1;
      }
      return 0;
    });
  }
}

/** Whether the values of a path lie in an array. */
export const isInArray = (path: JsonPath) => arrayDepth(path) > 0;

/** Whether a project is the core of the data standard (design 15a). */
export const isCoreProject = (projectName: string) => projectName.toLowerCase() === 'ed-fi';

/** The associations that assign people to education organizations (design 15a §1). */
export const associationNames = [
  'StudentSchoolAssociation',
  'StudentContactAssociation',
  'StaffEducationOrganizationAssignmentAssociation',
  'StaffEducationOrganizationEmploymentAssociation',
  'StudentEducationOrganizationResponsibilityAssociation',
] as const;

/**
 * Whether the core has all of these associations, and therefore the views by which a server authorizes requests (design
 * 15a §5).
 */
export const hasAllAssociations = (model: RelationalModelSet): boolean =>
  associationNames.every((name) => coreResource(model, name) !== undefined);

/** The resource with that name in the core project. */
export function coreResource({ resources }: RelationalModelSet, resourceName: string): ResourceModel | undefined {
  return resources.find(
    ({ resourceKey }) => resourceKey.resourceName === resourceName && isCoreProject(resourceKey.projectName),
  );
}
