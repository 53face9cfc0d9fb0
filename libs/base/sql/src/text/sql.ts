/** A value that is sent beside the text of a statement. */
export interface Parameter {
  readonly parameter: unknown;
  /** Its SQL type, if the driver needs it. */
  readonly type: string | null;
}

/**
 * A piece of SQL with its parameters, which can stand anywhere in another one. `pieces` has one entry more than
 * `parameters`; the driver writes the placeholder between two pieces. Only the functions of this package make one, so
 * that a string is never SQL.
 */
export interface Sql {
  readonly pieces: SqlPieces;
  readonly parameters: readonly Parameter[];
  readonly [brand]: true;
}

/** SQL without parameters, as scripts and plans contain it. */
export interface PlainSql extends Sql {
  readonly parameters: readonly [];
}

/** The texts before, between and after parameters. */
export type SqlPieces = readonly string[] & { readonly [brand]: true };

declare const brand: unique symbol;

abstract class SqlText {
  abstract readonly pieces: readonly string[];
  abstract readonly parameters: readonly Parameter[];

  /** The compiler accepts any object in a plain template, and the text would be `[object Object]`. */
  toString(): never {
    throw new Error(`SQL in a template without a tag: ${this.pieces.join('…')}`);
  }
}

class ParameterizedText extends SqlText {
  constructor(
    readonly pieces: readonly string[],
    readonly parameters: readonly Parameter[],
  ) {
    super();
  }
}

const none: readonly Parameter[] = [];

/** Scripts consist of very many of these, so one is a single small object. */
class PlainText extends SqlText {
  constructor(readonly text: string) {
    super();
  }

  get pieces(): readonly string[] {
    return [this.text];
  }

  get parameters(): readonly Parameter[] {
    return none;
  }
}

/** `pieces` has one entry more than `parameters`. */
export const sqlOf = (pieces: readonly string[], parameters: readonly Parameter[]): Sql =>
  new ParameterizedText(pieces, parameters) as unknown as Sql;

export const plainSql = (text: string): PlainSql => new PlainText(text) as unknown as PlainSql;

export const isSql = (value: object): value is Sql => value instanceof SqlText;

/** The fragment without text, for an optional part. */
export const empty: PlainSql = plainSql('');

/** Whether the fragment has neither text nor parameters. */
export const isEmpty = (sql: Sql): boolean => plainTextOf(sql) === '';

/** The text of a fragment without parameters; null if it has parameters. */
function plainTextOf(sql: Sql | PlainText): string | null {
  if (sql instanceof PlainText) return sql.text;
  return sql.parameters.length > 0 ? null : (sql.pieces[0] ?? '');
}

/**
 * SQL from a text that is SQL already: the name of a type, an alias from data, a definition from the server. Names and
 * values never go through it.
 */
export const trusted = (text: string): PlainSql => plainSql(text);

/** A script that is a text: an artifact, a file, a statement that a user or the server wrote. */
export const givenScript = (text: string): PlainSql => plainSql(text);

/** A place for a value; `type` is its SQL type, if the driver needs it. */
export const value = (parameter: unknown, type: string | null = null): Sql => sqlOf(['', ''], [{ parameter, type }]);

/** Collects texts and fragments into one fragment. */
export class SqlParts {
  /** The pieces before the parameters; most fragments have none. */
  private before: { readonly pieces: string[]; readonly parameters: Parameter[] } | null = null;
  private piece = '';

  text(text: string): void {
    this.piece += text;
  }

  sql(sql: Sql): void {
    const plain = plainTextOf(sql);
    if (plain !== null) {
      this.piece += plain;
      return;
    }
    const { pieces, parameters } = sql;
    this.piece += pieces[0] ?? '';
    this.before ??= { pieces: [], parameters: [] };
    for (const [index, parameter] of parameters.entries()) {
      this.before.parameters.push(parameter);
      this.before.pieces.push(this.piece);
      this.piece = pieces[index + 1] ?? '';
    }
  }

  /** Everything since the last call. */
  take(): Sql {
    const { piece, before } = this;
    this.piece = '';
    this.before = null;
    return before === null ? plainSql(piece) : sqlOf([...before.pieces, piece], before.parameters);
  }
}

/** The fragments with a separator between them. */
export function join(items: readonly PlainSql[], separator?: string): PlainSql;
export function join(items: readonly Sql[], separator?: string): Sql;
export function join(items: readonly Sql[], separator = ', '): Sql {
  // one text at once is cheaper than a long chain of texts
  const texts = items.map(plainTextOf);
  if (!texts.includes(null)) return plainSql(texts.join(separator));
  const parts = new SqlParts();
  items.forEach((item, index) => {
    if (index > 0) parts.text(separator);
    parts.sql(item);
  });
  return parts.take();
}

/** The text of SQL without parameters, for an artifact. */
export const textOf = (sql: PlainSql): string => plainTextOf(sql) ?? '';

/** The same SQL, where only the caller knows that it has no parameters. Throws if it has. */
export function withoutParameters(sql: Sql): PlainSql {
  if (sql.parameters.length > 0) throw new Error(`SQL with parameters: ${sql.pieces.join('…')}`);
  return sql as PlainSql;
}
