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
  readonly pieces: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly [brand]: true;
}

/** SQL without parameters, as scripts and plans contain it. */
export interface PlainSql extends Sql {
  readonly parameters: readonly [];
}

declare const brand: unique symbol;

class SqlText {
  constructor(
    readonly pieces: readonly string[],
    readonly parameters: readonly Parameter[],
  ) {}

  /** The compiler accepts any object in a plain template, and the text would be `[object Object]`. */
  toString(): never {
    throw new Error(`SQL in a template without a tag: ${this.pieces.join('…')}`);
  }
}

const none: readonly Parameter[] = [];

/** `pieces` has one entry more than `parameters`. */
export const sqlOf = (pieces: readonly string[], parameters: readonly Parameter[]): Sql =>
  new SqlText(pieces, parameters) as unknown as Sql;

export const plainSql = (text: string): PlainSql => new SqlText([text], none) as unknown as PlainSql;

export const isSql = (value: object): value is Sql => value instanceof SqlText;

/** The fragment without text, for an optional part. */
export const empty: PlainSql = plainSql('');

/** Whether the fragment has neither text nor parameters. */
export const isEmpty = ({ pieces }: Sql): boolean => pieces.length === 1 && pieces[0] === '';

/**
 * SQL from a text that is SQL already: the name of a type, an alias from data, a definition from the server, a script
 * of a file. Names and values never go through it.
 */
export const trusted = (text: string): PlainSql => plainSql(text);

/** A place for a value; `type` is its SQL type, if the driver needs it. */
export const value = (parameter: unknown, type: string | null = null): Sql => sqlOf(['', ''], [{ parameter, type }]);

/** Collects texts and fragments into one fragment. */
export class SqlParts {
  private readonly pieces: string[] = [];
  private readonly parameters: Parameter[] = [];
  private piece = '';

  text(text: string): void {
    this.piece += text;
  }

  sql({ pieces, parameters }: Sql): void {
    this.piece += pieces[0] ?? '';
    for (const [index, parameter] of parameters.entries()) {
      this.parameters.push(parameter);
      this.pieces.push(this.piece);
      this.piece = pieces[index + 1] ?? '';
    }
  }

  /** Everything since the last call. */
  take(): Sql {
    const { piece } = this;
    this.piece = '';
    return this.parameters.length === 0
      ? plainSql(piece)
      : sqlOf([...this.pieces.splice(0), piece], this.parameters.splice(0));
  }
}

/** The fragments with a separator between them. */
export function join(items: readonly PlainSql[], separator?: string): PlainSql;
export function join(items: readonly Sql[], separator?: string): Sql;
export function join(items: readonly Sql[], separator = ', '): Sql {
  const parts = new SqlParts();
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.text(separator);
    parts.sql(item);
  }
  return parts.take();
}

/** The text of SQL without parameters, for an artifact. */
export const textOf = ({ pieces }: PlainSql): string => pieces[0] ?? '';

/** The same SQL, where only the caller knows that it has no parameters. Throws if it has. */
export function withoutParameters(sql: Sql): PlainSql {
  if (sql.parameters.length > 0) throw new Error(`SQL with parameters: ${sql.pieces.join('…')}`);
  return sql as PlainSql;
}
