import { core, coreSchema, mustExist, qualified } from '@dms/model';
import { compareOrdinal } from '@dms/values';
import {
  type Catalog,
  type CatalogColumn,
  type CatalogTable,
  type Fingerprint,
  type Grant,
  type Index,
  notDeterministic,
  type Routine,
} from '../catalog.ts';
import { dialectFacts } from '../dialect-facts.ts';
import { generations } from '../generations.ts';
import {
  type CatalogDifference,
  type CatalogPair,
  type CatalogValue,
  type DiffMode,
  type DriftKind,
  type ObjectKind,
  type ObjectPath,
  objectKinds,
  partsOf,
  tableParts,
} from './difference.ts';
import { type ComparedKind, driftRules, isCalledRoutine, isPlannerOption, severityOf } from './drift-rules.ts';

type ComparedObject = { readonly [name: string]: unknown };

/** All differences, in the order of design 09a §2.1, without hints. */
export function compareCatalogs(pair: CatalogPair, mode: DiffMode): readonly CatalogDifference[] {
  return new Comparison(pair, mode).run().sort(compareDifferences);
}

/** A compared object, with the facts that determine the severity of its differences (`drift-rules.ts`). */
interface ComparedSubject<Kind extends ObjectKind = ObjectKind> {
  readonly object: Kind;
  readonly path: ObjectPath;
  readonly schema?: string;
  readonly isUnique?: boolean;
  readonly isMandatory?: boolean;
  readonly isCompared?: boolean;
  readonly isCalled?: boolean;
  readonly isOverload?: boolean;
  readonly isOfService?: boolean;
  /** The value that a difference shows for an object that only one side has; default: none. */
  readonly describe?: (entry: ComparedObject) => CatalogValue;
}

/** The two sides of an object; at least one is present. */
interface CatalogSides {
  readonly expected: object | undefined;
  readonly actual: object | undefined;
}

class Comparison {
  readonly found: CatalogDifference[] = [];
  private readonly pair: CatalogPair;
  private readonly mode: DiffMode;
  private readonly managed: ReadonlySet<string>;
  private readonly serviceTables: readonly string[];

  constructor(pair: CatalogPair, mode: DiffMode) {
    this.pair = pair;
    this.mode = mode;
    const { schemas, tables, views, functions, sequences, tableTypes } = pair.expected;
    const owners = [...tables, ...views, ...functions, ...sequences, ...tableTypes].map(({ schema }) => schema);
    this.managed = new Set([...schemas, ...owners]);
    const { mappingVersion } = pair.expected;
    this.serviceTables = mappingVersion === null ? [] : generations[mappingVersion].serviceTables;
  }

  run(): CatalogDifference[] {
    const { expected, actual } = this.pair;
    for (const { key, ...sides } of matched(expected.schemas, actual.schemas, (name) => name))
      this.presence({ object: 'schema', path: [key] }, sides);
    for (const { key, ...sides } of matched(expected.extensions, actual.extensions, ({ name }) => name)) {
      this.object({ object: 'extension', path: [key] }, sides);
    }
    this.objects('sequence', 'sequences', qualified);
    this.tables();
    this.objects('view', 'views', qualified);
    this.objects('function', 'functions', (entry) => `${qualified(entry)}(${entry.arguments})`);
    this.objects('tableType', 'tableTypes', qualified);
    this.roles();
    if (expected.fingerprint && actual.fingerprint) this.seeds(expected.fingerprint, actual.fingerprint);
    return this.found;
  }

  private add(
    subject: ComparedSubject,
    change: DriftKind,
    rest: Pick<CatalogDifference, 'field' | 'expected' | 'actual'>,
  ): void {
    const {
      object,
      path,
      schema,
      isUnique = false,
      isMandatory = false,
      isCompared = false,
      isCalled = false,
      isOverload = false,
      isOfService = false,
    } = subject;
    const severity = severityOf({
      object,
      change,
      ...(rest.field === undefined ? {} : { field: rest.field }),
      isManaged: schema !== undefined && this.managed.has(schema),
      isUnique,
      isMandatory,
      isCompared,
      isCalled,
      isOfPlanner: object === 'function' && rest.field === 'options' && differOfPlanner(rest),
      isOverload,
      isOfService,
    });
    this.found.push({ object, path, change, ...rest, severity });
  }

  /** Reports a key that only one side has; returns true if both sides have it. */
  private presence(
    subject: ComparedSubject,
    { expected, actual }: { readonly expected: unknown; readonly actual: unknown },
  ) {
    if (expected !== undefined && actual !== undefined) return true;
    const value = subject.describe?.((expected ?? actual) as ComparedObject);
    const shown = value === undefined ? {} : expected === undefined ? { actual: value } : { expected: value };
    this.add(subject, expected === undefined ? 'extra' : 'missing', shown);
    return false;
  }

  /** Whether the wanted value is a fact of the engine that the model does not know (design 09a §2.1). */
  private isUnknown(field: string, wanted: unknown): boolean {
    return this.mode !== 'reference' && field === 'body' && wanted === null;
  }

  private object(subject: ComparedSubject<ComparedKind>, sides: CatalogSides): void {
    if (!this.presence(subject, sides)) return;
    const [expected, actual] = [sides.expected as ComparedObject, sides.actual as ComparedObject];
    for (const field of driftRules[subject.object].fields) {
      const wanted = member(expected, field);
      const found = member(actual, field);
      if (equal(wanted, found) || this.isUnknown(field, wanted)) continue;
      this.add(subject, 'changed', { field, expected: asValue(wanted), actual: asValue(found) });
    }
  }

  private objects<Name extends 'sequences' | 'views' | 'functions' | 'tableTypes'>(
    object: 'sequence' | 'view' | 'function' | 'tableType',
    list: Name,
    keyOf: (entry: Catalog[Name][number]) => string,
  ): void {
    const [expected, actual] = [
      this.pair.expected[list],
      this.pair.actual[list],
    ] as readonly (readonly Catalog[Name][number][])[];
    const names = object === 'function' ? new Set((expected ?? []).map((entry) => qualified(entry))) : new Set();
    for (const { key, ...sides } of matched(expected ?? [], actual ?? [], keyOf)) {
      const { schema = '' } = (sides.expected ?? sides.actual) as { readonly schema?: string };
      const routine = (sides.expected ?? sides.actual) as unknown as Routine;
      const called = object === 'function' && (isCalledRoutine(routine) || routine.securityDefiner);
      const isOverload =
        sides.expected === undefined && sides.actual !== undefined && names.has(qualified(sides.actual));
      this.object({ object, path: [key], schema, isCalled: called, isOverload }, sides);
    }
  }

  /** Compares only the expected roles: others belong to other databases of the server, or to its administrator. */
  private roles(): void {
    const { expected, actual } = this.pair;
    const names = new Set(expected.roles.map(({ name }) => name));
    const found = actual.roles.filter(({ name }) => names.has(name));
    for (const { key, ...sides } of matched(expected.roles, found, ({ name }) => name))
      this.object({ object: 'role', path: [key] }, sides);
    const grants = actual.grants.filter(({ grantee }) => names.has(grantee));
    const keyOf = (grant: Grant) => JSON.stringify([grant.grantee, `${grant.kind} ${grantedObject(grant)}`]);
    for (const { key, ...sides } of matched(expected.grants, grants, keyOf))
      this.object({ object: 'grant', path: JSON.parse(key), describe: ({ privileges }) => asValue(privileges) }, sides);
  }

  private tables(): void {
    for (const { key, expected, actual } of matched(this.pair.expected.tables, this.pair.actual.tables, qualified)) {
      const { schema, name } = mustExist(expected ?? actual, `the table ${key}`);
      const isOfService = schema === coreSchema && this.serviceTables.includes(name);
      this.object({ object: 'table', path: [key], schema, isOfService }, { expected, actual });
      if (expected && actual) this.table(key, expected, actual);
    }
  }

  private table(key: string, expected: CatalogTable, actual: CatalogTable): void {
    this.columns(key, expected, actual);
    const primaryKey = expected.primaryKey ?? actual.primaryKey;
    if (primaryKey) {
      const sides = { expected: expected.primaryKey ?? undefined, actual: actual.primaryKey ?? undefined };
      this.object({ object: 'primaryKey', path: [key, primaryKey.name], describe: described }, sides);
    }
    for (const part of tableParts) {
      for (const match of matched(partsOf(expected, part), partsOf(actual, part), ({ name }) => name)) {
        const isUnique =
          part === 'index' && [match.expected, match.actual].some((side) => (side as Index | undefined)?.unique);
        this.object({ object: part, path: [key, match.key], isUnique, describe: described }, match);
      }
    }
  }

  private columns(key: string, expectedTable: CatalogTable, actualTable: CatalogTable): void {
    const { columns: expected } = expectedTable;
    const { columns: actual } = actualTable;
    const keyColumns = new Set([...keyColumnsOf(expectedTable), ...keyColumnsOf(actualTable)]);
    const { collationsDecideEquality } = dialectFacts[this.pair.expected.dialect];
    const matches = matched(expected, actual, ({ name }) => name);
    for (const { key: name, ...sides } of matches) {
      const column = sides.actual;
      const isMandatory =
        column !== undefined &&
        !column.nullable &&
        column.default === null &&
        column.identity === null &&
        column.generated === null;
      const isCompared =
        collationsDecideEquality ||
        keyColumns.has(name) ||
        [sides.expected, column].some((side) => side?.collation?.endsWith(notDeterministic));
      const compared = { ...sides, expected: sides.expected && this.inDatabase(sides.expected, column) };
      this.object({ object: 'column', path: [key, name], isMandatory, isCompared, describe: described }, compared);
    }
    const common = new Set(matches.filter((match) => match.expected && match.actual).map((match) => match.key));
    const order = (columns: readonly CatalogColumn[]) =>
      columns.map(({ name }) => name).filter((name) => common.has(name));
    const wanted = order(expected);
    const found = order(actual);
    if (!equal(wanted, found))
      this.add({ object: 'columnOrder', path: [key] }, 'changed', { field: 'order', expected: wanted, actual: found });
  }

  /**
   * The wanted column as the database shows it: the collation of the database is not named, and a value that is not
   * stored is NULL where the server says so (design 22 §2.5).
   */
  private inDatabase(wanted: CatalogColumn, found: CatalogColumn = wanted): CatalogColumn {
    const collation = wanted.collation === this.pair.actual.collation ? null : wanted.collation;
    const { nullable } = wanted.generated?.stored === false ? found : wanted;
    return { ...wanted, collation, nullable };
  }

  private seeds(expected: Fingerprint, actual: Fingerprint): void {
    // the format version keeps its first value
    for (const field of ['effectiveSchemaHash', 'resourceKeyCount', 'resourceKeySeedHash'] as const) {
      if (expected[field] === actual[field]) continue;
      this.add({ object: 'seed', path: [qualified(core.effectiveSchema)] }, 'changed', {
        field,
        expected: expected[field],
        actual: actual[field],
      });
    }
    const keys = { expected: expected.resourceKeys, actual: actual.resourceKeys };
    const keyFields = ['projectName', 'resourceName', 'resourceVersion'] as const;
    this.seedRows(qualified(core.resourceKey), keys, ({ id }) => String(id), keyFields);
    const components = { expected: expected.components, actual: actual.components };
    const componentFields = ['projectName', 'projectVersion', 'isExtensionProject'] as const;
    this.seedRows(qualified(core.schemaComponent), components, (row) => row.projectEndpointName, componentFields);
  }

  private seedRows<Row extends object>(
    table: string,
    { expected, actual }: { readonly expected: readonly Row[]; readonly actual: readonly Row[] },
    keyOf: (row: Row) => string,
    fields: readonly (keyof Row & string)[],
  ): void {
    for (const match of matched(expected, actual, keyOf)) {
      const subject: ComparedSubject = { object: 'seed', path: [table, match.key], describe: asValue };
      if (!this.presence(subject, match)) continue;
      for (const field of fields) {
        const wanted = match.expected?.[field];
        const found = match.actual?.[field];
        if (equal(wanted, found)) continue;
        this.add(subject, 'changed', { field, expected: asValue(wanted), actual: asValue(found) });
      }
    }
  }
}

/** The two sides of a key; at least one of them is present. */
interface Match<Item> {
  readonly key: string;
  readonly expected: Item | undefined;
  readonly actual: Item | undefined;
}

function matched<Item>(
  expected: readonly Item[],
  actual: readonly Item[],
  keyOf: (item: Item) => string,
): Match<Item>[] {
  const found = new Map<string, { expected?: Item; actual?: Item }>();
  for (const item of expected) found.set(keyOf(item), { expected: item });
  for (const item of actual) found.set(keyOf(item), { ...found.get(keyOf(item)), actual: item });
  return [...found].map(([key, sides]) => ({ key, expected: sides.expected, actual: sides.actual }));
}

/** The columns of the keys and unique indexes of a table. */
const keyColumnsOf = ({ primaryKey, uniques, foreignKeys, indexes }: CatalogTable): readonly string[] =>
  [
    ...(primaryKey === null ? [] : [primaryKey]),
    ...uniques,
    ...foreignKeys,
    ...indexes.filter(({ unique }) => unique),
  ].flatMap(({ columns }) => columns);

/** Whether only those options of a function differ that the planner reads. */
function differOfPlanner({ expected, actual }: Pick<CatalogDifference, 'expected' | 'actual'>): boolean {
  const [wanted, found] = [expected, actual].map((value) => value as readonly string[]);
  const only = (some: readonly string[] = [], others: readonly string[] = []) =>
    some.filter((option) => !others.includes(option));
  return [...only(wanted, found), ...only(found, wanted)].every(isPlannerOption);
}

/** Members that are absent if empty. */
const absentMembers: ReadonlySet<string> = new Set(['options', 'parameters']);

/** The form in which a member is compared. */
const member = (entry: ComparedObject, field: string): unknown =>
  entry[field] ?? (absentMembers.has(field) ? [] : entry[field]);

/** Whether two values of a catalog are equal; they are plain data, so their texts are compared. */
const equal = (left: unknown, right: unknown) => left === right || JSON.stringify(left) === JSON.stringify(right);

const asValue = (value: unknown) => value as CatalogValue;

const grantedObject = ({ kind, schema, name }: Grant) => (kind === 'schema' ? schema : `${schema}.${name}`);

/** The value of a missing or extra object, without members that carry no information. */
function described(entry: ComparedObject): CatalogValue {
  const kept = Object.entries(entry).filter(
    ([name, value]) =>
      name !== 'name' && name !== 'schema' && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return asValue(Object.fromEntries(kept));
}
const changeOrder: readonly DriftKind[] = ['missing', 'changed', 'extra'];

/** Orders by kind, path, change; the fields of one object keep their order. */
function compareDifferences(left: CatalogDifference, right: CatalogDifference): number {
  return (
    orderOfKind(left) - orderOfKind(right) ||
    comparePaths(left.path, right.path) ||
    changeOrder.indexOf(left.change) - changeOrder.indexOf(right.change)
  );
}

const kindOrder = new Map(objectKinds.map((kind, index) => [kind, index]));

const orderOfKind = ({ object }: CatalogDifference) =>
  mustExist(kindOrder.get(object), 'the order of a kind of object');

function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) break;
    const order = compareOrdinal(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
