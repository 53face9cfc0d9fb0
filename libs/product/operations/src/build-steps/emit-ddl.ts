import { catalogText } from '@dms/catalog';
import { ddlManifestText, emitDdl, readDdlManifest } from '@dms/ddl';
import { mustExist } from '@dms/model';
import { inventoryFormat, modelFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';
import { artifactFile } from '../incremental-build/step-table.ts';

/** Emits scripts, desired catalogs and the DDL manifest from models and inventories (design 06, 07). */
export const emitDdlStep: Step<'emit-ddl'> = {
  name: 'emit-ddl',
  async run({ read, perDialect }) {
    const emitted = await perDialect(async (dialect) => {
      const model = await read(modelFormat, dialect);
      return { ...emitDdl(model, await read(inventoryFormat, dialect)), effectiveSchema: model.effectiveSchema };
    });
    const files = emitted.flatMap(({ dialect, script, catalog }) => {
      return [
        { artifact: 'script', dialect, content: script, value: script },
        { artifact: 'catalog', dialect, content: () => catalogText(catalog), value: catalog },
      ] as const;
    });
    const manifest = ddlManifestText(mustExist(emitted[0], 'a dialect').effectiveSchema, emitted);
    const value = readDdlManifest(manifest, artifactFile('ddlManifest'));
    return { made: [...files, { artifact: 'ddlManifest', content: manifest, value }], diagnostics: [] };
  },
};
