import type { MappingVersion } from '@dms/api-schema';
import type { ModelFileFormat } from './model-file/model-content.ts';
import type { RowRules } from './row-rules.ts';
import { modelFileV1 } from './v1/model-file.ts';
import { rowRulesV1 } from './v1/row-rules.ts';
import { modelFileV2 } from './v2/model-file.ts';
import { rowRulesV2 } from './v2/row-rules.ts';

/** The rules of a generation for models. */
export interface ModelGeneration {
  readonly file: ModelFileFormat;
  readonly rows: RowRules;
}

export const generations: Readonly<Record<MappingVersion, ModelGeneration>> = {
  v1: { file: modelFileV1, rows: rowRulesV1 },
  v2: { file: modelFileV2, rows: rowRulesV2 },
};
