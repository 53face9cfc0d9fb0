import type { EffectiveSchemaInfo } from '@dms/api-schema';
import { catalogText } from '@dms/catalog';
import { ddlManifestText, type EmittedDdl, emitDdl } from '@dms/ddl';
import { artifactNames } from './artifacts.ts';
import { type ArtifactStepOptions, readInventoryArtifact, readManifestArtifact, readModelArtifact } from './read-model.ts';
import { type NamedText, removeOutputs, type StepResult, writeArtifacts } from './step-files.ts';

/** The files of one dialect, in the order in which they are listed. */
export function ddlTexts({ dialect, script, catalog }: EmittedDdl): NamedText[] {
  return [
    { name: artifactNames.script(dialect), text: script },
    { name: artifactNames.catalog(dialect), text: catalogText(catalog) },
  ];
}

export function ddlManifest(
  info: Pick<EffectiveSchemaInfo, 'effectiveSchemaHash' | 'relationalMappingVersion'>,
  emitted: readonly EmittedDdl[],
): NamedText {
  return { name: artifactNames.ddlManifest, text: ddlManifestText(info, emitted) };
}

/** Step `emit-ddl`: from models and inventories to scripts, desired catalogs and the DDL manifest. */
export async function emitDdlStep({ outputDirectory, dialects }: ArtifactStepOptions): Promise<StepResult> {
  await removeOutputs('emit-ddl', outputDirectory);
  const manifest = await readManifestArtifact(outputDirectory);
  const emitted: EmittedDdl[] = [];
  for (const dialect of dialects) {
    const model = await readModelArtifact(outputDirectory, dialect, manifest);
    emitted.push(emitDdl(model, await readInventoryArtifact(outputDirectory, dialect)));
  }
  const texts = [...emitted.flatMap(ddlTexts), ddlManifest(manifest, emitted)];
  return { artifacts: await writeArtifacts(outputDirectory, texts), diagnostics: [] };
}
