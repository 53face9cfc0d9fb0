import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { type Diagnostic, diagnostic, fail, failIfAny, listOfNames } from '@dms/diagnostics';
import {
  core,
  type DbTableName,
  type FullNames,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
} from '@dms/model';
import { compareOrdinal } from '@dms/values';
import type { NamedIndex } from '../derive-indexes.ts';
import type { PersonKind } from '../inventory.ts';
import { type PersonChains, personKinds, personPaths } from './person-chains.ts';
import { type associationNames, coreResource, isInArray } from './resource-tables.ts';

const unresolvedTexts = {
  SECURABLE_PATH_UNRESOLVED: (paths: string) =>
    `securableElements names paths that lead to no column or person: ${paths}; correct the paths.`,
  TRACKED_PATH_UNRESOLVED: (paths: string) =>
    `changes of these paths cannot be tracked, because no column of its root table holds them: ${paths}; correct identityJsonPaths or securableElements.`,
} as const;

/** The indexes by which a server finds out who may see a row (design 15a §1). */
export function authorizationIndexes(context: AuthorizationContext): NamedIndex[] {
  const indexes = new AuthorizationIndexes(context.names);
  addPrimaryAssociations(context, indexes);
  failIfAny(addSecurablePaths(context, indexes));
  failIfAny(addPersonJoins(context, indexes));
  return indexes.list();
}

/** Authorization indexes by table and column. A later source extends an existing index and never repeats it. */
class AuthorizationIndexes {
  private readonly indexes = new Map<string, NamedIndex & { includeColumns: readonly string[] }>();
  private readonly names: FullNames;

  constructor(names: FullNames) {
    this.names = names;
  }

  has(table: DbTableName, column: string): boolean {
    return this.indexes.has(`${qualified(table)} ${column}`);
  }

  add(table: DbTableName, column: string, includeColumns: readonly string[]): void {
    const fullName = `IX_${this.names.table(table)}_${this.names.column(table, column)}_Auth`;
    this.indexes.set(`${qualified(table)} ${column}`, {
      fullName,
      table,
      kind: 'Authorization',
      isUnique: false,
      keyColumns: [column],
      includeColumns,
    });
  }

  /** Adds an included column to an index; creates the index if it does not exist. */
  widen(table: DbTableName, column: string, included: string): void {
    const known = this.indexes.get(`${qualified(table)} ${column}`);
    if (!known) this.add(table, column, [included]);
    else known.includeColumns = [...new Set([...known.includeColumns, included])].sort(compareOrdinal);
  }

  list(): NamedIndex[] {
    return [...this.indexes.values()];
  }
}

/**
 * The associations that assign people to education organizations: the lookup column and the column that it leads to.
 */
const primaryAssociations: readonly {
  readonly resource: (typeof associationNames)[number];
  readonly key: string;
  readonly include: string;
}[] = [
  { resource: 'StudentSchoolAssociation', key: 'SchoolId_Unified', include: 'Student_DocumentId' },
  { resource: 'StudentContactAssociation', key: 'Student_DocumentId', include: 'Contact_DocumentId' },
  {
    resource: 'StaffEducationOrganizationAssignmentAssociation',
    key: 'EducationOrganization_EducationOrganizationId',
    include: 'Staff_DocumentId',
  },
  {
    resource: 'StaffEducationOrganizationEmploymentAssociation',
    key: 'EducationOrganization_EducationOrganizationId',
    include: 'Staff_DocumentId',
  },
  {
    resource: 'StudentEducationOrganizationResponsibilityAssociation',
    key: 'EducationOrganization_EducationOrganizationId',
    include: 'Student_DocumentId',
  },
];

function addPrimaryAssociations({ model, chains, strict }: AuthorizationContext, indexes: AuthorizationIndexes): void {
  for (const association of primaryAssociations) {
    const resource = coreResource(model, association.resource);
    const tables = resource && chains.tablesOf(resource);
    const root = tables?.root;
    if (!resource || !tables || !root) continue;
    const columns = [association.key, association.include].map((name) => tables.columnWithFullName(root, name));
    const [key, include] = columns.map((column) => column && tables.storageOf(root, column.name));
    if (key && include) {
      indexes.add(root.table, key.name, [include.name]);
      continue;
    }
    if (!strict) continue;
    const label = resourceLabel(resource.resourceKey);
    const table = qualified(root.table);
    const wanted = [association.key, association.include];
    const missing = wanted.filter((_, index) => columns[index] === undefined);
    const text = `${label}: authorization needs the columns ${listOfNames(wanted)} of ${table}, which lacks ${listOfNames(missing)}; give the references of the resource the names that the data standard gives them.`;
    fail('AUTH_ASSOCIATION_COLUMN_MISSING', text, { resource: label }, { table, columns: wanted, missing });
  }
}

function addSecurablePaths(context: AuthorizationContext, indexes: AuthorizationIndexes): Diagnostic[] {
  const leading = new Set(
    context.others
      .filter(({ kind }) => kind === 'PrimaryKey' || kind === 'UniqueConstraint')
      .map(({ table, keyColumns }) => `${qualified(table)} ${keyColumns[0]}`),
  );
  return context.model.resources.flatMap((resource) => {
    const { educationOrganization, namespace } = resource.securableElements;
    const unresolved: JsonPath[] = [];
    for (const path of [...educationOrganization.map(({ jsonPath }) => jsonPath), ...namespace]) {
      const place = findPlace(context, resource, path);
      if (!place) unresolved.push(path);
      else if (!indexes.has(place.table, place.column) && !leading.has(`${qualified(place.table)} ${place.column}`))
        indexes.add(place.table, place.column, []);
    }
    return unresolved.length === 0 ? [] : [unresolvedPaths(resource, unresolved)];
  });
}

/** The column in which the values of a securable path are stored; undefined if there is none. */
function findPlace(
  { chains }: AuthorizationContext,
  resource: ResourceModel,
  path: JsonPath,
): { readonly table: DbTableName; readonly column: string } | undefined {
  if (resource.storageKind === 'SharedDescriptorTable') {
    const column = descriptorColumn(resource, path);
    return column === undefined ? undefined : { table: core.descriptor, column };
  }
  const [place] = chains.tablesOf(resource).findPlaces(path);
  return place && { table: place.table.table, column: place.column.name };
}

/** The column of `dms.Descriptor` that holds the property at a path (design 02 §11). */
function descriptorColumn({ descriptorMetadata }: ResourceModel, { canonical }: JsonPath): string | undefined {
  const columns = Object.entries(descriptorMetadata?.columns ?? {});
  return columns.find(([property]) => canonical === `$.${property}`)?.[1] ?? undefined;
}

function addPersonJoins(context: AuthorizationContext, indexes: AuthorizationIndexes): Diagnostic[] {
  return context.model.resources.flatMap((resource) => {
    const unresolved = personKinds.flatMap((person) => addJoinsTo(person, resource, context, indexes));
    return unresolved.length === 0 ? [] : [unresolvedPaths(resource, unresolved)];
  });
}

/** Adds the joins from a resource to the people of one kind. Returns the paths that lead to no person. */
function addJoinsTo(
  person: PersonKind,
  resource: ResourceModel,
  { chains }: AuthorizationContext,
  indexes: AuthorizationIndexes,
): JsonPath[] {
  const unresolved: JsonPath[] = [];
  for (const path of personPaths(resource, person)) {
    const chain = chains.chain(resource, path, person);
    if (chain) for (const { step } of chain) indexes.widen(step.sourceTable, step.sourceColumn, step.targetColumn);
    else if (!isInArray(path) && !chains.isOwnId(resource, path, person)) unresolved.push(path);
  }
  return unresolved;
}

/** The diagnostic about all paths of one resource that cannot be resolved. */
export function unresolvedPaths(
  resource: ResourceModel,
  paths: readonly JsonPath[],
  code: keyof typeof unresolvedTexts = 'SECURABLE_PATH_UNRESOLVED',
): Diagnostic {
  const label = resourceLabel(resource.resourceKey);
  const texts = [...new Set(paths.map(({ canonical }) => canonical))].sort(compareOrdinal);
  const path = mustExist(texts[0], `an unresolved path of ${label}`);
  const text = `${label}: ${unresolvedTexts[code](texts.join(', '))}`;
  return diagnostic(code, text, { resource: label, path }, { paths: texts });
}

interface AuthorizationContext {
  readonly model: RelationalModelSet;
  readonly names: FullNames;
  readonly chains: PersonChains;
  /** The indexes of keys, uniques and foreign keys. */
  readonly others: readonly NamedIndex[];
  readonly strict: boolean;
}
