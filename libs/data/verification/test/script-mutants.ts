import {
  type Bodies,
  type CheckExpression,
  type ColumnDefinition,
  type ConstraintDefinition,
  type DatabaseDefinition,
  defineDatabase,
  desiredCatalog,
  type ForeignKey,
  type LogicalTrigger,
  type RoutineDefinition,
  type TableDefinition,
  type TriggerDefinition,
} from '@dms/catalog';
import { emitDdl, objectStatements, renderBodies, renderScript } from '@dms/ddl';
import { qualified } from '@dms/model';
import { dialectRules, qualifiedName, textOf } from '@dms/sql';
import type { VerificationInput } from '../src/index.ts';
import { type TextMutant, textMutants } from './body-mutants.ts';

/** A script with one change, and the catalog that is made from it. */
export interface ScriptMutant {
  /** The kind of object and of change. */
  readonly kind: string;
  readonly what: string;
  /**
   * The changes that turn a database of the correct script into one of this script; null if only the whole script can
   * make it.
   */
  readonly changes: readonly string[] | null;
  made(): Pick<VerificationInput, 'script' | 'catalog'>;
}

type Change<Value> = readonly [kind: string, what: string, changed: Value];

/** The list without one item, for each of its items. */
const withoutEach = <Item>(items: readonly Item[]) =>
  items.map((item, index) => [item, items.filter((_, other) => other !== index)] as const);

/** Whether a generated column is never NULL: it copies a required column, and its presence column, if any, is required. */
const isNeverNull = (generated: CheckExpression, required: ReadonlySet<string>): boolean =>
  generated.kind === 'column'
    ? required.has(generated.name)
    : generated.kind === 'when' &&
      required.has(presenceOf(generated) ?? '') &&
      isNeverNull(generated.otherwise, required);

/** Expressions with one operand less, another value, or another column. */
function expressionMutants(expression: CheckExpression): CheckExpression[] {
  const inside = (
    operands: readonly CheckExpression[],
    rebuild: (operands: readonly CheckExpression[]) => CheckExpression,
  ) =>
    operands.flatMap((operand, index) =>
      expressionMutants(operand).map((changed) => rebuild(operands.with(index, changed))),
    );
  switch (expression.kind) {
    case 'all':
    case 'any': {
      const rebuild = (operands: readonly CheckExpression[]): CheckExpression => ({ ...expression, operands });
      const fewer =
        expression.operands.length > 1 ? withoutEach(expression.operands).map(([, rest]) => rebuild(rest)) : [];
      return [...fewer, ...inside(expression.operands, rebuild)];
    }
    case 'isNull':
      return [{ ...expression, negated: !expression.negated }];
    case 'compare': {
      // `>` and `<>` are the same in a comparison with the empty text
      const isEmpty = expression.right.kind === 'text' && expression.right.value === '';
      return [
        ...(['=', '<>', '>'] as const)
          .filter((operator) => operator !== expression.operator && !(isEmpty && operator === '>'))
          .map((operator) => ({ ...expression, operator })),
        ...inside([expression.right], ([right = expression.right]) => ({ ...expression, right })),
      ];
    }
    case 'oneOf':
      return withoutEach(expression.values).map(([, values]) => ({ ...expression, values }));
    case 'number':
      return [{ ...expression, value: expression.value + 1 }];
    case 'text':
      return [{ ...expression, value: `${expression.value}x` }];
    case 'when':
      return [expression.otherwise, expression.value];
    case 'call':
      return inside(expression.arguments, (operands) => ({ ...expression, arguments: operands }));
    default:
      return [];
  }
}

/** The column whose absence makes a generated column NULL. */
function presenceOf(generated: CheckExpression | null): string | null {
  if (generated?.kind !== 'when' || generated.condition.kind !== 'isNull') return null;
  const { operand } = generated.condition;
  return operand.kind === 'column' ? operand.name : null;
}

/** The value of a condition about absent columns; undefined for any other condition. */
function holds(condition: CheckExpression, absent: ReadonlySet<string>): boolean | undefined {
  if (condition.kind === 'isNull')
    return condition.operand.kind === 'column' ? absent.has(condition.operand.name) !== condition.negated : undefined;
  if (condition.kind !== 'all' && condition.kind !== 'any') return undefined;
  const values = condition.operands.map((operand) => holds(operand, absent));
  if (values.includes(undefined)) return undefined;
  return condition.kind === 'all' ? !values.includes(false) : values.includes(true);
}

/** The columns in a condition. */
const namesIn = (condition: CheckExpression): readonly string[] => {
  if (condition.kind === 'isNull') return condition.operand.kind === 'column' ? [condition.operand.name] : [];
  return condition.kind === 'all' || condition.kind === 'any' ? condition.operands.flatMap(namesIn) : [];
};

/**
 * The sets of columns that can be absent together in a row of a table, limited to the columns of a condition. An alias
 * is absent with its presence column or its canonical column.
 */
function absences(names: readonly string[], { columns }: TableDefinition): readonly ReadonlySet<string>[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const sourcesOf = (name: string): readonly string[] => {
    const generated = byName.get(name)?.generated ?? null;
    if (generated === null) return [];
    if (generated.kind === 'column') return [generated.name];
    const presence = presenceOf(generated);
    if (generated.kind !== 'when' || presence === null || generated.otherwise.kind !== 'column') return [name];
    return [presence, generated.otherwise.name];
  };
  const aliases = names.filter((name) => sourcesOf(name).length > 0);
  const stored = [...new Set(names.flatMap((name) => (aliases.includes(name) ? sourcesOf(name) : [name])))];
  const free = stored.filter((name) => byName.get(name)?.nullable !== false);
  return Array.from({ length: 2 ** free.length }, (_, bits) => {
    const absent = new Set(free.filter((_name, index) => (bits >> index) % 2 === 1));
    for (const name of aliases) if (sourcesOf(name).some((source) => absent.has(source))) absent.add(name);
    return absent;
  });
}

/** Whether two conditions have the same value for all rows of a table: they only test which columns are absent. */
function isSameForAllRows(left: CheckExpression, right: CheckExpression, table: TableDefinition): boolean {
  return absences([...new Set([...namesIn(left), ...namesIn(right)])], table).every((absent) => {
    const one = holds(left, absent);
    const other = holds(right, absent);
    return one !== undefined && one === other;
  });
}

/**
 * Whether a check only lost the test whether a column is absent: a comparison with that column is then NULL, and a
 * check accepts NULL.
 */
function lacksNeedlessNull(condition: CheckExpression, changed: CheckExpression): boolean {
  if (condition.kind !== 'any') return false;
  return withoutEach(condition.operands).some(([lost, rest]) => {
    if (lost.kind !== 'isNull' || lost.negated || lost.operand.kind !== 'column') return false;
    const { name } = lost.operand;
    const isCompared = rest.every(
      (each) => each.kind === 'compare' && each.left.kind === 'column' && each.left.name === name,
    );
    return isCompared && JSON.stringify(changed) === JSON.stringify({ ...condition, operands: rest });
  });
}

function typeMutants(type: string): string[] {
  const [, name, length, scale] = /^(\w+)\((\d+)(?:,(\d+))?\)$/.exec(type) ?? [];
  if (name === 'varchar') return [`varchar(${Number(length) - 1})`, `varchar(${Number(length) + 1})`];
  if (name === 'numeric')
    return [`numeric(${Number(length) - 1},${scale})`, `numeric(${Number(length)},${Number(scale) - 1})`];
  const narrower: Readonly<Record<string, string>> = {
    bigint: 'integer',
    integer: 'smallint',
    'timestamp with time zone': 'date',
  };
  const found = narrower[type];
  return found === undefined ? [] : [found];
}

/** A default for a column that has none; null for types that expressions have no values of. */
function defaultOf(type: string): CheckExpression | null {
  if (type === 'boolean') return { kind: 'true' };
  if (/^(?:smallint|integer|bigint|numeric)/.test(type)) return { kind: 'number', value: 0 };
  return /^(?:varchar|text)/.test(type) ? { kind: 'text', value: '' } : null;
}

const otherwiseOf = (generated: CheckExpression | null) => (generated?.kind === 'when' ? generated.otherwise : null);

/** Whether all aliases of the canonical column of an alias have one presence column, so that they are absent together. */
function hasOnePresence(generated: CheckExpression, columns: readonly ColumnDefinition[]): boolean {
  const canonical = JSON.stringify(otherwiseOf(generated));
  const aliases = columns.filter((each) => JSON.stringify(otherwiseOf(each.generated) ?? each.generated) === canonical);
  return aliases.every((each) => presenceOf(each.generated) === presenceOf(generated));
}

/** Whether a generated column has the value of a column in every row. */
const isAlwaysAliasOf = (generated: CheckExpression | null, name: string, required: ReadonlySet<string>): boolean =>
  generated?.kind === 'column'
    ? generated.name === name
    : generated?.kind === 'when' &&
      required.has(presenceOf(generated) ?? '') &&
      isAlwaysAliasOf(generated.otherwise, name, required);

/** Whether a column has the values of a column of the same type in a member of an abstract resource, or the reverse. */
function isOfAbstractIdentity(
  { name, type }: ColumnDefinition,
  table: TableDefinition,
  tables: readonly TableDefinition[],
): boolean {
  const typeOf = (own: TableDefinition | undefined, column: string) =>
    own?.columns.find((each) => each.name === column)?.type;
  return tables.some((source) =>
    source.triggers.some(({ intent }) => {
      if (intent.kind !== 'AbstractIdentityMaintenance') return false;
      const target = tables.find((each) => `${each.schema}.${each.name}` === qualified(intent.targetTable));
      return intent.targetColumnMappings.some(({ sourceColumn, targetColumn }) => {
        const stored = storedName(source, sourceColumn);
        const isOwn = (source === table && stored === name) || (target === table && targetColumn === name);
        return isOwn && typeOf(source, stored) === type && typeOf(target, targetColumn) === type;
      });
    }),
  );
}

/** The stored column of a column: the canonical one of an alias, or the column itself. */
function storedName({ columns }: TableDefinition, name: string): string {
  const generated = columns.find((each) => each.name === name)?.generated;
  const canonical = generated?.kind === 'when' ? generated.otherwise : generated;
  return canonical?.kind === 'column' ? canonical.name : name;
}

function* columnMutants(
  column: ColumnDefinition,
  table: TableDefinition,
  tables: readonly TableDefinition[],
): Generator<Change<ColumnDefinition>> {
  const { schema, columns } = table;
  const { name, type, nullable, generated } = column;
  const required = new Set(columns.flatMap((each) => (each.nullable ? [] : [each.name])));
  const isAlwaysPresent = required.has(presenceOf(generated) ?? '');
  for (const [index, changed] of typeMutants(type).entries()) {
    // the second of two lengths is the longer one
    const isLonger = index > 0 && type.startsWith('varchar');
    const isCopy =
      generated !== null ||
      schema.startsWith('tracked_changes_') ||
      columns.some((each) => each.type === type && isAlwaysAliasOf(each.generated, name, required)) ||
      isOfAbstractIdentity(column, table, tables);
    yield [
      isLonger && isCopy ? 'longer copy' : 'column type',
      `${name} ${type} > ${changed}`,
      { ...column, type: changed },
    ];
  }
  if (!generated)
    yield [
      'column nullability',
      `${name} ${nullable ? 'NULL > NOT NULL' : 'NOT NULL > NULL'}`,
      { ...column, nullable: !nullable },
    ];
  const added = column.default || generated || column.isIdentity ? null : defaultOf(type);
  if (column.default) yield ['column default', `${name} without its default`, { ...column, default: null }];
  else if (added) yield ['column default', `${name} with a default`, { ...column, default: added }];
  // a presence column that always has a value shows nothing
  if (generated && !isAlwaysPresent)
    for (const [index, changed] of expressionMutants(generated).entries())
      yield [
        changed === otherwiseOf(generated) && hasOnePresence(generated, columns)
          ? 'needless presence'
          : 'column expression',
        `${name} expression ${index}`,
        { ...column, generated: changed },
      ];
}

function* constraintMutants(
  constraint: ConstraintDefinition,
  table: TableDefinition,
): Generator<Change<ConstraintDefinition | null>> {
  const { name } = constraint;
  const { columns } = table;
  yield ['constraint', `${name} is missing`, null];
  if (constraint.kind === 'check') {
    for (const [index, condition] of expressionMutants(constraint.condition).entries()) {
      const isNeedless =
        isSameForAllRows(constraint.condition, condition, table) || lacksNeedlessNull(constraint.condition, condition);
      const kind = isNeedless ? 'needless part of a check' : 'check';
      yield [kind, `${name} changed, ${index}`, { ...constraint, condition }];
    }
    return;
  }
  if (constraint.columns.length > 1)
    for (const [column, rest] of withoutEach(constraint.columns))
      yield ['unique', `${name} without ${column}`, { ...constraint, columns: rest }];
  const other = columns.find((column) => !constraint.columns.includes(column.name))?.name;
  if (other !== undefined)
    yield ['unique', `${name} with ${other}`, { ...constraint, columns: [...constraint.columns, other] }];
}

function* keyMutants(key: ForeignKey): Generator<Change<ForeignKey | null>> {
  yield ['foreign key', `${key.name} is missing`, null];
  const other = { CASCADE: 'NO ACTION', 'NO ACTION': 'CASCADE' } as const;
  for (const member of ['onDelete', 'onUpdate'] as const) {
    const action = key[member];
    if (action === 'CASCADE' || action === 'NO ACTION')
      yield [`foreign key ${member}`, `${key.name} ${member} ${other[action]}`, { ...key, [member]: other[action] }];
  }
  const deferral = key.deferrable ? 'is not deferred' : 'is deferred';
  yield ['foreign key deferral', `${key.name} ${deferral}`, { ...key, deferrable: !key.deferrable }];
  if (key.columns.length > 1)
    for (const [index, column] of key.columns.entries())
      yield [
        'foreign key columns',
        `${key.name} without ${column}`,
        { ...key, columns: key.columns.toSpliced(index, 1), targetColumns: key.targetColumns.toSpliced(index, 1) },
      ];
}

function* triggerMutants(trigger: TriggerDefinition): Generator<Change<TriggerDefinition | null>> {
  const { name, events, updateOf, timing, level } = trigger;
  yield ['trigger', `${name} is missing`, null];
  if (events.length > 1)
    for (const [event, rest] of withoutEach(events))
      yield [
        'trigger event',
        `${name} not on ${event}`,
        { ...trigger, events: rest, updateOf: rest.includes('UPDATE') ? updateOf : [] },
      ];
  for (const [column, rest] of withoutEach(updateOf))
    if (rest.length > 0) yield ['trigger columns', `${name} not of ${column}`, { ...trigger, updateOf: rest }];
  if (level === 'ROW')
    yield [
      'trigger timing',
      `${name} at another time`,
      { ...trigger, timing: timing === 'BEFORE' ? 'AFTER' : 'BEFORE' },
    ];
}

/** The kinds of changes in a comparison of an old with a new value. */
const comparisons: ReadonlySet<string> = new Set([
  'a part of a condition is missing',
  'the first part of a condition is missing',
  'a value is compared in part',
  'another comparison',
  'new instead of old',
  'old instead of new',
]);

/** The stored columns of the abstract identity that a trigger maintains. */
function abstractSources(table: TableDefinition, intent: LogicalTrigger['intent']): ReadonlySet<string> | null {
  if (intent.kind !== 'AbstractIdentityMaintenance') return null;
  return new Set(intent.targetColumnMappings.map(({ sourceColumn }) => storedName(table, sourceColumn)));
}

/**
 * Whether the column that a changed body does not compare any more, or else the first one that its changed line
 * compares, is not a part of the abstract identity of the row.
 */
function isOfNeedlessColumn(
  table: TableDefinition,
  { intent }: LogicalTrigger,
  { what, text }: TextMutant,
  body: string,
): boolean {
  const compared = (each: string) =>
    [...each.matchAll(/(?<=\bOLD\.")\w+(?=" IS NOT DISTINCT FROM)/g)].map(([name]) => name);
  const left = new Set(compared(text));
  const lost = compared(body).find((name) => !left.has(name));
  const column = lost ?? /\bOLD\."(\w+)"/.exec(what)?.[1];
  const needed = abstractSources(table, intent);
  return needed !== null && column !== undefined && !needed.has(column);
}

/** The columns on which the rows depend that a trigger maintains; null if it may be any column of its row. */
function neededColumns(table: TableDefinition, intent: LogicalTrigger['intent']): readonly string[] | null {
  const abstract = abstractSources(table, intent);
  if (abstract !== null) return [...abstract];
  return 'identityProjectionColumns' in intent && intent.kind !== 'DocumentStamping'
    ? intent.identityProjectionColumns
    : null;
}

/** The columns of a table with ids of documents and of rows of collections. */
function idsOf({ columns, foreignKeys }: TableDefinition): ReadonlySet<string> {
  const isId = (name: string) => /(?:^|_)(?:DocumentId|DescriptorId|CollectionItemId)$/.test(name);
  const referring = foreignKeys.flatMap((key) =>
    key.columns.filter((_column, index) => isId(key.targetColumns[index] ?? '')),
  );
  return new Set([...columns.map(({ name }) => name).filter(isId), ...referring]);
}

/** A function with another volatility, or that returns NULL for NULL or does not. */
const attributeMutants = (routine: RoutineDefinition): readonly RoutineDefinition[] => [
  ...(['immutable', 'stable', 'volatile'] as const)
    .filter((volatility) => volatility !== routine.volatility)
    .map((volatility) => ({ ...routine, volatility })),
  { ...routine, strict: !routine.strict },
];

/** All single changes of the script of a schema set. */
export function scriptMutants({
  model,
  inventory,
}: Pick<VerificationInput, 'model' | 'inventory'>): readonly ScriptMutant[] {
  const definition = defineDatabase(model, inventory);
  const bodies = renderBodies(definition);
  const rules = dialectRules[model.dialect];
  const { script, catalog } = emitDdl(model, inventory);
  const mutants: ScriptMutant[] = [];
  const add = (
    kind: string,
    what: string,
    changed: { readonly definition?: DatabaseDefinition; readonly bodies?: Bodies },
    changes: ScriptMutant['changes'],
  ) => {
    const own = changed.definition ?? definition;
    const texts = changed.bodies ?? bodies;
    const made = () => ({
      script: renderScript(own, texts, model.effectiveSchema),
      catalog: desiredCatalog(own, texts),
    });
    mutants.push({ kind, what, changes, made });
  };
  const replacedTable = (table: TableDefinition, changed: TableDefinition): DatabaseDefinition => ({
    ...definition,
    tables: definition.tables.map((each) => (each === table ? changed : each)),
  });
  const ofTrigger = (table: TableDefinition, logical: LogicalTrigger) => {
    const body = bodies.triggers.get(logical) ?? '';
    const place = `${table.schema}.${table.name} ${logical.name}`;
    const isBefore = logical.triggers.some(({ timing }) => timing === 'BEFORE');
    const required = new Set(
      table.columns.flatMap(({ name, nullable, generated }) => (nullable || generated ? [] : [name])),
    );
    const ids = idsOf(table);
    const columns = new Map(
      table.columns.map(({ name, type, generated }) => {
        const isRequired = generated === null ? required.has(name) : isNeverNull(generated, required);
        return [name, { type, isRequired, isId: ids.has(name) }] as const;
      }),
    );
    for (const mutant of textMutants(body, isBefore, columns)) {
      const { kind, what, text } = mutant;
      const texts = { ...bodies, triggers: new Map(bodies.triggers).set(logical, text) };
      const isNeedless = comparisons.has(kind) && isOfNeedlessColumn(table, logical, mutant, body);
      add(
        `${logical.intent.kind}: ${isNeedless ? 'needless comparison' : kind}`,
        `${place} ${what}`,
        { bodies: texts },
        [textOf(objectStatements(definition, texts).trigger(table, logical))],
      );
    }
    const made = textOf(objectStatements(definition, bodies).trigger(table, logical));
    for (const line of ['SECURITY DEFINER\n', 'SET search_path = pg_catalog\n'])
      if (made.includes(line)) {
        const less = made.replace(line, '');
        mutants.push({
          kind: `${logical.intent.kind}: a right is missing`,
          what: `${place} ${line.trim()}`,
          changes: [less],
          made: () => ({ script: script.replace(made, () => less), catalog }),
        });
      }
    for (const [index, trigger] of logical.triggers.entries())
      for (const [kind, what, changed] of triggerMutants(trigger)) {
        const triggers = changed ? logical.triggers.with(index, changed) : logical.triggers.toSpliced(index, 1);
        const other = { ...logical, triggers };
        const texts = { ...bodies, triggers: new Map(bodies.triggers).set(other, body) };
        const owner = { ...table, triggers: table.triggers.map((each) => (each === logical ? other : each)) };
        // derived rows may depend on only a few of the columns of a row
        const needed = neededColumns(table, logical.intent);
        const isNeedless =
          kind === 'trigger columns' && (needed?.every((column) => changed?.updateOf.includes(column)) ?? false);
        const drop = `DROP TRIGGER ${rules.quote(trigger.name)} ON ${qualifiedName(rules, table)}`;
        add(
          `${logical.intent.kind}: ${isNeedless ? 'needless trigger column' : kind}`,
          `${place} ${what}`,
          { definition: replacedTable(table, owner), bodies: texts },
          changed ? [drop, textOf(objectStatements(definition, texts).trigger(owner, other))] : [drop],
        );
      }
  };
  for (const table of definition.tables) {
    const place = `${table.schema}.${table.name}`;
    const group = table.group === 'core' ? 'core ' : '';
    const statements = objectStatements(definition, bodies);
    const altered = `ALTER TABLE ${qualifiedName(rules, table)}`;
    const replaced = (
      kind: string,
      what: string,
      changed: Partial<TableDefinition>,
      changes: ScriptMutant['changes'],
    ) =>
      add(
        `${group}${kind}`,
        `${place} ${what}`,
        { definition: replacedTable(table, { ...table, ...changed }) },
        changes,
      );
    for (const [index, column] of table.columns.entries())
      for (const [kind, what, changed] of columnMutants(column, table, definition.tables))
        replaced(
          kind,
          what,
          { columns: table.columns.with(index, changed) },
          // a column on which a view, a key or an expression depends keeps its type
          changed.nullable === column.nullable
            ? null
            : [`${altered} ALTER COLUMN ${rules.quote(column.name)} ${changed.nullable ? 'DROP' : 'SET'} NOT NULL`],
        );
    for (const member of ['inlineConstraints', 'addedConstraints'] as const)
      for (const [index, constraint] of table[member].entries())
        for (const [kind, what, changed] of constraintMutants(constraint, table))
          replaced(
            kind,
            what,
            { [member]: changed ? table[member].with(index, changed) : table[member].toSpliced(index, 1) },
            [
              `${altered} DROP CONSTRAINT ${rules.quote(constraint.name)}`,
              ...(changed ? [textOf(statements.constraint(table, changed))] : []),
            ],
          );
    for (const [index, key] of table.foreignKeys.entries())
      for (const [kind, what, changed] of keyMutants(key))
        replaced(
          kind,
          what,
          { foreignKeys: changed ? table.foreignKeys.with(index, changed) : table.foreignKeys.toSpliced(index, 1) },
          [
            `${altered} DROP CONSTRAINT ${rules.quote(key.name)}`,
            ...(changed ? [textOf(statements.foreignKey(table, changed))] : []),
          ],
        );
    for (const logical of table.triggers) ofTrigger(table, logical);
  }
  for (const { schema, name } of definition.sequences) {
    const made = `CREATE SEQUENCE IF NOT EXISTS ${qualifiedName(rules, { schema, name })}`;
    const less = { script: script.replace(made, () => `${made} AS integer`), catalog };
    const changes = [`ALTER SEQUENCE ${qualifiedName(rules, { schema, name })} AS integer`];
    mutants.push({ kind: 'sequence', what: `${schema}.${name} ends at 31 bits`, changes, made: () => less });
  }
  for (const view of definition.views)
    for (const { kind, what, text } of textMutants(bodies.views.get(view) ?? '', false)) {
      const texts = { ...bodies, views: new Map(bodies.views).set(view, text) };
      add(`${view.kind} view: ${kind}`, `${view.schema}.${view.name} ${what}`, { bodies: texts }, [
        textOf(objectStatements(definition, texts).view(view)),
      ]);
    }
  for (const routine of definition.routines) {
    const right = textOf(objectStatements(definition, bodies).routine(routine));
    for (const changed of attributeMutants(routine)) {
      const other = { ...definition, routines: definition.routines.map((each) => (each === routine ? changed : each)) };
      const texts = { ...bodies, routines: new Map(bodies.routines).set(changed, bodies.routines.get(routine) ?? '') };
      const what = `dms.${routine.name} ${changed.volatility}${changed.strict ? ' strict' : ''}`;
      const changes = [textOf(objectStatements(other, texts).routine(changed))];
      add(`${routine.kind}: another attribute`, what, { definition: other, bodies: texts }, changes);
    }
    for (const { kind, what, text } of textMutants(right, false))
      mutants.push({
        kind: `${routine.kind}: ${kind}`,
        what: `dms.${routine.name} ${what}`,
        changes: [text],
        made: () => ({ script: script.replace(right, () => text), catalog }),
      });
  }
  return mutants;
}
