import { mustExist } from '@dms/model';
import { type Batch, closing, commaSeparated, type SqlToken, spelled, splitBatches, UnreadableScript } from '@dms/sql';

/* Parses the statements that the renderer of SQL Server emits, and lists the objects that they create. */

export interface ScriptColumn {
  readonly name: string;
  /** Null for a computed column, which has the type of its expression. */
  readonly type: string | null;
  readonly collation: string | null;
  readonly nullable: boolean;
  readonly identity: string | null;
  /** `constraint` is null for a default without a name. */
  readonly default: { readonly constraint: string | null; readonly expression: string } | null;
  readonly computed: string | null;
  /** False for a computed column that is not stored. */
  readonly isStored: boolean;
}

interface ScriptConstraint {
  readonly name: string;
  readonly kind: 'PRIMARY KEY' | 'UNIQUE' | 'CHECK' | 'FOREIGN KEY';
  readonly clustered: boolean | null;
  readonly columns: readonly string[];
  readonly expression: string | null;
  readonly target: string | null;
  readonly targetColumns: readonly string[];
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
}

export interface TsqlTable {
  readonly name: string;
  readonly columns: ScriptColumn[];
  readonly constraints: ScriptConstraint[];
  readonly indexes: { name: string; unique: boolean; columns: string[]; include: string[] }[];
  readonly position: number;
}

/** The table that a foreign key refers to. */
export const targetOf = ({ name, target }: ScriptConstraint): string => mustExist(target, `the target of ${name}`);

/** A type of table-valued parameters. */
interface ScriptTableType {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly position: number;
}

/** A function, view or trigger, in its own batch. */
export interface ScriptModule {
  readonly kind: 'FUNCTION' | 'VIEW' | 'TRIGGER';
  readonly name: string;
  /** Table of a trigger. */
  readonly table: string | null;
  readonly events: readonly string[];
  readonly batch: Batch;
  /** The tokens after `AS`. */
  readonly body: readonly SqlToken[];
  readonly header: readonly SqlToken[];
  readonly position: number;
}

export interface Script {
  readonly text: string;
  readonly batches: readonly Batch[];
  readonly schemas: readonly string[];
  readonly sequences: ReadonlyMap<string, { readonly options: string; readonly position: number }>;
  /** Tables by `schema.name`. */
  readonly tables: ReadonlyMap<string, TsqlTable>;
  readonly tableTypes: readonly ScriptTableType[];
  readonly modules: readonly ScriptModule[];
}

/** The function, view or trigger that a batch creates; null for any other batch. */
export function readModule(batch: Batch): ScriptModule | null {
  const reader = new TokenReader(batch.tokens);
  if (!reader.take('CREATE', 'OR', 'ALTER')) return null;
  const { position } = mustExist(batch.tokens[0], 'the first token of a module');
  const kind = reader.next().value as ScriptModule['kind'];
  const name = reader.qualified();
  let table: string | null = null;
  const events: string[] = [];
  if (kind === 'TRIGGER') {
    reader.expect('ON');
    table = reader.qualified();
    reader.expect('AFTER');
    do events.push(reader.next().value);
    while (reader.take(','));
  }
  while (!is(reader.token, 'AS')) reader.next();
  const header = batch.tokens.slice(0, reader.index);
  return { kind, name, table, events, batch, header, body: batch.tokens.slice(reader.index + 1), position };
}

/** Reads tokens one after the other; a token that does not fit the form is an error. */
class TokenReader {
  readonly tokens: readonly SqlToken[];
  index: number;

  constructor(tokens: readonly SqlToken[], index = 0) {
    this.tokens = tokens;
    this.index = index;
  }

  get token(): SqlToken | undefined {
    return this.tokens[this.index];
  }

  fail(expected: string): never {
    const { token } = this;
    throw new UnreadableScript(
      `line ${token?.line ?? '(end)'}: expected ${expected}, found ${token?.text ?? 'nothing'}`,
    );
  }

  next(): SqlToken {
    const { token } = this;
    if (!token) return this.fail('a token');
    this.index += 1;
    return token;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) {
      if (!is(this.token, word)) this.fail(word);
      this.index += 1;
    }
  }

  take(...words: readonly string[]): boolean {
    if (!words.every((word, offset) => is(this.tokens[this.index + offset], word))) return false;
    this.index += words.length;
    return true;
  }

  name(): string {
    if (this.token?.kind !== 'name') return this.fail('a quoted name');
    return this.next().value;
  }

  qualified(): string {
    const schema = this.name();
    this.expect('.');
    return `${schema}.${this.name()}`;
  }

  /** The tokens between parentheses. */
  group(): SqlToken[] {
    if (!is(this.token, '(')) this.fail('(');
    const end = closing(this.tokens, this.index);
    const inner = this.tokens.slice(this.index + 1, end);
    this.index = end + 1;
    return inner;
  }

  names(): string[] {
    return commaSeparated(this.group()).map((part) => {
      const [only, ...rest] = part;
      if (only?.kind !== 'name' || rest.length > 0) throw new UnreadableScript(`no column: ${spelled(part)}`);
      return only.value;
    });
  }

  /** All tokens that are left. */
  rest(): SqlToken[] {
    const left = this.tokens.slice(this.index);
    this.index = this.tokens.length;
    return left;
  }

  atEnd(): boolean {
    return this.index >= this.tokens.length;
  }
}

const is = (token: SqlToken | undefined, ...values: readonly string[]) =>
  token !== undefined && token.kind !== 'name' && token.kind !== 'string' && values.includes(token.value);

/** Reads a script; a statement that it cannot read is an error. */
export function readScript(text: string): Script {
  const batches = splitBatches(text);
  const objects = new ScriptObjects();
  const modules: ScriptModule[] = [];
  for (const batch of batches) {
    const module = readModule(batch);
    if (module) {
      modules.push(module);
      continue;
    }
    for (let index = 0; index < batch.tokens.length; index += 1) {
      const reader = new TokenReader(batch.tokens, index);
      if (objects.read(reader)) index = reader.index - 1;
    }
  }
  const { schemas, sequences, tables, tableTypes } = objects;
  return { text, batches, schemas, sequences, tables, tableTypes, modules };
}

/** The objects that the statements of a script create outside of its modules. */
class ScriptObjects {
  readonly schemas: string[] = [];
  readonly sequences = new Map<string, { options: string; position: number }>();
  readonly tables = new Map<string, TsqlTable>();
  readonly tableTypes: ScriptTableType[] = [];

  private table(name: string, line: number): TsqlTable {
    const table = this.tables.get(name);
    if (!table) throw new UnreadableScript(`line ${line}: the table ${name} is not created before`);
    return table;
  }

  /** Reads the statement at the current token of a reader; returns false if no creating statement begins there. */
  read(reader: TokenReader): boolean {
    const { line, position } = mustExist(reader.token, 'a token of a batch');
    if (reader.take('EXEC', '(')) this.readSchema(reader);
    else if (reader.take('CREATE', 'SEQUENCE')) this.readSequence(reader, position);
    else if (reader.take('CREATE', 'TABLE')) {
      const table = readTable(reader, position);
      if (this.tables.has(table.name)) throw new UnreadableScript(`line ${line}: ${table.name} is created twice`);
      this.tables.set(table.name, table);
      reader.expect(';');
    } else if (reader.take('CREATE', 'TYPE')) {
      this.tableTypes.push(readTableType(reader, position));
      reader.expect(';');
    } else if (reader.take('ALTER', 'TABLE')) {
      const table = this.table(reader.qualified(), line);
      reader.expect('ADD');
      table.constraints.push(readConstraint(reader));
      reader.expect(';');
    } else if (is(reader.token, 'CREATE') && !is(reader.tokens[reader.index + 1], 'OR')) this.readIndex(reader, line);
    else return false;
    return true;
  }

  private readSchema(reader: TokenReader): void {
    const [, schema] =
      /^CREATE SCHEMA \[((?:[^\]]|\]\])*)\]$/.exec(reader.next().value) ?? reader.fail('CREATE SCHEMA');
    this.schemas.push(mustExist(schema, 'the name of a schema').replaceAll(']]', ']'));
  }

  private readSequence(reader: TokenReader, position: number): void {
    const name = reader.qualified();
    const from = reader.index;
    while (!is(reader.token, ';')) reader.next();
    this.sequences.set(name, { options: spelled(reader.tokens.slice(from, reader.index)), position });
  }

  private readIndex(reader: TokenReader, line: number): void {
    reader.next();
    const unique = reader.take('UNIQUE');
    reader.expect('INDEX');
    const name = reader.name();
    reader.expect('ON');
    const table = this.table(reader.qualified(), line);
    const columns = reader.names();
    const include = reader.take('INCLUDE') ? reader.names() : [];
    reader.expect(';');
    table.indexes.push({ name, unique, columns, include });
  }
}

function readTable(reader: TokenReader, position: number): TsqlTable {
  const name = reader.qualified();
  const columns: ScriptColumn[] = [];
  const constraints: ScriptConstraint[] = [];
  for (const item of commaSeparated(reader.group())) {
    const entry = new TokenReader(item);
    if (is(item[0], 'CONSTRAINT')) constraints.push(readConstraint(entry));
    else columns.push(readColumn(entry));
    if (!entry.atEnd()) entry.fail('the end of the definition');
  }
  return { name, columns, constraints, indexes: [], position };
}

function readConstraint(reader: TokenReader): ScriptConstraint {
  reader.expect('CONSTRAINT');
  const name = reader.name();
  const common = {
    name,
    clustered: null,
    columns: [],
    expression: null,
    target: null,
    targetColumns: [],
    onDelete: null,
    onUpdate: null,
  };
  const clustering = () => (reader.take('CLUSTERED') ? true : reader.take('NONCLUSTERED') ? false : null);
  if (reader.take('PRIMARY', 'KEY'))
    return { ...common, kind: 'PRIMARY KEY', clustered: clustering(), columns: reader.names() };
  if (reader.take('UNIQUE')) return { ...common, kind: 'UNIQUE', clustered: clustering(), columns: reader.names() };
  if (reader.take('CHECK')) return { ...common, kind: 'CHECK', expression: expressionText(reader.group()) };
  reader.expect('FOREIGN', 'KEY');
  const columns = reader.names();
  reader.expect('REFERENCES');
  const target = reader.qualified();
  const targetColumns = reader.names();
  const action = () => {
    if (reader.take('CASCADE')) return 'CASCADE';
    reader.expect('NO', 'ACTION');
    return 'NO ACTION';
  };
  reader.expect('ON', 'DELETE');
  const onDelete = action();
  reader.expect('ON', 'UPDATE');
  return { ...common, kind: 'FOREIGN KEY', columns, target, targetColumns, onDelete, onUpdate: action() };
}

/** The text of an expression with one blank between tokens, but none inside parentheses and around dots. */
const expressionText = (tokens: readonly SqlToken[]) =>
  spelled(tokens)
    .replaceAll(' . ', '.')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')')
    .replaceAll(' ,', ',')
    .replace(/(?<=\w) \(/g, '(');

function readColumn(reader: TokenReader): ScriptColumn {
  const name = reader.name();
  if (reader.take('AS')) {
    const isStored = is(reader.token, '(');
    const computed = expressionText(isStored ? reader.group() : reader.rest());
    if (isStored) reader.expect('PERSISTED');
    return { name, type: null, collation: null, nullable: true, identity: null, default: null, computed, isStored };
  }
  const type = readType(reader);
  const collation = reader.take('COLLATE') ? reader.next().text : null;
  const identity = reader.take('IDENTITY')
    ? `IDENTITY(${reader
        .group()
        .map(({ text }) => text)
        .join('')})`
    : null;
  const nullable = !reader.take('NOT');
  reader.expect('NULL');
  const constraint = reader.take('CONSTRAINT') ? reader.name() : null;
  if (constraint === null && !is(reader.token, 'DEFAULT'))
    return { name, type, collation, nullable, identity, default: null, computed: null, isStored: true };
  reader.expect('DEFAULT');
  return {
    name,
    type,
    collation,
    nullable,
    identity,
    default: { constraint, expression: expressionText(reader.group()) },
    computed: null,
    isStored: true,
  };
}

function readType(reader: TokenReader): string {
  const type = reader.next().text;
  return is(reader.token, '(')
    ? `${type}(${reader
        .group()
        .map(({ text }) => text)
        .join('')})`
    : type;
}

function readTableType(reader: TokenReader, position: number): ScriptTableType {
  const name = reader.qualified();
  reader.expect('AS', 'TABLE');
  const columns = commaSeparated(reader.group()).map((item) => {
    const { name: column, type, nullable } = readColumn(new TokenReader(item));
    if (type === null) throw new UnreadableScript(`${name}.${column} is computed, in a type`);
    return { name: column, type, nullable };
  });
  return { name, columns, position };
}

/** A check of one aspect of a script; returns a text for each finding. */
export type ScriptCheck = (script: Script) => string[];

export const moduleOf = (script: Script, batch: Batch) => script.modules.find((module) => module.batch === batch);

/** The value of a token that the form of its statement guarantees: a text of another form is not a {@link Script}. */
export const valueAt = (tokens: readonly SqlToken[], index: number): string =>
  mustExist(tokens[index], 'a token that the form of a statement has').value;
