import type { packMessages } from './pack-format.ts';

/** A 64-bit number as a reader returns it. */
export type Uint64 = number | { toNumber(): number };

/** The values of the scalar types that the schema uses. */
interface Scalars {
  readonly string: string;
  readonly bool: boolean;
  readonly int32: number;
  readonly uint32: number;
  readonly uint64: Uint64;
  readonly bytes: Uint8Array;
}

type Messages = typeof packMessages;

type MessageName = keyof Messages;

/** An absent message is null. */
type FieldValue<Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends MessageName
    ? PackMessage<Type> | null
    : never;

/**
 * A message of the schema (`mapping-pack.proto`). Every member is present: null means an absent message, a choice that
 * is not taken, or an optional number that is not given. Enumerations are numbers.
 */
export type PackMessage<Name extends MessageName> = {
  readonly [Member in keyof Messages[Name]]: Messages[Name][Member] extends `repeated ${infer Type} ${number}`
    ? readonly NonNullable<FieldValue<Type>>[]
    : Messages[Name][Member] extends `${'optional' | 'choice'} ${infer Type} ${number}`
      ? FieldValue<Type> | null
      : Messages[Name][Member] extends `${infer Type} ${number}`
        ? FieldValue<Type>
        : never;
};
