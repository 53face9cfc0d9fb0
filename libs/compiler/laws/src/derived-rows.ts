import type { AbstractIdentityTrigger, AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName, IdentityBlock, MappingVersion } from '@dms/model';
import { dialectOf, join, joined, type PlainSql, type SqlDialect } from '@dms/sql';
import { abstractIdentityRule } from './abstract-identities.ts';
import { generations } from './generations.ts';
import { hierarchyRule } from './hierarchy.ts';
import {
  hashedNameOf,
  identityTexts,
  otherLetterCase,
  referentialIdInsertion,
  referentialIdOf,
} from './identity-expression.ts';
import { statementsOf } from './statements.ts';

/** Statements that make the rows of a whole table follow, as an upgrade needs them (design 12 §3.5). */
export interface DerivedRows {
  /**
   * Inserts the referential ids of one block for all rows of its table, or only for the rows `t` that meet a condition;
   * none may exist yet.
   */
  referentialIds(block: IdentityBlock, table: DbTableName, condition?: PlainSql): PlainSql;
  /** The referential id of one block, as an expression over a row `t` of its table. */
  referentialId(block: IdentityBlock): PlainSql;
  /** The name of which it is the hash. */
  hashedName(block: IdentityBlock): PlainSql;
  /** The URI in a row `t` of `dms.Descriptor`, in lower case as programs write it (design 14a §4.2). */
  readonly clientUri: PlainSql;
  /** Whether the database lower-cases that URI differently from programs. */
  readonly otherLetterCase: PlainSql;
  /** Inserts the rows of a member that its abstract identity table lacks. */
  abstractIdentities(trigger: AbstractIdentityTrigger): PlainSql;
  /** Corrects the closure of the education organizations: inserts missing rows and deletes extra ones. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): PlainSql;
}

/** The statements of a generation and dialect, from the rules of the rows. */
export function derivedRows(version: MappingVersion, dialect: SqlDialect): DerivedRows {
  const values = generations[version].identityValues[dialect];
  const { sql } = dialectOf[dialect];
  const uri = sql`t."Uri"`;
  return {
    referentialIds: (block, table, condition) =>
      joined(referentialIdInsertion(block, table, dialect, values, condition)),
    referentialId: (block) => referentialIdOf(block, dialect, values),
    hashedName: (block) => hashedNameOf(block, dialect, values),
    clientUri: identityTexts[dialect].clientUri(uri),
    otherLetterCase: otherLetterCase(dialect, uri),
    abstractIdentities(trigger) {
      const rule = abstractIdentityRule(trigger.targetTable, [trigger], new Set(), dialect);
      return join(statementsOf(rule, dialect).insertions, '\n');
    },
    hierarchy: (hierarchy) => statementsOf(hierarchyRule(hierarchy, dialect), dialect).settlement,
  };
}
