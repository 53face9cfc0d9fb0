export { abstractIdentityRules } from './abstract-identities.ts';
export { type DerivedRows, derivedRows } from './derived-rows.ts';
export {
  type HashedTexts,
  type ReferentialRow,
  serviceTexts,
  uuidOf,
} from './hashed-name.ts';
export { closures, hierarchyRules } from './hierarchy.ts';
export type { ComputedRule, CopyRule, LawfulSet } from './law.ts';
export { hashedTextsOf, referentialIdRules } from './referential-ids.ts';
export { mirrorRules, rootRowRules } from './root-rows.ts';
export { armTexts, statementsOf } from './statements.ts';
