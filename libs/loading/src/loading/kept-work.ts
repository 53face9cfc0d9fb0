import { isCommitUnknown, withKept } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import type { LoadOptions } from './load-options.ts';

/**
 * What a load has committed so far. A transaction counts as soon as it is committed, not when its batch is reported.
 */
export class KeptWork {
  documents = 0;
  descriptors = 0;
  keysChanged = 0;
  deleted = 0;

  private get parts(): readonly string[] {
    const counts: readonly (readonly [number, string])[] = [
      [this.documents, 'document'],
      [this.descriptors, 'descriptor'],
      [this.keysChanged, 'changed key'],
      [this.deleted, 'removed document'],
    ];
    return counts.flatMap(([count, what]) => (count > 0 ? [counted(count, what)] : []));
  }

  /**
   * A failure that ended the load, with what was committed before it and how to go on (design 14 §4.2). Other errors
   * stay as they are.
   */
  toldBy(error: unknown, { bulk, onExisting }: Pick<LoadOptions, 'bulk' | 'onExisting'>): unknown {
    const { parts } = this;
    const isUnknown = isCommitUnknown(error);
    if (parts.length === 0 && !isUnknown) return error;
    // what is there already is then left alone, or replaced by the same
    const isRefused = onExisting === undefined || onExisting === 'fail';
    const skip = isRefused && (isUnknown || this.documents > 0) ? ' with --on-existing skip' : '';
    const rest = bulk ? 'No document was loaded.' : 'The rest was not written.';
    const kept =
      parts.length === 0 ? [] : [`Written before that and kept: ${parts.join(', ')}.`, ...(isUnknown ? [] : [rest])];
    return withKept(error, [...kept, `Run it again${skip} to go on.`].join(' '));
  }
}
