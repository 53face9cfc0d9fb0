import { readdirSync } from 'node:fs';
import {
  assembleEffectiveSchema,
  buildEffectiveSchema,
  type EffectiveSchemaSet,
  loadApiSchemaFiles,
  type MappingVersion,
} from '@dms/api-schema';
import { isJsonObject, type JsonValue, parseJson } from '@dms/values';
import { readSharedJson, readSharedText, sharedFile } from '../shared-data.ts';

interface FragmentInput {
  readonly fileName: string;
  readonly isExtensionProject: boolean;
}

/** The project of a fragment, completed by the members that a file must have. */
function fragmentProject(folder: readonly string[], { fileName, isExtensionProject }: FragmentInput) {
  const root = parseJson(readSharedText(...folder, 'inputs', fileName), fileName);
  const given = isJsonObject(root) ? root.get('projectSchema') : undefined;
  if (!isJsonObject(given)) throw new Error(`${fileName} has no projectSchema`);
  const text = (member: string) => String(given.get(member));
  return {
    projectEndpointName: text('projectEndpointName'),
    projectName: text('projectName'),
    projectVersion: text('projectVersion'),
    isExtensionProject,
    projectSchema: new Map<string, JsonValue>([...given, ['abstractResources', new Map()]]),
  };
}

/** The schema set of a conformance fixture whose inputs are fragments, in the order of `fixture.json`. */
export function fragmentSet(version: MappingVersion, ...folder: readonly string[]): EffectiveSchemaSet {
  const { inputs }: { readonly inputs: readonly FragmentInput[] } = readSharedJson(...folder, 'fixture.json');
  return assembleEffectiveSchema(
    '1.0.0',
    inputs.map((input) => fragmentProject(folder, input)),
    version,
  );
}

/** The schema set of all files in the folder `inputs` of a fixture. */
export async function sharedSet(version: MappingVersion, ...folder: readonly string[]): Promise<EffectiveSchemaSet> {
  const files = readdirSync(sharedFile(...folder, 'inputs')).map((name) => ({
    file: sharedFile(...folder, 'inputs', name),
  }));
  return buildEffectiveSchema(await loadApiSchemaFiles(files), { mappingVersion: version });
}
