import { resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/files';
import { generations } from './generations.ts';
import type { MappingSet } from './mapping-set.ts';
import { resourcesInOrder } from './mapping-set-manifest.ts';

/** The text of `plans.<dialect>.json`: plans with their full SQL; model objects are written as their names (design 08 §11.5). */
export function plansText(mappingSet: MappingSet): string {
  const { key, model, writePlansByResource, readPlansByResource } = mappingSet;
  const { file } = generations[key.relationalMappingVersion];
  return listText({
    plansFormat: file.format,
    mappingSetKey: key,
    resources: resourcesInOrder(model.resources).map(({ resourceKey }) => {
      const label = resourceLabel(resourceKey);
      const [writePlan, readPlan] = [writePlansByResource.get(label), readPlansByResource.get(label)];
      return {
        resource: { projectName: resourceKey.projectName, resourceName: resourceKey.resourceName },
        writePlan: writePlan ? file.writePlan(writePlan) : null,
        readPlan: readPlan ? file.readPlan(readPlan) : null,
        ...file.capabilities(label, mappingSet),
      };
    }),
  });
}
