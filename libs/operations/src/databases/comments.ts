import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { changing, type LockedOptions, lockedTransaction } from '@dms/databases';
import { type CommentsScript, commentsScript } from '@dms/ddl';
import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { commentDesigns, type DatabaseSource } from '../sources/source.ts';
import { passGate } from './gated-connection.ts';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

/** The script of the comments for one dialect, made once for many databases. */
export interface CommentsDesign {
  readonly info: EffectiveSchemaManifest;
  readonly script: CommentsScript;
}

export interface CommentsDesignOptions {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
  readonly onProgress?: ((part: string) => void) | undefined;
}

export async function commentsDesign({ source, dialect, onProgress }: CommentsDesignOptions): Promise<CommentsDesign> {
  const { info, schemas, models } = await commentDesigns(source, [dialect], onProgress);
  return { info, script: commentsScript(mustExist(models[0], `the model for ${dialect}`), schemas) };
}

export interface ApplyCommentsOptions extends DatabaseOptions, CommentsDesignOptions, Pick<LockedOptions, 'onWaiting'> {
  readonly dialect: SqlDialect;
  /** The script, if many databases get the same; otherwise it is made here. */
  readonly design?: CommentsDesign | undefined;
}

export interface AppliedComments extends DatabaseResult {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly comments: number;
}

/**
 * `dms-ddl comments apply`: gives the tables and columns of a database their definitions as comments, in one transaction under the
 * provisioning lock (design 13 §8). Throws the codes of `commentsDesign`, `GATE_*`, `PROVISION_LOCKED` and `DB_*`.
 */
export function applyComments(options: ApplyCommentsOptions): Promise<AppliedComments> {
  const { dialect, signal, onProgress, onWaiting } = options;
  return withTarget(options, 'check', async (target) => {
    const { info, script } = options.design ?? (await commentsDesign(options));
    await connected(target, options, async (connection) => {
      await passGate(connection, info, signal);
      onProgress?.('apply comments');
      const apply = () => connection.execute(script.text, { signal });
      await changing(() => lockedTransaction(connection, apply, { signal, onWaiting }));
    });
    return { dialect, effectiveSchemaHash: info.effectiveSchemaHash, comments: script.comments, diagnostics: [] };
  });
}

/** What was done, for people. */
export function appliedCommentsLines({ comments, effectiveSchemaHash }: AppliedComments): string[] {
  return [`Applied ${counted(comments, 'comment')}`, `Effective schema hash: ${effectiveSchemaHash}`];
}
