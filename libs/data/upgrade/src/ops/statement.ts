import { type PreparedObject, preparedPart, preparedSchema, preparedTable } from '@dms/databases';
import { core, qualified } from '@dms/model';
import {
  dialectOf,
  group,
  isEmpty,
  join,
  joined,
  listed,
  type PlainSql,
  type QualifiedName,
  type SqlDialect,
  textOf,
  trusted,
} from '@dms/sql';
import { uniqBy } from 'es-toolkit/array';
import type { Clause, EarlyKind, EarlyStep, Texts } from './act.ts';
import { actsOf, effectsOf } from './acts.ts';
import type { StatementEffect } from './effect.ts';
import type { AnyAct, UpgradeOperation } from './operation.ts';
import { placeOf, type UpgradeStep } from './order.ts';

/* Statements of an upgrade, made from its operations (design 12 §5). */

export interface UpgradeStatement {
  readonly step: UpgradeStep;
  /** `schema.name` of its subject. */
  readonly subject: string;
  /** What it does. */
  readonly ops: readonly UpgradeOperation[];
  readonly sql: PlainSql;
  /** The line of `sql`, from 1, on which each of its operations begins. */
  readonly lines: readonly number[];
  /** Its effects on tables (design 12a §2). */
  readonly effects: readonly StatementEffect[];
  /** Whether it is a query or a data statement. */
  readonly isOnRows: boolean;
  /** How `upgrade prepare` makes it before the upgrade; absent if only the upgrade can make it (design 12a §5). */
  readonly preparation?: Preparation | undefined;
}

/** One statement of a preparation. */
export interface PreparationStep {
  readonly kind: EarlyKind;
  /** `schema.name` of its table, or the name of a schema. */
  readonly subject: string;
  /** `schema.name` of the table that its foreign key refers to; null for other steps. */
  readonly target: string | null;
  readonly objects: readonly PreparedObject[];
  readonly sql: PlainSql;
  /** Its lock, and its work on rows (design 12a §5.1). */
  readonly cost: Pick<EarlyStep<never, SqlDialect>, 'lock' | 'targetLock' | 'work'>;
  /** Whether the server runs it outside transactions only. */
  readonly isAlone: boolean;
  /** Whether only some editions of the server build indexes this way. */
  readonly needsOnline: boolean;
}

/** A statement, or the part of it that a preparation leaves to the upgrade. */
export type StatementPart = Pick<UpgradeStatement, 'ops' | 'sql' | 'lines' | 'effects'>;

/** How a statement of an upgrade is made before it, while the service works with the earlier set. */
export interface Preparation {
  readonly steps: readonly PreparationStep[];
  /** The part that is left for the upgrade; null if none. */
  readonly rest: StatementPart | null;
}

/** Operations in the order in which an upgrade makes them. */
export const inOrder = (operations: readonly UpgradeOperation[]): readonly UpgradeOperation[] =>
  [...operations].sort((left, right) => placeOf(left.op).rank - placeOf(right.op).rank);

/** The statements of operations, in the order of an upgrade. Operations that an engine does not need have none. */
export function statementsOf(operations: readonly UpgradeOperation[], texts: Texts): readonly UpgradeStatement[] {
  const dialect = texts.dialect.name;
  const found: UpgradeStatement[] = [];
  let open: AlteringOperation[] = [];
  const close = () => {
    found.push(...altering(open, texts));
    open = [];
  };
  for (const op of inOrder(operations)) {
    const acts = actsOf(dialect, op);
    const clause = acts.find((act) => act.clause !== undefined)?.clause?.(op, texts);
    if (clause !== undefined && 'table' in op) {
      const altered: AlteringOperation = { op, table: op.table, clause };
      if (open[0] !== undefined && !isOneTable(open[0], altered)) close();
      open.push(altered);
      continue;
    }
    close();
    for (const sql of ownTexts(op, acts, texts))
      found.push(statementOf(dialect, [op], sql, [1], preparation(op, acts, texts, sql)));
  }
  close();
  return found;
}

/** The texts of an operation, without a preparation. */
export const textsOf = (op: UpgradeOperation, texts: Texts): readonly PlainSql[] =>
  statementsOf([op], texts).map(({ sql }) => sql);

function statementOf(
  dialect: SqlDialect,
  ops: readonly UpgradeOperation[],
  sql: PlainSql,
  lines: readonly number[],
  prepared: Preparation | undefined,
): UpgradeStatement {
  const [first] = ops;
  if (first === undefined) throw new Error('a statement has an operation');
  return {
    step: placeOf(first.op).step,
    subject: first.subject,
    ops,
    sql,
    lines,
    effects: ops.flatMap((op) => effectsOf(dialect, op)),
    isOnRows: ops.some((op) => actsOf(dialect, op).some(({ onRows }) => onRows)),
    ...(prepared === undefined ? {} : { preparation: prepared }),
  };
}

/** The texts of the acts of an operation; acts with equal texts share one. */
function ownTexts(op: UpgradeOperation, acts: readonly AnyAct[], texts: Texts): readonly PlainSql[] {
  const writers = new Set(acts.flatMap(({ sql }) => sql ?? []));
  const all = [...writers].map((sql) => joined(group(sql(op, texts))));
  return uniqBy(all, textOf).filter((text) => !isEmpty(text));
}

/* Statements that alter a table. */

interface AlteringOperation {
  readonly op: UpgradeOperation;
  readonly table: QualifiedName;
  readonly clause: Clause;
}

const isOneTable = (left: AlteringOperation, right: AlteringOperation) =>
  placeOf(left.op.op).rank === placeOf(right.op.op).rank && qualified(left.table) === qualified(right.table);

/** A statement that alters a table: its text, and the line of each clause. */
interface AlteringText {
  readonly parts: readonly AlteringOperation[];
  readonly sql: PlainSql;
  readonly lines: readonly number[];
}

/** How an engine joins the clauses of a table. */
const alterings: Readonly<Record<SqlDialect, (parts: readonly AlteringOperation[]) => readonly AlteringText[]>> = {
  pgsql(parts) {
    const [first] = parts;
    if (first === undefined) return [];
    const { sql } = dialectOf.pgsql;
    const clauses = parts.map(({ clause: { verb, text } }) => sql`${trusted(verb)} ${text}`);
    return [{ parts, ...onLines('pgsql', sql`ALTER TABLE ${first.table}`, clauses) }];
  },
  mssql(parts) {
    const found: AlteringOperation[][] = [];
    for (const part of parts) {
      const last = found.at(-1);
      if (last?.[0] !== undefined && isOneClause(last[0].clause, part.clause)) last.push(part);
      else found.push([part]);
    }
    return found.map(mssqlAltering);
  },
};

const isOneClause = (left: Clause, right: Clause) =>
  left.verb === right.verb &&
  (textOf(left.text) === textOf(right.text) || (left.isListed === true && right.isListed === true));

function mssqlAltering(parts: readonly AlteringOperation[]): AlteringText {
  const [first] = parts as readonly [AlteringOperation, ...AlteringOperation[]];
  const { sql } = dialectOf.mssql;
  const head = sql`ALTER TABLE ${first.table} ${trusted(first.clause.verb)}`;
  const texts = parts.map(({ clause: { text } }) => text);
  // definitions of columns stand on lines of their own
  if (first.clause.verb === 'ADD' && first.clause.isListed) return { parts, ...onLines('mssql', head, texts) };
  const different = first.clause.isListed ? texts : texts.slice(0, 1);
  return { parts, sql: sql`${head} ${join(different)};`, lines: parts.map(() => 1) };
}

/** Clauses below a head, one after the other, with the line of each. */
function onLines(
  dialect: SqlDialect,
  head: PlainSql,
  clauses: readonly PlainSql[],
): Pick<AlteringText, 'sql' | 'lines'> {
  const lines: number[] = [];
  let line = 2;
  for (const clause of clauses) {
    lines.push(line);
    line += textOf(clause).split('\n').length;
  }
  const text = dialectOf[dialect].lines`
    ${head}
        ${listed(clauses)};`;
  return { sql: joined(text), lines };
}

/** The statements that alter one table, with the preparation of clauses that can be made before the upgrade. */
function altering(parts: readonly AlteringOperation[], texts: Texts): readonly UpgradeStatement[] {
  const dialect = texts.dialect.name;
  return alterings[dialect](parts).map(({ parts: joined, sql, lines }) => {
    const ops = joined.map(({ op }) => op);
    const early = joined.filter(({ op }) => earlyOf(op, actsOf(dialect, op)) !== null);
    if (early.length === 0) return statementOf(dialect, ops, sql, lines, undefined);
    const [first, ...others] = alterings[dialect](early);
    const [left] = alterings[dialect](joined.filter((each) => !early.includes(each)));
    const [op] = early.map((each) => each.op);
    if (first === undefined || op === undefined || others.length > 0)
      throw new Error('clauses are prepared in one statement');
    const rest =
      left === undefined
        ? null
        : {
            ops: left.parts.map((each) => each.op),
            sql: left.sql,
            lines: left.lines,
            effects: left.parts.flatMap((each) => effectsOf(dialect, each.op)),
          };
    const made = early.map((each) => each.op);
    // a step that makes all of the statement has its text
    const text = rest === null ? sql : first.sql;
    const steps = earlyOf(op, actsOf(dialect, op)) ?? [];
    return statementOf(dialect, ops, sql, lines, { steps: steps.map((step) => stepOf(step, made, text)), rest });
  });
}

/* Preparations. */

/** The steps that make an operation before the upgrade; null if only the upgrade can make it. */
function earlyOf(
  op: UpgradeOperation,
  acts: readonly AnyAct[],
): readonly EarlyStep<UpgradeOperation, SqlDialect>[] | null {
  if (!('early' in op) || op.early === null) return null;
  const [act] = acts;
  return act?.early?.[op.early] ?? null;
}

function preparation(
  op: UpgradeOperation,
  acts: readonly AnyAct[],
  texts: Texts,
  sql: PlainSql,
): Preparation | undefined {
  const steps = earlyOf(op, acts);
  return steps === null
    ? undefined
    : {
        steps: steps.map((step) =>
          stepOf(step, [op], step.sql === undefined ? sql : joined(group(step.sql(op, texts)))),
        ),
        rest: null,
      };
}

function stepOf(
  {
    does,
    makes,
    lock,
    targetLock,
    work,
    isAlone = false,
    needsOnline = false,
  }: EarlyStep<UpgradeOperation, SqlDialect>,
  ops: readonly UpgradeOperation[],
  sql: PlainSql,
): PreparationStep {
  const [first] = ops;
  return {
    kind: does,
    subject: first?.subject ?? qualified(core.document),
    target: first?.op === 'addForeignKey' ? `${first.key.target.schema}.${first.key.target.table}` : null,
    objects: ops.map((op) => preparedObject(op, makes)),
    sql,
    cost: { lock, targetLock, work },
    isAlone,
    needsOnline,
  };
}

/** The object that a step makes. */
function preparedObject(op: UpgradeOperation, kind: EarlyStep<UpgradeOperation, SqlDialect>['makes']): PreparedObject {
  switch (op.op) {
    case 'createSchema':
      return preparedSchema(op.name);
    case 'createTable':
      return preparedTable(op.table);
    case 'addColumn':
      return preparedPart('column', op.table, op.column.name);
    case 'addUnique':
    case 'addCheck':
      return preparedPart(kind === 'index' ? 'index' : 'constraint', op.table, op.constraint.name);
    case 'addForeignKey':
      return preparedPart('constraint', op.table, op.key.name);
    case 'createIndex':
      return preparedPart('index', op.table, op.index.name);
    default:
      throw new Error(`${op.op} is not prepared`);
  }
}
