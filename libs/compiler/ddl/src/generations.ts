import type { MappingVersion } from '@dms/model';
import type { DdlGeneration } from './ddl-generation.ts';
import { ddlGenerationV1 } from './v1/ddl-generation.ts';
import { ddlGenerationV2 } from './v2/ddl-generation.ts';
import { ddlGenerationV2Natural } from './v2-natural/ddl-generation.ts';

export const generations: Readonly<Record<MappingVersion, DdlGeneration>> = {
  v1: ddlGenerationV1,
  v2: ddlGenerationV2,
  'v2-natural': ddlGenerationV2Natural,
};
