import { createHash } from 'node:crypto';
import type { ScriptModule } from '@dms/script-checks';
import { closing, type SqlToken } from '@dms/sql';

/*
 * Computes the T-SQL expressions of the scripts by the documentation of SQL Server, because no server is available and
 * the UUIDs of both dialects must be equal. Anything that is not implemented here is an error.
 */

/** `utf8` is a varchar with a UTF-8 collation; `typed` a value that has a text only through CAST or CONVERT. */
export type TsqlValue =
  | null
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string; readonly isUtf8?: boolean }
  | { readonly kind: 'utf8' | 'binary'; readonly value: Buffer }
  | { readonly kind: 'guid'; readonly value: string }
  | {
      readonly kind: 'typed';
      readonly type: 'decimal' | 'bigint' | 'bit' | 'date' | 'time' | 'datetime2';
      readonly value: string;
    };

export type Lookup = (name: string) => TsqlValue;

const text = (value: string): TsqlValue => ({ kind: 'text', value });
const binary = (value: Buffer): TsqlValue => ({ kind: 'binary', value });

/** A uniqueidentifier stores its first three groups little-endian. */
function mixedOrder(bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8, 16),
  ]);
}

function guidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function fixedLength(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length)]).subarray(0, length);
}

/** CAST to a type as written, such as `binary(16)`. */
function cast(value: TsqlValue, type: string): TsqlValue {
  if (value === null) return null;
  const [, name, size] = /^(\w+)(?:\((\w+)\))?$/.exec(type) ?? [];
  const length = size === undefined || size === 'max' ? Number.POSITIVE_INFINITY : Number(size);
  if (name === 'nvarchar') {
    // SQL Server reports a number that does not fit; a decimal keeps all digits of its scale
    if (value.kind === 'typed' && (value.type === 'decimal' || value.type === 'bigint') && value.value.length <= length)
      return text(value.value);
    if (value.kind === 'text') return text(value.value.slice(0, length));
  }
  if (name === 'varchar' && value.kind === 'text' && value.isUtf8)
    return { kind: 'utf8', value: Buffer.from(value.value, 'utf8') };
  if (name === 'varbinary' && (value.kind === 'utf8' || value.kind === 'binary')) return binary(value.value);
  if (name === 'binary') {
    if (value.kind === 'guid') return binary(mixedOrder(Buffer.from(value.value.replaceAll('-', ''), 'hex')));
    if (value.kind === 'binary') return binary(fixedLength(value.value, length));
    if (value.kind === 'int') {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value.value);
      return binary(bytes.subarray(4 - length));
    }
  }
  if (name === 'int' && value.kind === 'binary' && value.value.length <= 4)
    return { kind: 'int', value: value.value.readUIntBE(0, value.value.length) };
  if (name === 'uniqueidentifier' && value.kind === 'binary' && value.value.length === 16)
    return { kind: 'guid', value: guidText(mixedOrder(value.value)) };
  if (name === 'uniqueidentifier' && value.kind === 'text') return { kind: 'guid', value: value.value.toLowerCase() };
  throw new Error(`no CAST of ${value.kind} to ${type}`);
}

/**
 * CONVERT with a style: 23 `yyyy-mm-dd`, 108 `hh:mi:ss`, 126 ISO 8601, 1 `0x…` of binary; the length cuts fractions
 * off.
 */
function convert(type: string, value: TsqlValue, style: number): TsqlValue {
  if (value === null) return null;
  const length = Number(/^nvarchar\((\d+)\)$/.exec(type)?.[1]);
  if (style === 1 && value.kind === 'binary')
    return text(`0x${value.value.toString('hex').toUpperCase()}`.slice(0, length));
  const types = { 23: 'date', 108: 'time', 126: 'datetime2' } as Readonly<Record<number, string>>;
  if (value.kind !== 'typed' || types[style] !== value.type || !length)
    throw new Error(`no CONVERT to ${type} with style ${style}`);
  return text(value.value.slice(0, length));
}

function call(name: string, values: readonly TsqlValue[]): TsqlValue {
  if (values.some((value) => value === null)) return null;
  const args = values as readonly NonNullable<TsqlValue>[];
  const [first, second, third] = args;
  const texts = args.map((value) => (value.kind === 'text' ? value.value : ''));
  if (name === 'SUBSTRING' && first?.kind === 'binary' && second?.kind === 'int' && third?.kind === 'int')
    return binary(first.value.subarray(second.value - 1, second.value - 1 + third.value));
  if (name === 'HASHBYTES' && texts[0] === 'SHA1' && second?.kind === 'binary')
    return binary(createHash('sha1').update(second.value).digest());
  if (name === 'LEFT' && first?.kind === 'text' && second?.kind === 'int')
    return text(first.value.slice(0, second.value));
  if (args.every(({ kind }) => kind === 'text')) {
    if (name === 'REPLACE' && texts[1] !== '') return text((texts[0] ?? '').replaceAll(texts[1] ?? '', texts[2] ?? ''));
    if (name === 'RTRIM') return text((texts[0] ?? '').replace(/ +$/, ''));
    if (name === 'LOWER') return text((texts[0] ?? '').toLowerCase());
  }
  throw new Error(`no function ${name} of ${args.map(({ kind }) => kind)}`);
}

function combine(operator: string, a: TsqlValue, b: TsqlValue): TsqlValue {
  if (a === null || b === null) return null;
  if (operator === '+' && a.kind === 'text' && b.kind === 'text') return text(a.value + b.value);
  if (operator === '+' && a.kind === 'binary' && b.kind === 'binary') return binary(Buffer.concat([a.value, b.value]));
  if (operator === '&' && a.kind === 'int' && b.kind === 'int') return { kind: 'int', value: a.value & b.value };
  if (operator === '|' && a.kind === 'int' && b.kind === 'int') return { kind: 'int', value: a.value | b.value };
  throw new Error(`no ${a.kind} ${operator} ${b.kind}`);
}

class Evaluation {
  private readonly tokens: readonly SqlToken[];
  private readonly lookup: Lookup;
  private index = 0;

  constructor(tokens: readonly SqlToken[], lookup: Lookup) {
    this.tokens = tokens;
    this.lookup = lookup;
  }

  result(): TsqlValue {
    const value = this.sum();
    if (this.index < this.tokens.length) throw new Error(`unread: ${this.tokens[this.index]?.text}`);
    return value;
  }

  private next(): SqlToken {
    const token = this.tokens[this.index];
    if (!token) throw new Error('the expression ends too early');
    this.index += 1;
    return token;
  }

  private take(value: string): boolean {
    const token = this.tokens[this.index];
    if (token?.kind === 'string' || token?.kind === 'name' || token?.value !== value) return false;
    this.index += 1;
    return true;
  }

  private expect(...values: readonly string[]): void {
    for (const value of values)
      if (!this.take(value)) throw new Error(`expected ${value}, found ${this.tokens[this.index]?.text}`);
  }

  /** `+`, `&` and `|` have the same precedence in T-SQL. */
  private sum(): TsqlValue {
    let value = this.operand();
    for (;;) {
      const operator = ['+', '&', '|'].find((candidate) => this.take(candidate));
      if (operator === undefined) return value;
      value = combine(operator, value, this.operand());
    }
  }

  private operand(): TsqlValue {
    const value = this.primary();
    if (!this.take('COLLATE')) return value;
    const collation = this.next().text;
    return value?.kind === 'text' && collation.endsWith('_UTF8') ? { ...value, isUtf8: true } : value;
  }

  private type(): string {
    const name = this.next().text;
    if (!this.take('(')) return name;
    const size = this.next().text;
    this.expect(')');
    return `${name}(${size})`;
  }

  private primary(): TsqlValue {
    const token = this.next();
    if (token.kind === 'string') return text(token.value);
    if (token.kind === 'number')
      return token.text.startsWith('0x')
        ? binary(Buffer.from(token.text.slice(2), 'hex'))
        : { kind: 'int', value: Number(token.text) };
    if (token.kind === 'variable') return this.lookup(token.text);
    if (token.text === '(') {
      if (this.take('SELECT')) {
        // the only subquery is the URI of a descriptor: only its expression matters, its source is looked up
        const end = closing(this.tokens, this.index - 2);
        const from = this.tokens.findIndex((candidate, index) => index >= this.index && candidate.value === 'FROM');
        const inner = new Evaluation(this.tokens.slice(this.index, from), this.lookup).result();
        this.index = end + 1;
        return inner;
      }
      const value = this.sum();
      this.expect(')');
      return value;
    }
    if (token.value === 'CAST') {
      this.expect('(');
      const value = this.sum();
      this.expect('AS');
      const type = this.type();
      this.expect(')');
      return cast(value, type);
    }
    if (token.value === 'CONVERT') {
      this.expect('(');
      const type = this.type();
      this.expect(',');
      const value = this.sum();
      this.expect(',');
      const style = Number(this.next().text);
      this.expect(')');
      return convert(type, value, style);
    }
    if (token.value === 'CASE') {
      this.expect('WHEN');
      const left = this.sum();
      this.expect('=');
      const right = this.sum();
      this.expect('THEN');
      const yes = this.sum();
      this.expect('ELSE');
      const no = this.sum();
      this.expect('END');
      if (left?.kind !== 'typed' || left.type !== 'bit' || right?.kind !== 'int')
        throw new Error('only a bit is compared');
      return Number(left.value) === right.value ? yes : no;
    }
    if (token.kind === 'word' && this.take('.')) return this.lookup(`${token.text}.${this.next().value}`);
    if (token.kind === 'word' && this.take('(')) {
      const values: TsqlValue[] = [];
      do values.push(this.sum());
      while (this.take(','));
      this.expect(')');
      return call(token.value, values);
    }
    throw new Error(`no expression starts with ${token.text}`);
  }
}

/** The value of an expression; `lookup` resolves variables and columns, as `@name` and `alias.column`. */
export function evaluate(tokens: readonly SqlToken[], lookup: Lookup): TsqlValue {
  return new Evaluation(tokens, lookup).result();
}

/** The result of a scalar function of DECLARE statements and one RETURN. */
export function evaluateFunction({ body }: ScriptModule, parameters: Readonly<Record<string, TsqlValue>>): TsqlValue {
  const variables = new Map(Object.entries(parameters));
  const lookup: Lookup = (name) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`no variable ${name}`);
    return value;
  };
  let start = 1;
  for (const [index, token] of body.entries()) {
    if (token.kind !== 'operator' || token.text !== ';') continue;
    const statement = body.slice(start, index);
    start = index + 1;
    const [first, variable] = statement;
    if (first?.value === 'RETURN') return evaluate(statement.slice(1), lookup);
    if (first?.value !== 'DECLARE' || !variable) throw new Error(`line ${first?.line}: neither DECLARE nor RETURN`);
    const equals = statement.findIndex(({ kind, text: operator }) => kind === 'operator' && operator === '=');
    const type = statement
      .slice(2, equals)
      .map(({ text: part }) => part)
      .join('');
    variables.set(variable.text, cast(evaluate(statement.slice(equals + 1), lookup), type));
  }
  throw new Error('the function returns nothing');
}
