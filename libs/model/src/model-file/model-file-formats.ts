import type { MappingVersion } from '@dms/api-schema';
import { modelFileV1 } from '../v1/model-file.ts';
import { modelFileV2 } from '../v2/model-file.ts';
import type { ModelFileFormat } from './model-content.ts';

/** The model file of each generation. */
export const modelFileFormats: Readonly<Record<MappingVersion, ModelFileFormat>> = { v1: modelFileV1, v2: modelFileV2 };
