import { compileMappingSet, mappingSetManifestText, plansText } from '@dms/plans';
import { modelFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';

/** Compiles models to plans and writes the manifest of the mapping sets (design 08). */
export const compilePlansStep: Step<'compile-plans'> = {
  name: 'compile-plans',
  async run({ read, perDialect }) {
    const mappingSets = await perDialect(async (dialect) => compileMappingSet(await read(modelFormat, dialect)));
    const plans = mappingSets.map((mappingSet) => {
      return { artifact: 'plans', dialect: mappingSet.key.dialect, content: () => plansText(mappingSet) } as const;
    });
    return {
      made: [...plans, { artifact: 'mappingSetManifest', content: mappingSetManifestText(mappingSets) }],
      diagnostics: [],
    };
  },
};
