import { fail } from '@dms/diagnostics';
import type { PageRow } from '../statements/document-statements.ts';

/** A write that is only to happen on the state that its caller has seen. */
export interface WriteCondition {
  /** The content version that the document has to have, seen under the lock; any without it. */
  readonly ifVersion?: bigint | undefined;
}

/** Throws `DOCUMENT_VERSION_CHANGED` where a locked document has another version than the one expected (design 17 §7.10). */
export function checkVersion({ DocumentUuid: uuid, ContentVersion }: PageRow, { ifVersion }: WriteCondition): void {
  if (ifVersion === undefined || BigInt(ContentVersion) === ifVersion) return;
  const text = `The document ${uuid} has the version ${ContentVersion}, not ${ifVersion}: somebody has changed it. Read it again, then repeat the change.`;
  fail('DOCUMENT_VERSION_CHANGED', text, {}, { uuid, expected: String(ifVersion), found: String(ContentVersion) });
}
