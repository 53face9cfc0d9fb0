import type { MappingVersion } from '@dms/api-schema';
import type { PackRules } from '../pack-rules.ts';
import { type PackPlace, refuseInvariant } from '../refusal.ts';
import type { Tokens } from '../wire/tokens.ts';
import type { PathReader } from './path-reader.ts';

/*
 * Each file of this folder has messages of a payload, both directions side by side (design 08 §12.3, §12.5 step 7):
 * `write` makes the message, `read` what it stands for. A missing part, or one that this version does not know, is
 * `PACK_INVARIANT`; whether the parts fit each other is checked elsewhere.
 */

/** The context of reading a payload. */
export interface PayloadReader {
  readonly version: MappingVersion;
  readonly rules: PackRules;
  readonly pathOf: PathReader;
}

export function tokenOf<Token extends string>(tokens: Tokens<Token>, code: number, at: PackPlace, what: string): Token {
  return tokens.token(code) ?? refuseInvariant(at, what, 'a known value', code);
}

/** A non-empty name: the default value of protobuf means an absent name. */
export function nameOf(name: string | undefined, at: PackPlace, what: string): string {
  return name ? name : refuseInvariant(at, what, 'a name', 'none');
}
