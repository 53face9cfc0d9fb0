import { buildPack, type Pack, packManifestText, readPack } from '@dms/packs';
import { compileMappingSet, type MappingSet } from '@dms/plans';
import { modelFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';
import { artifactFile } from '../incremental-build/step-table.ts';

declare const __VERSION__: string | undefined;

/**
 * The producer of a pack. It is the same for every tool in one version of this repository, so that all write equal
 * files.
 */
const producer = { name: 'dms', version: typeof __VERSION__ === 'string' ? __VERSION__ : 'development' };

/** A pack as bytes, and as read back from them. */
interface BuiltPack {
  readonly bytes: Uint8Array;
  readonly pack: Pack;
}

/** Builds the pack of a mapping set and reads it back, so that every written pack has passed the checks of a reader. */
export async function buildCheckedPack(mappingSet: MappingSet, file: string): Promise<BuiltPack> {
  const bytes = await buildPack(mappingSet, producer);
  return { bytes, pack: await readPack(bytes, file, { expected: mappingSet.key }) };
}

/**
 * Builds the pack of a mapping set from its model; a server loads it instead of compiling the model (design 08 §12).
 */
export const buildPackStep: Step<'build-pack'> = {
  name: 'build-pack',
  async run({ read, perDialect }) {
    const packs = await perDialect(async (dialect) => {
      const file = artifactFile('pack', dialect);
      const { bytes, pack } = await buildCheckedPack(compileMappingSet(await read(modelFormat, dialect)), file);
      return [
        { artifact: 'pack', dialect, content: bytes },
        { artifact: 'packManifest', dialect, content: packManifestText(pack) },
      ] as const;
    });
    return { made: packs.flat(), diagnostics: [] };
  },
};
