import type { JsonValue } from '@dms/values';
import type { PlaceName } from '../places/place-name.ts';

/* A translation as one file: all files together, with parsed names. */

/** The changes of a value when it is carried. */
export interface Carrying {
  readonly take: boolean;
  /** Later values by the texts of earlier ones. */
  readonly values: ReadonlyMap<string, JsonValue> | null;
  readonly as: 'codeValue' | 'date' | null;
}

export interface Move extends Carrying {
  readonly rule: string;
  readonly before: PlaceName;
  readonly after: PlaceName;
}

export interface Member extends Carrying {
  /** The path from the root of the earlier document. */
  readonly before: string;
  /** The path from the root of the later document. */
  readonly after: string;
  /** Whether the file names both paths. */
  readonly isMove: boolean;
  /** The rule that added the member, by its name in its file. */
  readonly addedBy: string;
}

export interface Through {
  readonly resource: string;
  readonly where: ReadonlyMap<string, string>;
  readonly identity: ReadonlyMap<string, string>;
}

export interface DocumentsRule {
  readonly rule: string;
  /** The earlier resource. */
  readonly resource: string;
  /** The collection whose items become documents; null if documents of the resource do. */
  readonly items: string | null;
  readonly after: string;
  readonly members: readonly Member[];
  readonly isAlways: boolean;
  readonly identity: ReadonlyMap<string, string>;
  /** The name of a list, or the lists themselves. */
  readonly through: string | readonly Through[] | null;
}

export interface Fill {
  readonly rule: string;
  readonly after: PlaceName;
  readonly value: JsonValue | undefined;
  readonly schoolYear: { readonly of: string; readonly begins: string } | null;
}

export interface Drop {
  readonly rule: string;
  readonly before: PlaceName;
}

export interface Namespace {
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

interface NamedThrough {
  readonly rule: string;
  readonly entries: readonly Through[];
}

export interface Translation {
  readonly moves: readonly Move[];
  readonly through: ReadonlyMap<string, NamedThrough>;
  readonly documents: readonly DocumentsRule[];
  readonly namespaces: readonly Namespace[];
  readonly fills: readonly Fill[];
  readonly drops: readonly Drop[];
}
