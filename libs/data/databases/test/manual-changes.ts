import type { Catalog, CatalogColumn, CatalogTable } from '@dms/catalog';
import { build, schemaSetOf } from '@dms/testing';

const { array, date, integer, object, project, reference, resource, string } = build;

const schoolFields = object({ schoolId: integer() }, ['schoolId']);

/** A set with something of every kind of object, which both generations accept. */
export const changedSet = (version: Parameters<typeof schemaSetOf>[0]) =>
  schemaSetOf(version, [
    project(
      'Ed-Fi',
      [
        resource('School', {
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'Organization',
          superclassIdentityJsonPath: '$.organizationId',
          identityJsonPaths: ['$.schoolId'],
          arrayUniquenessConstraints: [{ paths: ['$.addresses[*].city'] }],
          jsonSchemaForInsert: object(
            {
              schoolId: integer(),
              name: string(),
              openedOn: date(),
              addresses: array(object({ city: string(), street: string() }, ['city'])),
            },
            ['schoolId'],
          ),
        }),
        resource('Session', {
          identityJsonPaths: ['$.schoolReference.schoolId', '$.sessionName'],
          documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
          jsonSchemaForInsert: object({ schoolReference: schoolFields, sessionName: string(60) }, [
            'schoolReference',
            'sessionName',
          ]),
        }),
      ],
      { endpoint: 'ed-fi', abstractResources: { Organization: { identityJsonPaths: ['$.organizationId'] } } },
    ),
  ]);

/** The parts of one database that are changed, by what is done to them; names of columns and tables are quoted. */
export interface ChangedNames {
  /** Of `edfi.SchoolAddress`. */
  readonly key: string;
  readonly keyColumns: string;
  readonly unique: string;
  readonly uniqueColumns: string;
  /** Of `dms.EffectiveSchema`. */
  readonly check: string;
  readonly index: string;
  readonly indexTable: string;
  readonly indexColumns: string;
  /** Of `edfi.School`, for each row. */
  readonly trigger: string;
  readonly triggerEvents: string;
  readonly function: string;
  /** Clauses of a function that belongs to a role. */
  readonly functionClauses: string;
  readonly isDefiner: boolean;
  /** From `edfi.Session` to `edfi.School`. */
  readonly foreignKey: string;
  readonly foreignKeyColumns: string;
  readonly foreignKeyTarget: string;
  readonly onUpdate: string;
  readonly onDelete: string;
  /** The keys of `edfi.Session`. */
  readonly sessionKeys: readonly string[];
  readonly view: string;
  readonly viewColumns: readonly string[];
  readonly sequence: string;
  readonly identityColumn: string;
  /** A column of `dms.DocumentCache` on which nothing depends, and its definition. */
  readonly spareColumn: string;
  readonly spareDefinition: string;
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

function first<Item>(items: readonly Item[], wanted: (item: Item) => boolean = () => true): Item {
  const found = items.find(wanted);
  if (found === undefined) throw new Error('the set lacks what is changed');
  return found;
}

/** The names that the changes use. */
export function changedNames(catalog: Catalog): ChangedNames {
  const tableOf = (wanted: string): CatalogTable =>
    first(catalog.tables, ({ schema, name }) => `${schema}.${name}` === wanted);
  const session = tableOf('edfi.Session');
  const address = tableOf('edfi.SchoolAddress');
  const foreignKey = first(session.foreignKeys, ({ target }) => target.table === 'School');
  const unique = first(address.uniques, ({ name }) => name.includes('City'));
  const trigger = first(
    tableOf('edfi.School').triggers,
    ({ level, events }) => level === 'ROW' && events.includes('UPDATE'),
  );
  const updateOf = trigger.updateOf.length === 0 ? '' : ` OF ${quoted(trigger.updateOf)}`;
  const [schema = '', routineName = ''] = (trigger.function ?? '').split('.');
  const routine = first(catalog.functions, (entry) => entry.schema === schema && entry.name === routineName);
  const isIndexed = (table: CatalogTable) => table.schema === 'dms' && table.indexes.some((index) => !index.unique);
  const indexed = first(catalog.tables, isIndexed);
  const index = first(indexed.indexes, (entry) => !entry.unique);
  const view = first(catalog.views, (entry) => entry.schema === 'edfi');
  const cache = tableOf('dms.DocumentCache');
  const used = [cache.primaryKey, ...cache.uniques, ...cache.foreignKeys, ...cache.indexes].flatMap(
    (part) => part?.columns ?? [],
  );
  const isSpare = ({ name, default: value }: CatalogColumn) =>
    value === null && !used.includes(name) && !cache.checks.some(({ expression }) => expression.includes(`"${name}"`));
  const spare = first(cache.columns.slice(0, -1), isSpare);
  return {
    key: address.primaryKey?.name ?? '',
    keyColumns: quoted(address.primaryKey?.columns ?? []),
    unique: unique.name,
    uniqueColumns: quoted(unique.columns),
    check: first(tableOf('dms.EffectiveSchema').checks, ({ name }) => name.includes('Singleton')).name,
    index: index.name,
    indexTable: indexed.name,
    indexColumns: quoted(index.columns),
    trigger: trigger.name,
    triggerEvents: trigger.events.map((event) => (event === 'UPDATE' ? event + updateOf : event)).join(' OR '),
    function: routine.name,
    functionClauses: routine.securityDefiner
      ? `SECURITY DEFINER SET ${routine.settings.join(' ').replace('=', ' = ')}`
      : '',
    isDefiner: routine.securityDefiner,
    foreignKey: foreignKey.name,
    foreignKeyColumns: quoted(foreignKey.columns),
    foreignKeyTarget: `edfi."School" (${quoted(foreignKey.targetColumns)})`,
    onUpdate: `ON UPDATE ${foreignKey.onUpdate}`,
    onDelete: `ON DELETE ${foreignKey.onDelete}`,
    sessionKeys: session.foreignKeys.map(({ name }) => name),
    view: view.name,
    viewColumns: view.columns.map(({ name, type }) => `NULL::${type} AS "${name}"`),
    sequence: first(catalog.sequences, ({ schema: owner }) => owner === 'dms').name,
    identityColumn: first(tableOf('dms.Document').columns, ({ identity }) => identity !== null).name,
    spareColumn: spare.name,
    spareDefinition: `${spare.type}${spare.nullable ? '' : ' NOT NULL'}`,
  };
}
