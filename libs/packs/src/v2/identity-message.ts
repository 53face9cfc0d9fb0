import type { TableIdentity } from '@dms/model';
import { columnMessage } from '../build/model-messages.ts';
import * as format from '../wire/pack-format.ts';
import { identitySourceTokens, tableKindTokens } from '../wire/tokens.ts';

/** The identity of the rows of a table in the form of a pack (design 17 §6). */
export function identityMessage(identity: TableIdentity): format.TableIdentity {
  const { tableKind } = identity;
  return {
    tableKind: tableKind === 'Unspecified' ? format.tableKind.unspecified : tableKindTokens.code(tableKind),
    rowIdentity: identity.rowIdentity.map(columnMessage),
    rootLocator: identity.rootLocator.map(columnMessage),
    parentLocator: identity.parentLocator.map(columnMessage),
    semanticIdentity: identity.semanticIdentity.map(({ relativePath, column }) => ({
      relativePath: relativePath.canonical,
      column: columnMessage(column),
    })),
    semanticIdentitySource: identitySourceTokens.code(identity.semanticIdentitySource),
  };
}
