import type { packSchema } from './pack-format.ts';

/** A 64-bit number as a reader returns it. */
export type Uint64 = number | { toNumber(): number };

/** The values of the scalar types that the schema uses. */
interface Scalars {
  readonly string: string;
  readonly bool: boolean;
  readonly uint32: number;
  readonly uint64: Uint64;
  readonly bytes: Uint8Array;
}

type SchemaTypes = (typeof packSchema)['nested'];

type MessageName = {
  [Name in keyof SchemaTypes]: SchemaTypes[Name] extends { fields: object } ? Name : never;
}[keyof SchemaTypes];

/** Whether a member is one of several, or an optional number. */
type IsChoice<Type, Member> = Type extends { oneofs: infer Choices }
  ? Choices extends Readonly<Record<string, { oneof: readonly (infer Name)[] }>>
    ? Member extends Name
      ? true
      : false
    : false
  : false;

type FieldValue<Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends MessageName
    ? PackMessage<Type>
    : number;

type AbsentValue<Type, Member, FieldType> = FieldType extends MessageName
  ? null
  : IsChoice<Type, Member> extends true
    ? null
    : never;

/**
 * A message of the schema (`mapping-pack.proto`). Every member is present: null means an absent message, a choice that
 * is not taken, or an optional number that is not given. Enumerations are numbers.
 */
export type PackMessage<Name extends MessageName> = MembersOf<SchemaTypes[Name]>;

type MembersOf<Type> = Type extends { fields: infer Fields }
  ? {
      readonly [Member in keyof Fields]: Fields[Member] extends { rule: 'repeated'; type: infer FieldType }
        ? readonly FieldValue<FieldType>[]
        : Fields[Member] extends { type: infer FieldType }
          ? FieldValue<FieldType> | AbsentValue<Type, Member, FieldType>
          : never;
    }
  : never;
