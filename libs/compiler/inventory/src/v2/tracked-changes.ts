import { childPath, type JsonPath, resourceLabel, rootPath } from '@dms/api-schema';
import { type Diagnostic, fail, failIfAny } from '@dms/diagnostics';
import {
  type Column,
  core,
  type FullName,
  type FullNames,
  type IdentityElement,
  modelIndex,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type ScalarType,
  type Table,
} from '@dms/model';
import { byName, bySchemaAndName } from '@dms/values';
import type { PersonKind, TrackedChangeOrigin, TrackedChangeTable, TrackedDescriptorJoin } from '../inventory.ts';
import type { NamedTrackedTable, NamedTrackedValue } from '../tracked-table-names.ts';
import { unresolvedPaths } from './authorization-indexes.ts';
import { type ChainStep, type PersonChains, personKinds, personPaths } from './person-chains.ts';
import {
  associationNames,
  coreResource,
  hasAllAssociations,
  isCoreProject,
  isInArray,
  type ResourceTables,
} from './resource-tables.ts';

/**
 * The tables that record deletes and changed keys: one per resource with tables, one for all descriptors (design 15a
 * §4).
 */
export function trackedChangeTables(
  model: RelationalModelSet,
  names: FullNames,
  chains: PersonChains,
): NamedTrackedTable[] {
  const texts = descriptorTexts(model);
  const { abstracts } = modelIndex(model);
  const diagnostics: Diagnostic[] = [];
  const associations: readonly ResourceModel[] = hasAllAssociations(model)
    ? associationNames.flatMap((name) => coreResource(model, name) ?? [])
    : [];
  const isAssociation = (resource: ResourceModel) => associations.includes(resource);
  const tables = model.resources.flatMap((resource) => {
    if (resource.storageKind === 'SharedDescriptorTable') return [];
    const values = new TrackedValues(chains.tablesOf(resource), names, texts);
    addTrackedPaths(values, resource, chains);
    if (isAssociation(resource)) addAssociatedPeople(values, resource, chains);
    if (values.unresolved.length > 0)
      diagnostics.push(unresolvedPaths(resource, values.unresolved, 'TRACKED_PATH_UNRESOLVED'));
    if (values.unresolvedPeople.length > 0) diagnostics.push(unresolvedPaths(resource, values.unresolvedPeople));
    const { superclass } = resource;
    const hasSuperclassTable = superclass !== null && abstracts.has(resourceLabel(superclass.resource));
    return [values.table(trackedSchema(names.schema(resource.physicalSchema)), hasSuperclassTable)];
  });
  failIfAny(diagnostics);
  return [...tables, ...descriptorTrackedTable(model, names)].sort(bySchemaAndName);
}

/** The text types of descriptors, taken from the first descriptor resource. */
function descriptorTexts({ resources }: RelationalModelSet): {
  readonly namespace: ScalarType;
  readonly codeValue: ScalarType;
} {
  const first = resources.find(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  return first?.descriptorTexts ?? { namespace: text(255), codeValue: text(50) };
}
const text = (maxLength: number): ScalarType => ({ kind: 'String', maxLength, decimal: null });

const int64: ScalarType = { kind: 'Int64', maxLength: null, decimal: null };

/** A column that refers to a descriptor. */
interface TrackedDescriptorColumn {
  readonly table: Table;
  readonly column: Column;
  readonly descriptorResource: TrackedDescriptorJoin['descriptorResource'];
}

/** The values of one resource, in the order of their first mention. */
class TrackedValues {
  readonly unresolved: JsonPath[] = [];
  readonly unresolvedPeople: JsonPath[] = [];
  private readonly values = new Map<FullName, NamedTrackedValue>();
  private readonly descriptorJoins = new Map<FullName, TrackedDescriptorJoin>();
  private readonly personJoins = new Map<FullName, TrackedChangeTable['personJoins'][number]>();
  private readonly resource: ResourceModel;
  private readonly tables: ResourceTables;
  private readonly names: FullNames;
  private readonly texts: ReturnType<typeof descriptorTexts>;
  private readonly elements: ReadonlyMap<string, IdentityElement>;

  constructor(tables: ResourceTables, names: FullNames, texts: ReturnType<typeof descriptorTexts>) {
    this.resource = tables.resource;
    this.tables = tables;
    this.names = names;
    this.texts = texts;
    this.elements = new Map(
      this.resource.identityElements.map((element) => [element.identityJsonPath.canonical, element]),
    );
  }

  /** Adds a value; values with the same name are the same value. */
  private add(value: NamedTrackedValue): void {
    const known = this.values.get(value.name);
    if (!known) {
      this.values.set(value.name, value);
      return;
    }
    const order: readonly TrackedChangeOrigin[] = ['Identity', 'SecurableElement'];
    this.values.set(value.name, {
      ...known,
      origins: order.filter((origin) => known.origins.includes(origin) || value.origins.includes(origin)),
      isOldColumnNullable: known.isOldColumnNullable || value.isOldColumnNullable,
    });
  }

  addPath(path: JsonPath, origin: TrackedChangeOrigin): void {
    const fk = this.descriptorColumn(path);
    // the triggers of the root table record only its own values
    if (fk && fk.table !== this.tables.root) this.unresolved.push(path);
    else if (fk) this.addDescriptor(path, origin, fk);
    else this.addScalar(path, origin);
  }

  /**
   * The column that refers to the descriptor of a path: the first part of the first reference, or the path's own
   * column.
   */
  private descriptorColumn(path: JsonPath): TrackedDescriptorColumn | undefined {
    const edges = this.resource.descriptorEdgeSources.filter(
      ({ descriptorValuePath }) => descriptorValuePath.canonical === path.canonical,
    );
    const [first] = edges;
    if (!first) return undefined;
    const parts = this.resource.documentReferenceBindings.flatMap(({ identityBindings }) => identityBindings);
    const inPairOrder = parts.flatMap(({ column }) => edges.filter(({ fkColumn }) => fkColumn === column));
    const edge = inPairOrder[0] ?? first;
    const table = this.tables.tableNamed(edge.table);
    return { table, column: this.tables.columnOf(table, edge.fkColumn), descriptorResource: edge.descriptorResource };
  }

  private addDescriptor(
    path: JsonPath,
    origin: TrackedChangeOrigin,
    { table, column, descriptorResource }: TrackedDescriptorColumn,
  ): void {
    const name = withoutSuffix(this.names.column(table.table, column.name), '_DescriptorId');
    this.descriptorJoins.set(name, { name, sourceColumn: column.name, descriptorResource });
    const common = {
      sourceJsonPath: path,
      canonicalStorageColumn: null,
      isOldColumnNullable: column.isNullable,
      origins: [origin],
      sourceColumn: column.name,
      descriptorJoinName: name,
      personJoinName: null,
    };
    this.add({ ...common, name: `${name}_Namespace`, role: 'DescriptorNamespace', scalarType: this.texts.namespace });
    this.add({ ...common, name: `${name}_CodeValue`, role: 'DescriptorCodeValue', scalarType: this.texts.codeValue });
  }

  private addScalar(path: JsonPath, origin: TrackedChangeOrigin): void {
    const place = this.scalarPlace(path);
    if (!place) {
      this.unresolved.push(path);
      return;
    }
    const { table, name } = place;
    const stored = this.tables.storageOf(table, name);
    this.add({
      name: this.names.column(table.table, stored.name),
      sourceJsonPath: path,
      canonicalStorageColumn: stored.name === name ? null : stored.name,
      isOldColumnNullable: stored.isNullable,
      scalarType: mustExist(stored.scalarType, `the type of ${stored.name}`),
      role: 'Scalar',
      origins: [origin],
      sourceColumn: stored.name,
      descriptorJoinName: null,
      personJoinName: null,
    });
  }

  /** The column of the identity element, otherwise the first column of the root table at the path. */
  private scalarPlace(path: JsonPath) {
    const { root } = this.tables;
    if (!root) return undefined;
    const element = this.elements.get(path.canonical);
    const name =
      element?.column ?? root.columns.find(({ sourcePath }) => sourcePath?.canonical === path.canonical)?.name;
    return name === undefined ? undefined : { table: root, name };
  }

  addPerson(
    path: JsonPath,
    person: PersonKind,
    chain: readonly ChainStep[] | undefined,
    isOwnId: boolean,
    origin: TrackedChangeOrigin = 'SecurableElement',
  ): void {
    const common = {
      sourceJsonPath: path,
      scalarType: int64,
      role: 'PersonDocumentId',
      origins: [origin],
      descriptorJoinName: null,
    } as const;
    if (chain) {
      const joinName = chain
        .map(({ source, step }) => withoutSuffix(this.names.column(source.table, step.sourceColumn), '_DocumentId'))
        .join('_');
      this.addPersonJoin(joinName, person, chain);
      this.add({
        ...common,
        name: `${joinName}_DocumentId`,
        canonicalStorageColumn: null,
        isOldColumnNullable: chain.some(({ isNullable }) => isNullable),
        sourceColumn: null,
        personJoinName: joinName,
      });
    } else if (isOwnId) {
      this.add({
        ...common,
        name: `${person}_DocumentId`,
        canonicalStorageColumn: 'DocumentId',
        isOldColumnNullable: false,
        sourceColumn: 'DocumentId',
        personJoinName: null,
      });
    } else if (!isInArray(path)) this.unresolvedPeople.push(path);
  }

  private addPersonJoin(name: FullName, personKind: PersonKind, chain: readonly ChainStep[]): void {
    const joinPath = chain.map(({ step }) => step);
    const known = this.personJoins.get(name);
    const listed = (steps: typeof joinPath) =>
      steps
        .map((step) => `${qualified(step.sourceTable)}.${step.sourceColumn} -> ${qualified(step.targetTable)}`)
        .join(', ');
    if (known && listed([...known.joinPath]) !== listed(joinPath)) {
      const label = resourceLabel(this.resource.resourceKey);
      const chains = [listed([...known.joinPath]), listed(joinPath)];
      const message = `${label}: two paths to a ${personKind} have the name ${name}: ${chains.join('; ')}; rename a reference.`;
      fail('TRACKED_JOIN_CONFLICT', message, { resource: label }, { name, chains });
    }
    this.personJoins.set(name, { name, personKind, joinPath });
  }

  table(schema: FullName, hasSuperclassTable: boolean): NamedTrackedTable {
    const root = mustExist(this.tables.root, `the root table of ${resourceLabel(this.resource.resourceKey)}`);
    return {
      schema,
      name: this.names.table(root.table),
      kind: hasSuperclassTable ? 'ConcreteAbstract' : 'Resource',
      sourceTable: root.table,
      values: [...this.values.values()],
      systemColumns: systemColumns(false),
      descriptorJoins: [...this.descriptorJoins.values()].sort(byName),
      personJoins: [...this.personJoins.values()].sort(byName),
    };
  }
}

const withoutSuffix = (name: FullName, suffix: string) =>
  name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
const dateTime: ScalarType = { kind: 'DateTime', maxLength: null, decimal: null };

/** The columns that are not values (design 15a §4). */
function systemColumns(hasDiscriminator: boolean): TrackedChangeTable['systemColumns'] {
  const column = (
    role: TrackedChangeTable['systemColumns'][number]['role'],
    scalarType: ScalarType | null,
    isPrimaryKey = false,
  ) => ({
    role,
    column: role,
    scalarType,
    isPrimaryKey,
  });
  return [
    ...(hasDiscriminator ? [column('Discriminator', text(128))] : []),
    column('Id', null),
    column('ChangeVersion', int64, true),
    column('CreatedAt', dateTime),
  ];
}

/** Adds the values of the identity, and the values by which the resource is secured. */
function addTrackedPaths(values: TrackedValues, resource: ResourceModel, chains: PersonChains): void {
  const { educationOrganization, namespace } = resource.securableElements;
  for (const { identityJsonPath } of resource.identityElements) values.addPath(identityJsonPath, 'Identity');
  for (const path of [...educationOrganization.map(({ jsonPath }) => jsonPath), ...namespace])
    if (!isInArray(path)) values.addPath(path, 'SecurableElement');
  for (const person of personKinds) {
    for (const path of personPaths(resource, person))
      values.addPerson(path, person, chains.chain(resource, path, person), chains.isOwnId(resource, path, person));
  }
}

/**
 * Adds the people in the identity of an association. Views read these even if the schema does not secure the
 * association by them.
 */
function addAssociatedPeople(values: TrackedValues, resource: ResourceModel, chains: PersonChains): void {
  for (const { person, path, chain } of chains.identityPeople(resource)) {
    const isSecured = personPaths(resource, person).some((each) => chains.chain(resource, each, person));
    if (!isSecured) values.addPerson(path, person, chain, false, 'Identity');
  }
}

const trackedSchema = (physicalSchema: FullName): FullName => `tracked_changes_${physicalSchema}`;

/** One table for all descriptors, in the schema of the first core descriptor (design 15a §4). */
function descriptorTrackedTable(model: RelationalModelSet, names: FullNames): NamedTrackedTable[] {
  const descriptors = model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  const first = descriptors.find(({ resourceKey }) => isCoreProject(resourceKey.projectName)) ?? descriptors[0];
  if (!first) return [];
  const texts = descriptorTexts(model);
  const namespacePath = childPath(rootPath, 'namespace');
  const codeValuePath = childPath(rootPath, 'codeValue');
  const isSecured = descriptors.some(({ securableElements }) =>
    securableElements.namespace.some(({ canonical }) => canonical === '$.namespace'),
  );
  const value = (
    name: 'Namespace' | 'CodeValue',
    path: JsonPath,
    scalarType: ScalarType,
    origins: readonly TrackedChangeOrigin[],
  ): NamedTrackedValue => ({
    name,
    sourceJsonPath: path,
    canonicalStorageColumn: null,
    isOldColumnNullable: false,
    scalarType,
    role: 'Scalar',
    origins,
    sourceColumn: name,
    descriptorJoinName: null,
    personJoinName: null,
  });
  return [
    {
      schema: trackedSchema(names.schema(first.physicalSchema)),
      name: 'Descriptor',
      kind: 'SharedDescriptor',
      sourceTable: core.descriptor,
      values: [
        value('Namespace', namespacePath, texts.namespace, isSecured ? ['Identity', 'SecurableElement'] : ['Identity']),
        value('CodeValue', codeValuePath, texts.codeValue, ['Identity']),
      ],
      systemColumns: systemColumns(true),
      descriptorJoins: [],
      personJoins: [],
    },
  ];
}
