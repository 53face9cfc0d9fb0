import { compareBy, compareOrdinal } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import { authTable, type DbIndex, type DbTrigger, type Inventory } from '@dms/inventory';
import { authSchema, type Column, coreSchema, type RelationalModelSet, type Table } from '@dms/model';
import { type DialectRules, dialectRules, limitIdentifier } from '@dms/sql';
import { buildCoreTables } from './build-core-tables.ts';
import type { CatalogAction, Fingerprint, Index } from './catalog.ts';
import { changeVersionSequence } from './core-tables.ts';
import type {
  CreationGroup,
  DesiredCatalog,
  DesiredColumn,
  DesiredRoutine,
  DesiredTable,
  DesiredTrigger,
  DesiredView,
} from './desired-catalog.ts';
import { type DialectFacts, dialectFacts } from './dialect-facts.ts';
import { aliasValue, allOrNone, type Expression, normalForm, nullOrTrue } from './expression.ts';

const byName = compareBy<{ readonly name: string }>(({ name }) => name);
const bySchemaAndName = compareBy<{ readonly schema: string; readonly name: string }>(
  ({ schema }) => schema,
  ({ name }) => name,
);
const key = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;

const actions = { NoAction: 'NO ACTION', Cascade: 'CASCADE' } as const satisfies Record<string, CatalogAction>;

const triggerEvents: Readonly<Record<DbTrigger['kind'], DesiredTrigger['events']>> = {
  DocumentStamping: ['INSERT', 'UPDATE', 'DELETE'],
  ReferentialIdentityMaintenance: ['INSERT', 'UPDATE'],
  AbstractIdentityMaintenance: ['INSERT', 'UPDATE'],
  IdentityPropagationFallback: ['UPDATE'],
  AuthHierarchyMaintenance: [],
};

const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

function eventsOf(trigger: DbTrigger): DesiredTrigger['events'] {
  return trigger.kind === 'AuthHierarchyMaintenance' ? [hierarchyEvents[trigger.triggerEvent]] : triggerEvents[trigger.kind];
}

function groupByTable<Entry extends { readonly table: { readonly schema: string; readonly name: string } }>(
  entries: readonly Entry[],
): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry.table));
    if (group) group.push(entry);
    else groups.set(key(entry.table), [entry]);
  }
  return groups;
}

class CatalogBuilder {
  private readonly model: RelationalModelSet;
  private readonly inventory: Inventory;
  private readonly rules: DialectRules;
  private readonly facts: DialectFacts;
  private readonly indexes: ReadonlyMap<string, readonly DbIndex[]>;
  private readonly triggers: ReadonlyMap<string, readonly DbTrigger[]>;

  constructor(model: RelationalModelSet, inventory: Inventory) {
    this.model = model;
    this.inventory = inventory;
    this.rules = dialectRules[model.dialect];
    this.facts = dialectFacts[model.dialect];
    this.indexes = groupByTable(inventory.indexes);
    this.triggers = groupByTable(inventory.triggers);
  }

  build(): DesiredCatalog {
    const { model, inventory, facts } = this;
    const hasHierarchy = (inventory.authEdOrgHierarchy?.entities.length ?? 0) > 0;
    const projectSchemas = [...model.projects]
      .sort(
        compareBy(
          ({ physicalSchema }) => physicalSchema,
          ({ projectEndpointName }) => projectEndpointName,
        ),
      )
      .map(({ physicalSchema }) => physicalSchema);
    const resources = [...model.resources].sort(
      compareBy(
        ({ resourceKey }) => resourceKey.projectName,
        ({ resourceKey }) => resourceKey.resourceName,
      ),
    );
    const abstracts = [...model.abstractIdentityTables].sort(
      compareBy(
        ({ resourceKey }) => resourceKey.projectName,
        ({ resourceKey }) => resourceKey.resourceName,
      ),
    );
    const tables = [
      ...buildCoreTables(model.dialect),
      ...resources.flatMap((resource) => resource.tablesInDependencyOrder.map((table) => this.table(table, 'resources'))),
      ...(hasHierarchy ? [this.authTable()] : []),
      ...abstracts.map(({ table }) => this.table(table, 'abstractIdentities')),
    ];
    const listed = new Set(tables.map(key));
    for (const owner of [...this.indexes.keys(), ...this.triggers.keys()]) {
      if (!listed.has(owner)) throw new Error(`the inventory names the table ${owner}, which the model does not have`);
    }
    const schemas = [coreSchema, ...new Set(projectSchemas), ...(hasHierarchy ? [authSchema] : [])];
    return {
      dialect: model.dialect,
      projectSchemas: [...new Set(projectSchemas), ...(hasHierarchy ? [authSchema] : [])],
      schemas: schemas.sort(compareOrdinal),
      extensions: facts.extensions,
      sequences: [
        { ...changeVersionSequence, type: 'bigint', start: '1', increment: '1', ...facts.sequenceBounds, cycle: false },
      ],
      tables,
      views: this.views(),
      functions: this.functions(tables),
      tableTypes: [],
      fingerprint: this.fingerprint(),
    };
  }

  /** The type as the engine records it (design 09 §3.5). */
  private typeOf(table: string, column: Column): string {
    const type = this.declaredType(table, column);
    return this.facts.recordedTypes[type] ?? type;
  }

  private declaredType(table: string, column: Column): string {
    if (column.scalarType) return this.rules.typeName(column.scalarType);
    const byKind = { Ordinal: 'Int32', DocumentFk: 'Int64', DescriptorFk: 'Int64', ParentKeyPart: 'Int64' } as const;
    if (column.kind !== 'Scalar') return this.rules.typeName({ kind: byKind[column.kind], maxLength: null, decimal: null });
    const text = `Column ${column.name} of table ${table} (${column.kind}) has no type.`;
    return fail('DDL_COLUMN_TYPE_MISSING', text, {}, { table, column: column.name, kind: column.kind });
  }

  private column(table: Table, columns: ReadonlyMap<string, Column>, column: Column): DesiredColumn {
    const { storage } = column;
    const type = this.typeOf(key(table.table), column);
    const common = {
      name: column.name,
      identity: null,
      default: null,
      collation: null,
      scalarType: column.scalarType,
      defaultExpression: null,
    };
    if (storage.kind === 'Stored') {
      return { ...common, type, nullable: column.isNullable, generated: null, generatedExpression: null, isWritable: true };
    }
    const expression = aliasValue(storage.canonicalColumn, storage.presenceColumn);
    const canonical = columns.get(storage.canonicalColumn);
    const { generatedIsAlwaysNullable } = this.facts;
    return {
      ...common,
      type: generatedIsAlwaysNullable || !canonical ? type : this.typeOf(key(table.table), canonical),
      nullable: generatedIsAlwaysNullable || storage.presenceColumn !== null || (canonical?.isNullable ?? true),
      generated: { expression: normalForm(expression), stored: true },
      generatedExpression: expression,
      isWritable: false,
    };
  }

  private table(table: Table, group: CreationGroup): DesiredTable {
    const { hasClusteredKeys } = this.facts;
    const columns = new Map(table.columns.map((column) => [column.name, column]));
    const uniques = table.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint] : []));
    const check = (name: string, condition: Expression) => ({
      name,
      expression: normalForm(condition),
      validated: true,
      condition,
    });
    const allOrNoneChecks = table.constraints.flatMap((constraint) =>
      constraint.kind === 'AllOrNoneNullability'
        ? [check(constraint.name, allOrNone([constraint.fkColumn, ...constraint.dependentColumns]))]
        : [],
    );
    const nullOrTrueChecks = table.constraints.flatMap((constraint) =>
      constraint.kind === 'NullOrTrue' ? [check(constraint.name, nullOrTrue(constraint.column))] : [],
    );
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort(compareOrdinal);
    return {
      ...table.table,
      group,
      storage: 'ordinary',
      columns: table.columns.map((column) => this.column(table, columns, column)),
      primaryKey: {
        name: table.key.constraintName,
        columns: table.key.columns.map(({ name }) => name),
        clustered: hasClusteredKeys ? true : null,
        declaresClustering: false,
      },
      uniques: uniques
        .map((unique) => ({
          name: unique.name,
          columns: unique.columns,
          clustered: hasClusteredKeys ? false : null,
          declaresClustering: false,
        }))
        .sort(byName),
      foreignKeys: table.constraints
        .flatMap((constraint) =>
          constraint.kind === 'ForeignKey'
            ? [
                {
                  name: constraint.name,
                  columns: constraint.columns,
                  target: { schema: constraint.targetTable.schema, table: constraint.targetTable.name },
                  targetColumns: constraint.targetColumns,
                  onDelete: actions[constraint.onDelete],
                  onUpdate: actions[constraint.onUpdate],
                  deferrable: constraint.deferrable,
                  validated: true,
                },
              ]
            : [],
        )
        .sort(byName),
      checks: [...allOrNoneChecks, ...nullOrTrueChecks].sort(byName),
      indexes: this.tableIndexes(key(table.table)),
      triggers: this.tableTriggers(key(table.table)),
      inlineConstraints: [...names(uniques), ...names(allOrNoneChecks), ...names(nullOrTrueChecks)],
      addedConstraints: [],
    };
  }

  /** Keys bring their indexes themselves; only the other kinds are objects of their own (design 05 §2.5). */
  private tableIndexes(table: string): Index[] {
    return (this.indexes.get(table) ?? [])
      .filter(({ kind }) => kind === 'ForeignKeySupport' || kind === 'Explicit')
      .map(({ name, isUnique, keyColumns, includeColumns }) => ({
        name,
        unique: isUnique,
        columns: keyColumns,
        include: includeColumns,
        predicate: null,
        plain: true,
        valid: true,
      }))
      .sort(byName);
  }

  private tableTriggers(table: string): DesiredTrigger[] {
    return (this.triggers.get(table) ?? [])
      .map((trigger) => ({
        name: trigger.name,
        timing: 'AFTER' as const,
        level: this.facts.triggerLevel,
        events: eventsOf(trigger),
        updateOf: [],
        enabled: true,
        function: this.facts.hasTriggerFunctions ? `${trigger.table.schema}.${this.triggerFunctionName(trigger.name)}` : null,
        body: null,
        intent: trigger,
      }))
      .sort(byName);
  }

  /** `TF_` + the final trigger name, shortened again: a long name is hashed twice (design 07 §8.1). */
  private triggerFunctionName(triggerName: string): string {
    return limitIdentifier(this.rules, `TF_${triggerName}`);
  }

  private authTable(): DesiredTable {
    const { hasClusteredKeys } = this.facts;
    const id = { kind: 'Int64', maxLength: null, decimal: null } as const;
    const columns = ['SourceEducationOrganizationId', 'TargetEducationOrganizationId'];
    return {
      ...authTable,
      group: 'auth',
      storage: 'ordinary',
      columns: columns.map((name) => ({
        name,
        type: this.rules.typeName(id),
        nullable: false,
        identity: null,
        default: null,
        generated: null,
        collation: null,
        scalarType: id,
        defaultExpression: null,
        generatedExpression: null,
        isWritable: true,
      })),
      primaryKey: {
        name: `PK_${authTable.name}`,
        columns,
        clustered: hasClusteredKeys ? true : null,
        declaresClustering: hasClusteredKeys,
      },
      uniques: [],
      foreignKeys: [],
      checks: [],
      indexes: this.tableIndexes(key(authTable)),
      triggers: [],
      inlineConstraints: [],
      addedConstraints: [],
    };
  }

  private views(): DesiredView[] {
    return this.model.abstractUnionViews
      .map((definition) => ({
        ...definition.view,
        columns: definition.outputColumns.map(({ name, scalarType }) => ({ name, type: this.rules.typeName(scalarType) })),
        body: '',
        definition,
      }))
      .sort(bySchemaAndName);
  }

  private functions(tables: readonly DesiredTable[]): DesiredRoutine[] {
    const { uuidv5, hasTriggerFunctions } = this.facts;
    const routines: DesiredRoutine[] = [
      {
        schema: coreSchema,
        name: 'uuidv5',
        arguments: uuidv5.arguments,
        result: uuidv5.result,
        language: uuidv5.language,
        volatility: hasTriggerFunctions ? 'immutable' : null,
        strict: uuidv5.isStrict,
        body: '',
        intent: { kind: 'uuidv5' },
      },
    ];
    for (const table of tables) {
      for (const trigger of table.triggers) {
        if (trigger.function === null) continue;
        routines.push({
          schema: table.schema,
          name: trigger.function.slice(table.schema.length + 1),
          arguments: '',
          result: 'trigger',
          language: uuidv5.language,
          volatility: 'volatile',
          strict: false,
          body: '',
          intent: { kind: 'triggerBody', table: key(table), trigger: trigger.name },
        });
      }
    }
    return routines.sort(bySchemaAndName);
  }

  private fingerprint(): Fingerprint {
    const { effectiveSchema } = this.model;
    return {
      formatVersion: effectiveSchema.apiSchemaFormatVersion,
      effectiveSchemaHash: effectiveSchema.effectiveSchemaHash,
      resourceKeyCount: effectiveSchema.resourceKeyCount,
      resourceKeySeedHash: Buffer.from(effectiveSchema.resourceKeySeedHash).toString('hex'),
      components: effectiveSchema.schemaComponents.map(({ projectHash: _, ...component }) => component),
      resourceKeys: effectiveSchema.resourceKeys.map(({ isAbstract: _, ...resourceKey }) => resourceKey),
    };
  }
}

/**
 * The catalog that a database of this model must have: core objects, the tables of the model, the indexes and triggers of the
 * inventory and none besides (design 09 §3.1). Body hashes are empty until `@dms/ddl` has rendered the texts. Throws
 * `DDL_COLUMN_TYPE_MISSING`, `DDL_DIALECT_MISMATCH`.
 */
export function buildDesiredCatalog(model: RelationalModelSet, inventory: Inventory): DesiredCatalog {
  if (model.dialect !== inventory.dialect) {
    const text = `The model is for ${model.dialect}, the inventory for ${inventory.dialect}; both must be of one dialect.`;
    fail('DDL_DIALECT_MISMATCH', text, {}, { model: model.dialect, inventory: inventory.dialect });
  }
  return new CatalogBuilder(model, inventory).build();
}
