import { resourceLabel } from '@dms/api-schema';
import { fileName } from '@dms/files';
import { endpointName, mustExist, type RelationalModelSet, type ResourceModel } from '@dms/model';
import { compareOrdinal } from '@dms/values';

/** The path of the documents of a resource in a folder, without file extension. */
interface ResourcePlace {
  readonly folder: string;
  readonly name: string;
}

/**
 * The place of every concrete resource: `<project>/<endpoint>`. Where two resources of a project would have the same
 * endpoint, in any letter case, they use their own names. A project whose endpoint name is not a plain file name uses
 * the name of its database schema. The constructor throws `INPUT_VALUE_UNSAFE` for a name that would lead out of the
 * folder.
 */
export class ResourcePlaces {
  private readonly places = new Map<string, ResourcePlace>();
  private readonly byPlace = new Map<string, ResourceModel>();

  constructor(model: RelationalModelSet) {
    const folders = new Map(
      model.projects.map(({ projectName, projectEndpointName, physicalSchema }): [string, string] => [
        projectName,
        fileName(isPlainName(projectEndpointName) ? projectEndpointName : physicalSchema, `the project ${projectName}`),
      ]),
    );
    const taken = new Map<string, number>();
    const keyOf = (folder: string, name: string) => `${folder}/${name}`.toLowerCase();
    for (const { resourceKey } of model.resources) {
      const folder = mustExist(folders.get(resourceKey.projectName), `the folder of ${resourceKey.projectName}`);
      for (const name of new Set(
        [endpointName(resourceKey.resourceName), resourceKey.resourceName].map((each) => each.toLowerCase()),
      ))
        taken.set(keyOf(folder, name), (taken.get(keyOf(folder, name)) ?? 0) + 1);
    }
    for (const resource of model.resources) {
      const { projectName, resourceName } = resource.resourceKey;
      const folder = mustExist(folders.get(projectName), `the folder of ${projectName}`);
      const endpoint = endpointName(resourceName);
      const label = resourceLabel(resource.resourceKey);
      const named = (text: string) => fileName(text, `the resource ${label}`, { resource: label });
      const name = named(taken.get(keyOf(folder, endpoint)) === 1 ? endpoint : resourceName);
      this.places.set(label, { folder, name });
      // accept either name, the resource's own first
      for (const each of [endpoint, resourceName]) {
        const key = keyOf(folder, named(each));
        if (each === resourceName || !this.byPlace.has(key)) this.byPlace.set(key, resource);
      }
    }
  }

  /** The place of a resource; the model must have it. */
  placeOf(label: string): ResourcePlace {
    const found = this.places.get(label);
    if (!found) throw new Error(`${label} is not a resource of the model`);
    return found;
  }

  /** The resource of a place, in any letter case. */
  find(folder: string, name: string): ResourceModel | undefined {
    return this.byPlace.get(`${folder}/${name}`.toLowerCase());
  }

  /** Names of the project folders, in ordinal order. */
  get folders(): readonly string[] {
    return [...new Set([...this.places.values()].map(({ folder }) => folder))].sort(compareOrdinal);
  }
}

const isPlainName = (text: string) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
