import {
  closingAt,
  commaSeparated,
  isOperator,
  isWord,
  pgsqlTokens,
  type SqlToken,
  type SqlTokens,
  splitStatements,
} from '@dms/sql';
import type { ScriptFinding } from './text-form.ts';

/*
 * A PostgreSQL script must create every table, function, sequence and column that it names. The server reads the body
 * of a trigger only when it runs, and a view only when it is created.
 */

/** The objects that a script creates, by `schema.name`. */
interface MadeObjects {
  /** Tables and views, with their columns. */
  readonly relations: Map<string, ReadonlySet<string>>;
  readonly functions: Set<string>;
  readonly sequences: Set<string>;
  /** Constraints, which a body may defer, by the schema of their table. */
  readonly constraints: Set<string>;
  /** The tables whose triggers call a function. */
  readonly triggerTables: Map<string, string[]>;
}

/** One statement of the script, or the body of a function or block. */
interface Unit {
  readonly tokens: readonly SqlToken[];
  /** The function that this is the body of; null if there is none. */
  readonly of: string | null;
  /** The number of the line before its first line. */
  readonly line: number;
}

/** The `schema.name` at a position; undefined if there is none. */
function qualifiedAt(tokens: readonly SqlToken[], at: number): string | undefined {
  const schema = tokens[at];
  const dot = tokens[at + 1];
  const name = tokens[at + 2];
  return schema?.kind === 'name' && isOperator(dot, '.') && name?.kind === 'name'
    ? `${schema.value}.${name.value}`
    : undefined;
}

/** The position of the parenthesis that closes the one at a position, or the end of the tokens. */
const closing = (tokens: readonly SqlToken[], open: number): number => closingAt(tokens, open) ?? tokens.length;

/** The names in a parenthesized list at a position; an expression in the list gives no name. */
function namesIn(tokens: readonly SqlToken[], open: number): string[] {
  if (!isOperator(tokens[open], '(')) return [];
  return commaSeparated(tokens.slice(open + 1, closing(tokens, open))).flatMap(([first]) =>
    first?.kind === 'name' ? [first.value] : [],
  );
}

/** The position of the first name after `CREATE … <kind>`; -1 if the statement creates something else. */
function createdAt(statement: readonly SqlToken[], kind: string): number {
  if (!isWord(statement[0], 'CREATE')) return -1;
  const at = statement.findIndex((token) => token.kind === 'name');
  return at > 0 && statement.slice(1, at).some((token) => isWord(token, kind)) ? at : -1;
}

/** The columns of a view: the columns that its first arm selects, by the last name of each. */
function viewColumns(statement: readonly SqlToken[]): ReadonlySet<string> {
  const positionOf = (word: string) => statement.findIndex((token) => isWord(token, word));
  const list = commaSeparated(statement.slice(positionOf('SELECT') + 1, positionOf('FROM')));
  return new Set(list.flatMap((part) => (part.at(-1)?.kind === 'name' ? [part.at(-1)?.value ?? ''] : [])));
}

function collect(statement: readonly SqlToken[], made: MadeObjects): void {
  const objectOf = (kind: string) => qualifiedAt(statement, createdAt(statement, kind));
  const table = objectOf('TABLE');
  // a relation that is created twice has the columns of both: the server reports the second one
  const add = (relation: string, columns: Iterable<string>) =>
    made.relations.set(relation, new Set([...(made.relations.get(relation) ?? []), ...columns]));
  if (table !== undefined) add(table, namesIn(statement, createdAt(statement, 'TABLE') + 3));
  const view = objectOf('VIEW');
  if (view !== undefined) add(view, viewColumns(statement));
  const routine = objectOf('FUNCTION');
  if (routine !== undefined) made.functions.add(routine);
  const sequence = objectOf('SEQUENCE');
  if (sequence !== undefined) made.sequences.add(sequence);
  if (createdAt(statement, 'TRIGGER') < 0) return;
  const on = statement.findIndex((token) => isWord(token, 'ON'));
  const call = statement.findLastIndex((token) => isWord(token, 'FUNCTION'));
  const own = qualifiedAt(statement, on + 1);
  const called = qualifiedAt(statement, call + 1);
  if (own !== undefined && called !== undefined)
    made.triggerTables.set(called, [...(made.triggerTables.get(called) ?? []), own]);
}

/** Words that may follow a relation but are not its alias. */
const notAnAlias = new Set(
  `WHERE SET ON JOIN INNER LEFT RIGHT FULL CROSS NATURAL GROUP ORDER LIMIT UNION EXCEPT INTERSECT VALUES SELECT RETURNING USING FOR LOOP
  THEN DO HAVING FROM REFERENCING EXECUTE DEFAULT END AND OR OFFSET OVERRIDING IN IS NOT`.split(/\s+/),
);

/** The meaning of an alias: relations, or rows whose columns are unknown. */
type Alias = { readonly relations: Set<string>; isDerived: boolean };

class UnitNames {
  readonly found: string[] = [];
  private readonly unit: Unit;
  private readonly made: MadeObjects;
  private readonly aliases = new Map<string, Alias>();

  constructor(unit: Unit, made: MadeObjects) {
    this.unit = unit;
    this.made = made;
  }

  private get own(): readonly string[] {
    return this.made.triggerTables.get(this.unit.of ?? '') ?? [];
  }

  check(): readonly string[] {
    const { tokens } = this.unit;
    for (const at of tokens.keys()) this.source(at);
    for (const at of tokens.keys()) this.reference(at);
    return this.found;
  }

  private alias(name: string, relations: readonly string[], isDerived = false): void {
    const known = this.aliases.get(name) ?? { relations: new Set(), isDerived: false };
    for (const relation of relations) known.relations.add(relation);
    known.isDerived ||= isDerived;
    this.aliases.set(name, known);
  }

  /** The alias of the row source that ends before a position. */
  private aliasAt(at: number): string | undefined {
    const { tokens } = this.unit;
    const token = isWord(tokens[at], 'AS') ? tokens[at + 1] : tokens[at];
    if (token?.kind === 'name') return token.value;
    return token?.kind === 'word' && !notAnAlias.has(token.value) ? token.value : undefined;
  }

  /** Records the row source at a position, if it may have an alias. */
  private source(at: number): void {
    const { tokens } = this.unit;
    const before = tokens[at - 1];
    const token = tokens[at];
    const after = tokens[at + 1];
    const isSource = isWord(before, 'FROM', 'JOIN', 'UPDATE', 'INTO', 'USING');
    const relation = qualifiedAt(tokens, at);
    if (relation !== undefined && isSource) {
      const alias = this.aliasAt(at + 3);
      if (alias !== undefined) this.alias(alias, [relation]);
    } else if (token?.kind === 'word' && isSource && !isOperator(after, '.') && !isOperator(after, '(')) {
      const alias = this.aliasAt(at + 1);
      const isTransition = /_ROWS$/.test(token.value);
      if (alias !== undefined) this.alias(alias, isTransition ? this.own : [], !isTransition);
      this.alias(token.value, isTransition ? this.own : [], !isTransition);
    } else if (isOperator(token, ')')) {
      const alias = this.aliasAt(at + 1);
      if (alias !== undefined) this.alias(alias, [], true);
    } else if (isWord(token, 'FOR') && after?.kind === 'word' && isWord(tokens[at + 2], 'IN'))
      this.alias(after.value, [], true);
  }

  private tell(at: number, text: string): void {
    const line = this.unit.line + (this.unit.tokens[at]?.line ?? 1);
    this.found.push(`line ${line}: ${text}`);
  }

  private columns(at: number, relation: string, names: readonly string[]): void {
    const columns = this.made.relations.get(relation);
    for (const name of names) if (columns && !columns.has(name)) this.tell(at, `${relation} has no column ${name}`);
  }

  private reference(at: number): void {
    const { tokens } = this.unit;
    const before = tokens[at - 1];
    const token = tokens[at];
    const name = qualifiedAt(tokens, at);
    if (name !== undefined && !isOperator(before, '.')) this.object(at, name);
    if (token?.kind === 'string' && isWord(tokens[at - 2], 'NEXTVAL')) {
      const [, schema, sequence] = /^'"(.+)"\."(.+)"'$/.exec(token.text) ?? [];
      if (!this.made.sequences.has(`${schema}.${sequence}`)) this.tell(at, `no sequence ${token.text}`);
    }
    if (token?.kind === 'word' && isOperator(tokens[at + 1], '.') && tokens[at + 2]?.kind === 'name')
      this.column(at, token.value, tokens[at + 2]?.value ?? '');
  }

  /** Checks a name with a schema: the object must exist, and so must the columns that follow it. */
  private object(at: number, name: string): void {
    const { tokens } = this.unit;
    const before = tokens[at - 1];
    const after = tokens[at + 3];
    const isCall =
      isOperator(after, '(') && !isWord(before, 'INTO', 'ON', 'REFERENCES', 'TABLE', 'EXISTS', 'VIEW', 'UPDATE');
    const { relations, functions, sequences, constraints } = this.made;
    const isMade = [relations, functions, sequences, constraints].some((objects) => objects.has(name));
    if (isCall ? !functions.has(name) : !isMade)
      this.tell(at, isCall ? `no function ${name}` : `nothing is named ${name}`);
    const alias = this.aliasAt(at + 3) === undefined ? 0 : isWord(after, 'AS') ? 2 : 1;
    const next = at + 3 + alias;
    if (isWord(before, 'INTO', 'ON', 'REFERENCES')) this.columns(at, name, namesIn(tokens, next));
    if (isWord(before, 'ON') && isWord(tokens[closing(tokens, next) + 1], 'INCLUDE'))
      this.columns(at, name, namesIn(tokens, closing(tokens, next) + 2));
    if (isWord(before, 'UPDATE') && isWord(tokens[next], 'SET')) this.columns(at, name, this.assigned(next + 1));
    if (isWord(before, 'TABLE') && isWord(after, 'ADD')) {
      const key = tokens.findIndex((each, index) => index > at && isWord(each, 'KEY', 'UNIQUE'));
      if (key > 0) this.columns(at, name, namesIn(tokens, key + 1));
    }
  }

  /** The columns that an update sets, from the position after `SET`. */
  private assigned(from: number): string[] {
    const { tokens } = this.unit;
    let depth = 0;
    let end = from;
    for (; end < tokens.length; end += 1) {
      if (isOperator(tokens[end], '(')) depth += 1;
      if (isOperator(tokens[end], ')')) depth -= 1;
      if (
        depth < 0 ||
        (depth === 0 && (isOperator(tokens[end], ';') || isWord(tokens[end], 'FROM', 'WHERE', 'RETURNING')))
      )
        break;
    }
    return commaSeparated(tokens.slice(from, end)).flatMap((part) => {
      const [first] = part;
      return first?.kind === 'name' ? [first.value] : namesIn(part, 0);
    });
  }

  private column(at: number, alias: string, name: string): void {
    const sources =
      alias === 'NEW' || alias === 'OLD' ? { relations: new Set(this.own), isDerived: false } : this.aliases.get(alias);
    if (!sources || sources.isDerived || sources.relations.size === 0) return;
    const known = [...sources.relations].map((relation) => this.made.relations.get(relation));
    if (known.every((columns) => columns && !columns.has(name)))
      this.tell(at, `${[...sources.relations].join(' or ')} has no column ${name}`);
  }
}

/** Finds unknown columns in arms of a view that name columns without an alias. */
function bareColumns({ tokens }: Unit, made: MadeObjects): string[] {
  if (createdAt(tokens, 'VIEW') < 0) return [];
  const starts = tokens.flatMap((token, index) => (isWord(token, 'SELECT') ? [index] : []));
  return starts.flatMap((start) => {
    const from = tokens.findIndex((token, index) => index > start && isWord(token, 'FROM'));
    const relation = qualifiedAt(tokens, from + 1) ?? '';
    const columns = made.relations.get(relation);
    const list = tokens.slice(start + 1, from);
    if (!columns || list.some((token) => isOperator(token, '.'))) return [];
    return list.flatMap((token, index) =>
      token.kind === 'name' && !isWord(list[index - 1], 'AS') && !columns.has(token.value)
        ? [`line ${token.line}: ${relation} has no column ${token.value}`]
        : [],
    );
  });
}

/** Adds the constraints that a text names after their table. */
function collectConstraints(tokens: readonly SqlToken[], { constraints }: MadeObjects): void {
  let schema = '';
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const next = tokens[at + 1];
    if (token.kind === 'name' && isWord(before, 'TABLE', 'EXISTS') && qualifiedAt(tokens, at) !== undefined)
      schema = token.value;
    if (isWord(token, 'CONSTRAINT') && next?.kind === 'name') constraints.add(`${schema}.${next.value}`);
  }
}

/** The statements of a text, each from its first `CREATE` on if it has one. */
const makingParts = (tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] =>
  splitStatements(tokens).map((statement) => {
    const create = statement.findIndex((token) => isWord(token, 'CREATE'));
    return create > 0 ? statement.slice(create) : statement;
  });

/** The units of a text: each statement of a script, and the bodies in it, including bodies in bodies. */
function readUnits(statement: readonly SqlToken[], made: MadeObjects, unit: Omit<Unit, 'tokens'>): Unit[] {
  collect(statement, made);
  collectConstraints(statement, made);
  const bodies = statement.filter(({ kind }) => kind === 'body');
  return [
    { ...unit, tokens: statement.filter(({ kind }) => kind !== 'body') },
    ...bodies.flatMap(({ value, line }) => {
      const { tokens } = pgsqlTokens(value);
      collectConstraints(tokens, made);
      const inner = {
        of: qualifiedAt(statement, createdAt(statement, 'FUNCTION')) ?? null,
        line: unit.line + line - 1,
      };
      const nested = makingParts(tokens).filter(
        (part) => part.some(({ kind }) => kind === 'body') || isWord(part[0], 'CREATE'),
      );
      return [
        { ...inner, tokens: tokens.filter(({ kind }) => kind !== 'body') },
        ...nested.flatMap((part) => readUnits(part, made, { of: null, line: inner.line }).slice(1)),
      ];
    }),
  ];
}

/** A script by statement and body, and the objects that it creates. */
export interface PgsqlUnits {
  readonly units: readonly Unit[];
  readonly made: MadeObjects;
}

/** Reads the statements of a script and the bodies in them. */
export function pgsqlUnits({ tokens }: SqlTokens): PgsqlUnits {
  const made: MadeObjects = {
    relations: new Map(),
    functions: new Set(),
    sequences: new Set(),
    constraints: new Set(),
    triggerTables: new Map(),
  };
  const statements = makingParts(tokens);
  return { units: statements.flatMap((statement) => readUnits(statement, made, { of: null, line: 0 })), made };
}

/** The names that a script uses but does not create (design 09b §2.4, `names` and `columns`). */
export const pgsqlNames = ({ units, made }: PgsqlUnits): ScriptFinding[] =>
  units.flatMap((unit) =>
    [...new UnitNames(unit, made).check(), ...bareColumns(unit, made)].map((text) => ({ id: 'names', text })),
  );
