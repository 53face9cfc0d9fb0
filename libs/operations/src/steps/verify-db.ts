import type { Target } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { VerificationOptions } from '@dms/verification';
import { type VerificationInput, type VerificationReport, verificationText, verifyScript } from '@dms/verification';
import { inventoryFormat, modelFormat, type ReadableArtifact } from '../engine/artifact-formats.ts';
import type { ArtifactReader, Step } from '../engine/step.ts';
import type { ReadBy } from '../engine/step-table.ts';
import { readOdsMapping } from '../engine/stores.ts';
import { designIn } from '../sources/source.ts';

/** The options of verification besides the artifacts. */
export interface VerifyDbInputs {
  readonly targets: ReadonlyMap<SqlDialect, Target>;
  /** Whether the run is for one of several dialects. */
  readonly isOneOfSeveral: boolean;
  readonly options: VerificationOptions;
  readonly onReport: (report: VerificationReport) => void;
}

/** The artifacts to verify for one dialect. */
export async function verificationInput(
  store: ArtifactReader<ReadBy<'verify-db'> & ReadableArtifact>,
  dialect: SqlDialect,
  isOneOfSeveral = false,
): Promise<VerificationInput> {
  const { script, scriptSha256, catalog } = await designIn(store, dialect, isOneOfSeveral);
  const model = await store.read(modelFormat, dialect);
  const inventory = await store.read(inventoryFormat, dialect);
  return { dialect, script, scriptSha256, catalog, model, inventory, ods: await readOdsMapping(store) };
}

/** Proves the scripts on databases of their own, or by their text only (design 09 §7). */
export const verifyDbStep: Step<'verify-db', VerifyDbInputs> = {
  name: 'verify-db',
  async run({ read, perDialect }, { targets, isOneOfSeveral, options, onReport }) {
    const made = await perDialect(async (dialect) => {
      const target = targets.get(dialect);
      if (!target) throw new Error(`There is no target of ${dialect}.`);
      const report = await verifyScript(target, verificationInput({ read }, dialect, isOneOfSeveral), options);
      onReport(report);
      return { artifact: 'verification', dialect, content: verificationText(report) } as const;
    });
    return { made, diagnostics: [] };
  },
};
