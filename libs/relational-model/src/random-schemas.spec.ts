import { createHash } from 'node:crypto';
import { buildEffectiveSchema, type EffectiveSchemaSet } from '@dms/api-schema';
import { type JsonValue, toJsonValue } from '@dms/canonical-json';
import {
  type build,
  type ForeignKeyFacts,
  identityGraph,
  referenceKeys,
  type SchemaSetOptions,
  schemaSets,
  selectedOutcomes,
  shuffled,
} from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DerivedModel, deriveModel } from './index.ts';
import type { ForeignKeyConstraint, RelationalModelSet, ResourceModel, Table, TableConstraint } from './model/model.ts';

/** More runs for a thorough search: DMS_PROPERTY_RUNS=100 multiplies them. */
const factor = Number(process.env.DMS_PROPERTY_RUNS ?? 1);
const timeout = 60_000 * Math.max(1, factor);
const dialects = ['pgsql', 'mssql'] as const;

type Documents = readonly build.JsonRecord[];

const rootsOf = (documents: Documents): JsonValue[] => documents.map((document) => toJsonValue(document));
const setOf = (documents: Documents): EffectiveSchemaSet =>
  buildEffectiveSchema(rootsOf(documents).map((root, index) => ({ file: `${index}.json`, root })));

/** A model or its notes as JSON text, paths as their canonical texts. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, part) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return part !== null && typeof part === 'object' && 'canonical' in part && 'segments' in part ? part.canonical : part;
  });
}

function expectSame(actual: unknown, expected: unknown): void {
  const [a, b] = [textOf(actual), textOf(expected)];
  if (a !== b) expect(JSON.parse(a)).toEqual(JSON.parse(b));
  expect(a === b, 'member order').toBe(true);
}

const tablesOf = (model: RelationalModelSet): Table[] => [
  ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
  ...model.abstractIdentityTables.map(({ table }) => table),
];

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }) => `${schema}.${name}`;
const isForeignKey = (constraint: TableConstraint): constraint is ForeignKeyConstraint => constraint.kind === 'ForeignKey';

/** Runs `property` for random sets; `runs` is multiplied by DMS_PROPERTY_RUNS. */
function forSets(runs: number, options: SchemaSetOptions, property: (documents: Documents, seed: number) => void): void {
  fc.assert(fc.property(schemaSets(options), fc.nat(), property), { numRuns: runs * factor });
}

/** The same for the derived model of each dialect. */
function forModels(runs: number, check: (derived: DerivedModel, documents: Documents) => void): void {
  forSets(runs, {}, (documents) => {
    for (const dialect of dialects) check(deriveModel(setOf(documents), dialect), documents);
  });
}

/** The documents in another order. */
const turned = (documents: Documents, by: number): Documents => {
  const start = by % documents.length;
  const list = [...documents.slice(start), ...documents.slice(0, start)];
  return by % 2 === 0 ? list : list.reverse();
};

describe('random schema sets', () => {
  it(
    'derive in both dialects',
    () => {
      forSets(30, { size: 'medium' }, (documents) => {
        for (const dialect of dialects) expect(deriveModel(setOf(documents), dialect).model.dialect).toBe(dialect);
      });
    },
    timeout,
  );

  it(
    'give the same model and notes whatever the order of files, resources and object members',
    () => {
      forSets(25, {}, (documents, seed) => {
        const other = turned(documents, seed).map((document, index) => shuffled(document, seed + index));
        for (const dialect of dialects) {
          expectSame(deriveModel(setOf(other), dialect), deriveModel(setOf(documents), dialect));
        }
      });
    },
    timeout,
  );

  it(
    'give the same result a second time, and are not changed by derivation',
    () => {
      forSets(20, {}, (documents) => {
        const set = setOf(documents);
        for (const dialect of dialects) {
          const first = deriveModel(set, dialect);
          expectSame(deriveModel(set, dialect), first);
        }
        expect(set).toEqual(setOf(documents));
      });
    },
    timeout,
  );
});

describe('models of random schema sets', () => {
  it(
    'have foreign keys over stored columns only, never over an alias or a presence flag',
    () => {
      forModels(20, ({ model }) => {
        const tables = new Map(tablesOf(model).map((table) => [nameOf(table.table), table]));
        const usable = (table: Table, name: string) => {
          const column = table.columns.find((candidate) => candidate.name === name);
          const isFlag = table.constraints.some(
            ({ kind, ...constraint }) => kind === 'NullOrTrue' && 'column' in constraint && constraint.column === name,
          );
          return column?.storage.kind === 'Stored' && !isFlag;
        };
        for (const table of tables.values()) {
          for (const key of table.constraints.filter(isForeignKey)) {
            const unusable = key.columns.filter((name) => !usable(table, name));
            expect(unusable, key.name).toEqual([]);
            const target = tables.get(nameOf(key.targetTable));
            if (target)
              expect(
                key.targetColumns.filter((name) => !usable(target, name)),
                key.name,
              ).toEqual([]);
            else expect(key.targetTable.schema).toBe('dms');
          }
        }
      });
    },
    timeout,
  );

  it(
    'have foreign keys to the columns of a unique or primary key of the target, of equal types',
    () => {
      forModels(20, ({ model }) => {
        const tables = new Map(tablesOf(model).map((table) => [nameOf(table.table), table]));
        const typeOf = (table: Table, name: string) => {
          const column = table.columns.find((candidate) => candidate.name === name);
          return JSON.stringify(column?.scalarType);
        };
        for (const table of tables.values()) {
          for (const key of table.constraints.filter(isForeignKey)) {
            const target = tables.get(nameOf(key.targetTable));
            if (!target) {
              expect(key.targetColumns).toEqual(['DocumentId']);
              continue;
            }
            const keys = [
              target.key.columns.map(({ name }) => name),
              ...target.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint.columns] : [])),
            ];
            expect(keys, key.name).toContainEqual(key.targetColumns);
            const types = (of: Table, columns: readonly string[]) => columns.map((name) => typeOf(of, name));
            expect(types(table, key.columns), key.name).toEqual(types(target, key.targetColumns));
          }
        }
      });
    },
    timeout,
  );

  it(
    'have identifiers within the limit of the dialect, and none twice where it must be unique',
    () => {
      forModels(20, ({ model }) => {
        const fits = (name: string) => (model.dialect === 'pgsql' ? Buffer.byteLength(name) <= 63 : name.length <= 128);
        const views = model.abstractUnionViews;
        const tables = tablesOf(model);
        const constraints = tables.flatMap(({ table, key, constraints: list }) =>
          [key.constraintName, ...list.map(({ name }) => name)].map((name) => `${table.schema}.${name}`),
        );
        const names = [
          ...model.projects.map(({ physicalSchema }) => physicalSchema),
          ...views.flatMap(({ view, outputColumns }) => [view.name, ...outputColumns.map(({ name }) => name)]),
          ...tables.flatMap(({ table, columns }) => [table.schema, table.name, ...columns.map(({ name }) => name)]),
          ...constraints.map((name) => name.slice(name.indexOf('.') + 1)),
        ];
        expect(names.filter((name) => !fits(name))).toEqual([]);
        const relations = [...tables.map(({ table }) => nameOf(table)), ...views.map(({ view }) => nameOf(view))];
        expect(new Set(relations).size).toBe(relations.length);
        expect(new Set(constraints).size).toBe(constraints.length);
        for (const { columns } of tables) expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
      });
    },
    timeout,
  );

  it(
    'have one table per document and per array, and a column for every scalar',
    () => {
      forModels(20, ({ model }, documents) => {
        for (const { label, schema } of concreteResources(documents)) {
          const resource = model.resources.find(({ resourceKey }) => labelOf(resourceKey) === label) as ResourceModel;
          const { arrays, scalars } = placesOf(schema);
          const isBase = ({ jsonScope }: Table) => !jsonScope.canonical.includes('._ext');
          const tables = resource.tablesInDependencyOrder;
          expect(tables[0]?.jsonScope.canonical).toBe('$');
          const scopes = tables.filter(isBase).map(({ jsonScope }) => jsonScope.canonical);
          expect(scopes.sort()).toEqual(['$', ...arrays].sort());
          const paths = new Set(
            tables.flatMap(({ columns }) => columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? [])),
          );
          expect(scalars.filter((path) => !paths.has(path))).toEqual([]);
        }
      });
    },
    timeout,
  );

  it(
    'have classes of two or more aliases of one stored column, with gates as design 04 §9 says',
    () => {
      forModels(20, ({ model }) => {
        for (const table of tablesOf(model)) {
          const columnOf = (name: string) => table.columns.find((column) => column.name === name);
          const aliases = table.columns.filter(({ storage }) => storage.kind === 'UnifiedAlias').map(({ name }) => name);
          const members = table.keyUnificationClasses.flatMap(({ memberPathColumns }) => memberPathColumns);
          expect([...members].sort()).toEqual(aliases.sort());
          const flags: string[] = [];
          for (const { canonicalColumn, memberPathColumns } of table.keyUnificationClasses) {
            const canonical = columnOf(canonicalColumn);
            expect(memberPathColumns.length).toBeGreaterThan(1);
            expect(canonical).toMatchObject({ sourcePath: null, storage: { kind: 'Stored' }, isWritable: true });
            const columns = memberPathColumns.map(columnOf);
            expect(canonical?.isNullable).toBe(columns.every((column) => column?.isNullable));
            for (const column of columns) {
              expect(column).toMatchObject({
                kind: canonical?.kind,
                scalarType: canonical?.scalarType,
                targetResource: canonical?.targetResource,
                isWritable: false,
              });
              const storage = column?.storage.kind === 'UnifiedAlias' ? column.storage : undefined;
              expect(storage?.canonicalColumn).toBe(canonicalColumn);
              const gate = storage?.presenceColumn ? columnOf(storage.presenceColumn) : undefined;
              if (!gate) expect(column?.isNullable, `${column?.name} has no gate`).toBe(false);
              else if (gate.kind !== 'DocumentFk') flags.push(gate.name);
            }
          }
          const checked = table.constraints.flatMap((constraint) =>
            constraint.kind === 'NullOrTrue' ? [constraint.column] : [],
          );
          expect(checked.sort()).toEqual(flags.sort());
          expect(new Set(flags).size).toBe(flags.length);
        }
      });
    },
    timeout,
  );

  it(
    'account for every equality constraint exactly once',
    () => {
      forModels(20, ({ model }, documents) => {
        const pairOf = (a: string, b: string) => [a, b].sort().join(' = ');
        const declared = new Map<string, Set<string>>();
        for (const { name, schema } of resourceSchemas(documents)) {
          const pairs = declared.get(name) ?? new Set<string>();
          for (const { sourceJsonPath, targetJsonPath } of schema.equalityConstraints as Record<string, string>[])
            pairs.add(pairOf(sourceJsonPath as string, targetJsonPath as string));
          declared.set(name, pairs);
        }
        for (const { resourceKey, keyUnificationDiagnostics: report } of model.resources) {
          const applied = new Set(
            report.applied.map(({ endpointAPath, endpointBPath }) => pairOf(endpointAPath.canonical, endpointBPath.canonical)),
          );
          const reported = [
            ...applied,
            ...[...report.redundant, ...report.ignored].map(({ endpointAPath, endpointBPath }) =>
              pairOf(endpointAPath.canonical, endpointBPath.canonical),
            ),
            ...report.skipped.map(({ sourcePath, targetPath }) => pairOf(sourcePath.canonical, targetPath.canonical)),
          ];
          expect(reported.sort()).toEqual([...(declared.get(resourceKey.resourceName) ?? [])].sort());
        }
      });
    },
    timeout,
  );

  it(
    'bind every reference once, with columns of one nullability and an all-or-none check over them',
    () => {
      forModels(20, ({ model }) => {
        const tables = new Map(tablesOf(model).map((table) => [nameOf(table.table), table]));
        for (const resource of model.resources) {
          const bound = resource.documentReferenceBindings.map(({ table, fkColumn }) => `${nameOf(table)}.${fkColumn}`);
          const present = resource.tablesInDependencyOrder.flatMap(({ table, columns }) =>
            columns.filter(({ kind }) => kind === 'DocumentFk').map(({ name }) => `${nameOf(table)}.${name}`),
          );
          expect([...bound].sort()).toEqual(present.sort());
          for (const { table: name, fkColumn, identityBindings } of resource.documentReferenceBindings) {
            const table = tables.get(nameOf(name)) as Table;
            const columns = identityBindings.map(({ column }) => column);
            const isNullable = table.columns.find((column) => column.name === fkColumn)?.isNullable;
            for (const column of columns)
              expect(table.columns.find((candidate) => candidate.name === column)?.isNullable).toBe(isNullable);
            const checks = table.constraints.flatMap((constraint) =>
              constraint.kind === 'AllOrNoneNullability' && constraint.fkColumn === fkColumn ? [constraint] : [],
            );
            expect(checks).toHaveLength(1);
            expect([...(checks[0]?.dependentColumns ?? [])].sort()).toEqual([...columns].sort());
            expect(table.constraints.filter(isForeignKey).filter((key) => key.columns[0] === fkColumn)).toHaveLength(1);
          }
        }
      });
    },
    timeout,
  );
});

const labelOf = ({ projectName, resourceName }: { readonly projectName: string; readonly resourceName: string }) =>
  `${projectName}:${resourceName}`;

/** Every entry of `resourceSchemas` with its project. */
function resourceSchemas(documents: Documents): { label: string; name: string; schema: build.JsonRecord }[] {
  return documents.flatMap(({ projectSchema }) => {
    const { projectName, resourceSchemas: entries } = projectSchema as {
      projectName: string;
      resourceSchemas: build.JsonRecord;
    };
    return (Object.values(entries) as build.JsonRecord[]).map((schema) => ({
      label: `${projectName}:${schema.resourceName}`,
      name: String(schema.resourceName),
      schema,
    }));
  });
}

const concreteResources = (documents: Documents) =>
  resourceSchemas(documents).filter(({ schema }) => schema.isDescriptor === false && schema.isResourceExtension === false);

/** Paths of the array elements and scalars of an insert schema, without `_ext` and the links of references. */
function placesOf(schema: build.JsonRecord): { arrays: string[]; scalars: string[] } {
  const arrays: string[] = [];
  const scalars: string[] = [];
  const visit = (node: build.JsonRecord, path: string): void => {
    if (node.type === 'object') {
      for (const [name, property] of Object.entries(node.properties as build.JsonRecord)) {
        if (name !== '_ext' && name !== 'link') visit(property as build.JsonRecord, `${path}.${name}`);
      }
    } else if (node.type === 'array') {
      arrays.push(`${path}[*]`);
      visit(node.items as build.JsonRecord, `${path}[*]`);
    } else scalars.push(path);
  };
  visit(schema.jsonSchemaForInsert as build.JsonRecord, '$');
  return { arrays, scalars };
}

/** A model without what design 02 §18 lets differ: the actions of reference keys, and keys that one dialect reduces. */
function withoutPropagation(model: RelationalModelSet, reduced: ReadonlySet<string>): unknown {
  const { dialect: _, propagationFallbacks: __, ...rest } = JSON.parse(textOf(model));
  for (const { tablesInDependencyOrder } of rest.resources) {
    for (const table of tablesInDependencyOrder) {
      table.constraints = table.constraints
        .filter(({ kind, columns }: { kind: string; columns?: string[] }) =>
          kind === 'ForeignKey' ? !reduced.has(`${nameOf(table.table)}.${columns?.[0]}`) : true,
        )
        .map(({ onUpdate: ___, deferrable: ____, ...constraint }: Record<string, unknown>) => constraint);
    }
  }
  return rest;
}

const reducedKeys = (mssql: RelationalModelSet) =>
  new Set(
    mssql.propagationFallbacks.map(({ receiverTable, receiverFkColumn }) => `${nameOf(receiverTable)}.${receiverFkColumn}`),
  );

/** Design 03 §6.2 for PostgreSQL; names of random sets are ASCII. */
function limited(name: string, hashInput = name): string {
  if (name.length <= 63) return name;
  return `${name.slice(0, 52)}_${createHash('sha256').update(hashInput, 'utf8').digest('hex').slice(0, 10)}`;
}

/** Design 03 §6.3. */
function signatureOf(table: Table, constraint: TableConstraint): string {
  const own = nameOf(table.table);
  switch (constraint.kind) {
    case 'Unique':
      return `Unique|${own}|${constraint.columns.join(',')}`;
    case 'AllOrNoneNullability':
      return `AllOrNone|${own}|${constraint.fkColumn}|${constraint.dependentColumns.join(',')}`;
    case 'NullOrTrue':
      return `NullOrTrue|${own}|${constraint.column}`;
    case 'ForeignKey': {
      const { columns, targetTable, targetColumns, onDelete, onUpdate } = constraint;
      return `ForeignKey|${own}|${columns.join(',')}|${nameOf(targetTable)}|${targetColumns.join(',')}|${onDelete}|${onUpdate}`;
    }
  }
}

/**
 * Names and references of a model as sorted lines; `limit` is applied to every name, to those of constraints with their
 * signature. Keys that are reduced on mssql are left out; `actionOf` gives the action that a signature holds.
 */
function namesOf(
  model: RelationalModelSet,
  limit: (name: string, hashInput?: string) => string,
  reduced: ReadonlySet<string>,
  actionOf: (table: string, column: string) => ForeignKeyConstraint['onUpdate'] | undefined,
): string[] {
  const list = (names: readonly string[]) => names.map((name) => limit(name)).join(',');
  const qualified = ({ schema, name }: { schema: string; name: string }) => `${limit(schema)}.${limit(name)}`;
  const lines = tablesOf(model).flatMap((table) => {
    const own = qualified(table.table);
    const keyNames = table.key.columns.map(({ name }) => name);
    const primary = limit(table.key.constraintName, `PrimaryKey|${nameOf(table.table)}|${keyNames.join(',')}`);
    const columns = table.columns.map(({ name, storage }) => {
      const alias = storage.kind === 'UnifiedAlias' ? [storage.canonicalColumn, storage.presenceColumn ?? ''] : [];
      return `${own} column ${limit(name)} ${list(alias)}`;
    });
    const classes = table.keyUnificationClasses.map(
      ({ canonicalColumn, memberPathColumns }) => `${own} class ${limit(canonicalColumn)} ${list(memberPathColumns)}`,
    );
    const constraints = table.constraints.flatMap((constraint) => {
      if (constraint.kind !== 'ForeignKey') {
        const { kind } = constraint;
        const used =
          kind === 'Unique'
            ? constraint.columns
            : kind === 'NullOrTrue'
              ? [constraint.column]
              : [constraint.fkColumn, ...constraint.dependentColumns];
        return [`${own} ${kind} ${limit(constraint.name, signatureOf(table, constraint))} ${list(used)}`];
      }
      const first = limit(constraint.columns[0] as string);
      if (reduced.has(`${own}.${first}`)) return [];
      const withAction = { ...constraint, onUpdate: actionOf(own, list(constraint.columns)) ?? constraint.onUpdate };
      const name = limit(constraint.name, signatureOf(table, withAction));
      const target = `${qualified(constraint.targetTable)} ${list(constraint.targetColumns)}`;
      return [`${own} ${name} ${list(constraint.columns)} → ${target} ${constraint.onDelete}`];
    });
    return [`${own} ${primary} ${list(keyNames)}`, ...columns, ...classes, ...constraints];
  });
  const views = model.abstractUnionViews.map(({ view, outputColumns, unionArms }) => {
    const arms = unionArms.map(({ fromTable, projections }) =>
      [
        qualified(fromTable),
        ...projections.map((part) => (part.kind === 'SourceColumn' ? limit(part.column) : part.value)),
      ].join(' '),
    );
    return `${qualified(view)} ${list(outputColumns.map(({ name }) => name))} ${arms.join('; ')}`;
  });
  return [...lines, ...views].sort();
}

describe('the two dialects (design 02 §18)', () => {
  it(
    'differ only in what design 11 decides, where no name is too long',
    () => {
      forSets(30, { longNames: false }, (documents) => {
        const set = setOf(documents);
        const [pgsql, mssql] = [deriveModel(set, 'pgsql').model, deriveModel(set, 'mssql').model];
        const names = tablesOf(mssql).flatMap(({ constraints }) => constraints.map(({ name }) => name));
        if (names.some((name) => name.length > 63)) return;
        const reduced = reducedKeys(mssql);
        expect(withoutPropagation(pgsql, reduced)).toEqual(withoutPropagation(mssql, reduced));
        expect(pgsql.propagationFallbacks).toEqual([]);
      });
    },
    timeout,
  );

  it(
    'have the same names but for those that PostgreSQL shortens, each by its rule',
    () => {
      forSets(30, {}, (documents) => {
        const set = setOf(documents);
        const [pgsql, mssql] = [deriveModel(set, 'pgsql').model, deriveModel(set, 'mssql').model];
        const isShortened =
          mssql.shortenedNames.length > 0 ||
          tablesOf(mssql).some(({ constraints }) => constraints.some(({ name }) => name.length > 127));
        if (isShortened) return;
        const reduced = new Set(
          mssql.propagationFallbacks.map(
            ({ receiverTable: { schema, name }, receiverFkColumn }) =>
              `${limited(schema)}.${limited(name)}.${limited(receiverFkColumn)}`,
          ),
        );
        const actions = new Map(
          tablesOf(pgsql).flatMap(({ table, constraints }) =>
            constraints
              .filter(isForeignKey)
              .map(({ columns, onUpdate }) => [`${nameOf(table)} ${columns.join(',')}`, onUpdate]),
          ),
        );
        const actionOf = (table: string, columns: string) => actions.get(`${table} ${columns}`);
        const same = (name: string) => name;
        expect(namesOf(pgsql, same, reduced, actionOf)).toEqual(namesOf(mssql, limited, reduced, actionOf));
      });
    },
    timeout,
  );
});

describe('identity propagation over random schema sets (design 11 §6)', () => {
  it(
    'mssql cascades have no circle and bring no table a second way from another',
    () => {
      forSets(30, {}, (documents) => {
        const { model } = deriveModel(setOf(documents), 'mssql');
        const cascades = tablesOf(model).flatMap(({ table, constraints }) =>
          constraints
            .filter(isForeignKey)
            .filter(({ onUpdate }) => onUpdate === 'Cascade')
            .map(({ targetTable }) => ({ from: nameOf(targetTable), to: nameOf(table) })),
        );
        for (const start of new Set(cascades.map(({ from }) => from))) {
          const reached = [start];
          // In a circle, or with two ways to a table, a table comes up a second time.
          for (const table of reached) {
            reached.push(...cascades.filter(({ from }) => from === table).map(({ to }) => to));
            expect(new Set(reached).size, `from ${start}: ${reached.join(', ')}`).toBe(reached.length);
          }
        }
      });
    },
    timeout,
  );

  it(
    'the keys are those of pgsql, cascades at most those of pgsql, and every reduced key is listed once',
    () => {
      forSets(30, {}, (documents) => {
        const set = setOf(documents);
        const [pgsql, mssql] = [deriveModel(set, 'pgsql'), deriveModel(set, 'mssql')];
        const [p, m] = [referenceKeys(pgsql.model), referenceKeys(mssql.model)];
        expect([...m.keys()].sort()).toEqual([...p.keys()].sort());
        const reduced: string[] = [];
        for (const [id, key] of m) {
          const wanted = p.get(id) as ForeignKeyFacts;
          if (key.onUpdate === 'Cascade') expect(wanted.onUpdate).toBe('Cascade');
          if (key.columns.length < wanted.columns.length) {
            expect(key.columns).toHaveLength(1);
            reduced.push(`${key.targetTable.name} ${key.columns[0]}`);
          }
        }
        const listed = mssql.model.propagationFallbacks.map(
          ({ targetTable, receiverFkColumn }) => `${targetTable.name} ${receiverFkColumn}`,
        );
        expect(listed.sort()).toEqual(reduced.sort());
        expect(pgsql.notes).toEqual([]);
        expect(mssql.notes.filter(({ code }) => code === 'PROPAGATION_FALLBACK')).toHaveLength(reduced.length);
      });
    },
    timeout,
  );

  it(
    'every edge ends as the steps of design 11 §3.2 say, in extension and child tables too',
    () => {
      forSets(30, { longNames: false }, (documents) => {
        const set = setOf(documents);
        const graph = identityGraph(documents, deriveModel(set, 'pgsql').model);
        const keys = referenceKeys(deriveModel(set, 'mssql').model);
        for (const [id, { kind }] of selectedOutcomes(graph)) {
          const key = keys.get(id) as ForeignKeyFacts;
          const actual = key.onUpdate === 'Cascade' ? 'cascade' : key.columns.length === 1 ? 'fallback' : 'covered';
          expect(actual, id).toBe(kind);
        }
      });
    },
    timeout,
  );
});

describe('the random schema sets themselves', () => {
  /** Counts the sets, of a fixed sample, whose models show something; a property over sets without it would prove nothing. */
  it('hold what the properties are about', () => {
    const seen = new Map<string, number>();
    const count = (what: string, isThere: boolean) => seen.set(what, (seen.get(what) ?? 0) + Number(isThere));
    for (const documents of fc.sample(schemaSets(), { numRuns: 100, seed: 1 })) {
      const set = setOf(documents);
      const [{ model: pgsql }, { model: mssql, notes }] = [deriveModel(set, 'pgsql'), deriveModel(set, 'mssql')];
      const tables = tablesOf(mssql);
      const constraintNames = tables.flatMap(({ constraints }) => constraints.map(({ name }) => name));
      const has = (test: (table: Table) => boolean) => tables.some(test);
      const isUnified = ({ keyUnificationClasses }: Table) => keyUnificationClasses.length > 0;
      const scopeHas = (text: string) => (table: Table) => table.jsonScope.canonical.includes(text);
      count(
        'names short in both dialects',
        pgsql.shortenedNames.length === 0 && constraintNames.every((name) => name.length <= 63),
      );
      count(
        'tables or columns shortened on pgsql, nothing on mssql',
        pgsql.shortenedNames.length > 0 &&
          mssql.shortenedNames.length === 0 &&
          constraintNames.every((name) => name.length < 128),
      );
      count('tables or columns shortened on mssql', mssql.shortenedNames.length > 0);
      count(
        'constraints shortened on mssql',
        constraintNames.some((name) => name.length === 128),
      );
      count('unified columns', has(isUnified));
      count(
        'unified columns of a child table',
        has((table) => isUnified(table) && scopeHas('[*]')(table)),
      );
      count(
        'unified columns of an extension table',
        has((table) => isUnified(table) && scopeHas('._ext')(table)),
      );
      count(
        'presence flags',
        has(({ constraints }) => constraints.some(({ kind }) => kind === 'NullOrTrue')),
      );
      count('extension tables', has(scopeHas('._ext')));
      count(
        'collections of extensions',
        has(({ jsonScope }) => /_ext.*\[\*\]$/.test(jsonScope.canonical)),
      );
      count(
        'companions of collections',
        has(({ jsonScope }) => /\[\*\]\._ext\.[^.]+$/.test(jsonScope.canonical)),
      );
      count(
        'abstract resources with several members',
        mssql.abstractUnionViews.some(({ unionArms }) => unionArms.length > 1),
      );
      count(
        'deferrable keys',
        tablesOf(pgsql).some(({ constraints }) => constraints.filter(isForeignKey).some((key) => key.deferrable)),
      );
      for (const reason of ['cycle', 'convergence', 'late'])
        count(
          reason,
          notes.some(({ details }) => details.reason === reason),
        );
      count(
        'covered',
        notes.some(({ code }) => code === 'PROPAGATION_COVERED'),
      );
      for (const list of ['applied', 'redundant', 'ignored', 'skipped'] as const)
        count(
          list,
          mssql.resources.some(({ keyUnificationDiagnostics }) => keyUnificationDiagnostics[list].length > 0),
        );
      count(
        'descriptor keys merged',
        mssql.resources.some(({ descriptorFkDeduplications }) => descriptorFkDeduplications.length > 0),
      );
      count(
        'extension sites',
        mssql.resources.some(({ extensionSites }) => extensionSites.length > 0),
      );
    }
    for (const [what, sets] of seen) expect(sets, what).toBeGreaterThan(2);
  });
});
