import type { JsonPath } from '@dms/api-schema';
import type { DbTableName, QualifiedResourceName, ScalarType } from '@dms/model';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import type { PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import { scalarKindTokens, type Tokens } from '../wire/tokens.ts';

/*
 * Each file of this folder has messages of a payload, with writing and reading side by side (design 08 §12.3, §12.5
 * step 7). A missing part, or one that this version does not know, is `PACK_INVARIANT`; the consistency of the parts is
 * checked elsewhere.
 */

/** Writes a value into a message, and reads it from the message. */
export interface MessageCodec<Value, Message> {
  write(value: Value): Message;
  read(message: Message, at: PackPlace, reader: PayloadReader): Value;
}

type MemberCodecs = Readonly<Record<string, MessageCodec<unknown, unknown>>>;

type ValueOf<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends MessageCodec<infer Value, infer _> ? Value : never;
};

type MessageOf<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends MessageCodec<infer _, infer Message> ? Message : never;
};

/** A codec for messages whose members have the names of the members of the value; they are read in this order. */
export function members<Fields extends MemberCodecs>(fields: Fields): MessageCodec<ValueOf<Fields>, MessageOf<Fields>> {
  const codecs = Object.entries<MessageCodec<unknown, unknown>>(fields);
  return {
    write(value) {
      const given: Readonly<Record<string, unknown>> = value;
      const message: Record<string, unknown> = {};
      for (const [name, codec] of codecs) message[name] = codec.write(given[name]);
      return message as MessageOf<Fields>;
    },
    read(message, at, reader) {
      const given: Readonly<Record<string, unknown>> = message;
      const value: Record<string, unknown> = {};
      for (const [name, codec] of codecs) value[name] = codec.read(given[name], at, reader);
      return value as ValueOf<Fields>;
    },
  };
}

/** A codec for a list of messages. */
export const list = <Value, Message>(
  codec: MessageCodec<Value, Message>,
): MessageCodec<readonly Value[], readonly Message[]> => ({
  write: (values) => values.map((value) => codec.write(value)),
  read: (messages, at, reader) => messages.map((message) => codec.read(message, at, reader)),
});

/** A codec for a message that may be absent. */
export const optional = <Value, Message>(
  codec: MessageCodec<Value, Message>,
): MessageCodec<Value | null, Message | null> => ({
  write: (value) => value && codec.write(value),
  read: (message, at, reader) => message && codec.read(message, at, reader),
});

/** A codec that keeps a member as it is. */
export const unchanged = <Value>(): MessageCodec<Value, Value> => ({ write: (value) => value, read: (value) => value });

export function tokenOf<Token extends string>(tokens: Tokens<Token>, code: number, at: PackPlace, what: string): Token {
  return tokens.token(code) ?? failInvariant(at, what, 'a known value', code);
}

/** Checks that a name is not empty: the default value of protobuf means an absent name. */
export function nameOf(name: string | undefined, at: PackPlace, what: string): string {
  return name ? name : failInvariant(at, what, 'a name', 'none');
}

/* Members that most messages have; `what` is their name in error messages. */

export const token = <Token extends string>(tokens: Tokens<Token>, what: string): MessageCodec<Token, number> => ({
  write: (value) => tokens.code(value),
  read: (code, at) => tokenOf(tokens, code, at, what),
});

export const nameMember = (what: string): MessageCodec<string, string> => ({
  write: (name) => name,
  read: (name, at) => nameOf(name, at, what),
});

export const pathMember = (what: string): MessageCodec<JsonPath, string> => ({
  write: ({ canonical }) => canonical,
  read: (text, at, { pathOf }) => pathOf(text, at, what),
});

/** A required statement. */
export const statement = (what: string): MessageCodec<string, string> => ({
  write: (sql) => sql,
  read: (sql, at) => (sql === '' ? failInvariant(at, what, 'a statement', 'none') : sql),
});

/** An optional statement; an empty text means null. */
export const optionalStatement: MessageCodec<string | null, string> = {
  write: (sql) => sql ?? '',
  read: (sql) => (sql === '' ? null : sql),
};

export const resourceName = (
  what: string,
): MessageCodec<QualifiedResourceName, PackMessage<'QualifiedResourceName'> | null> => ({
  write: ({ projectName, resourceName: name }) => ({ projectName, resourceName: name }),
  read: (message, at) => ({
    projectName: nameOf(message?.projectName, at, what),
    resourceName: nameOf(message?.resourceName, at, what),
  }),
});

export const tableNameOf = (message: PackMessage<'DbTableName'> | null, at: PackPlace, what: string): DbTableName => ({
  schema: nameOf(message?.schema, at, what),
  name: nameOf(message?.name, at, what),
});

export const tableName = (what: string): MessageCodec<DbTableName, PackMessage<'DbTableName'> | null> => ({
  write: ({ schema, name }) => ({ schema, name }),
  read: (message, at) => tableNameOf(message, at, what),
});

export const columnNameOf = (message: PackMessage<'DbColumnName'> | null, at: PackPlace, what: string): string =>
  nameOf(message?.value, at, what);

export const columnName = (what: string): MessageCodec<string, PackMessage<'DbColumnName'> | null> => ({
  write: (value) => ({ value }),
  read: (message, at) => columnNameOf(message, at, what),
});

export const optionalColumnName = (what: string) => optional(columnName(what));

export const columnNames = (what: string): MessageCodec<readonly string[], readonly PackMessage<'DbColumnName'>[]> => ({
  write: (names) => names.map((value) => ({ value })),
  read: (messages, at) => messages.map((message) => columnNameOf(message, at, what)),
});

/** 0 means that a length or precision is not given. */
export const scalarType = (what: string): MessageCodec<ScalarType, PackMessage<'RelationalScalarType'> | null> => ({
  write: ({ kind, maxLength, decimal }) => ({
    kind: scalarKindTokens.code(kind),
    stringMaxLength: maxLength ?? 0,
    decimalPrecision: decimal?.precision ?? 0,
    decimalScale: decimal?.scale ?? 0,
  }),
  read(message, at) {
    const {
      kind: code,
      stringMaxLength,
      decimalPrecision: precision,
      decimalScale: scale,
    } = required(message, at, what);
    const kind = tokenOf(scalarKindTokens, code, at, 'scalar_type.kind');
    return {
      kind,
      maxLength: stringMaxLength === 0 ? null : stringMaxLength,
      decimal: precision === 0 ? null : { precision, scale },
    };
  },
});
