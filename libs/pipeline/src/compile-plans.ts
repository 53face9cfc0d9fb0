import { compileMappingSet, type MappingSet, mappingSetManifestText, plansText } from '@dms/plans';
import { artifactNames } from './artifacts.ts';
import { type ArtifactStepOptions, readManifestArtifact, readModelArtifact } from './read-model.ts';
import { type NamedText, removeOutputs, type StepResult, writeArtifacts } from './step-files.ts';

export function plansArtifact(mappingSet: MappingSet): NamedText {
  return { name: artifactNames.plans(mappingSet.key.dialect), text: plansText(mappingSet) };
}

export function mappingSetManifest(mappingSets: readonly MappingSet[]): NamedText {
  return { name: artifactNames.mappingSetManifest, text: mappingSetManifestText(mappingSets) };
}

/** Step `compile-plans`: from model files to plans and the manifest of the mapping sets (design 08). */
export async function compilePlansStep({ outputDirectory, dialects }: ArtifactStepOptions): Promise<StepResult> {
  await removeOutputs('compile-plans', outputDirectory);
  const manifest = await readManifestArtifact(outputDirectory);
  const mappingSets: MappingSet[] = [];
  for (const dialect of dialects)
    mappingSets.push(compileMappingSet(await readModelArtifact(outputDirectory, dialect, manifest)));
  const texts = [...mappingSets.map(plansArtifact), mappingSetManifest(mappingSets)];
  return { artifacts: await writeArtifacts(outputDirectory, texts), diagnostics: [] };
}
