import { defaultMappingVersion, mappingVersions } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';
import type { Catalog } from './catalog.ts';
import { generations } from './generations.ts';

/** The format numbers of the catalog files that can be read (design 09 §3.2, 16 §3). */
export const catalogFormats: readonly number[] = mappingVersions.map((version) => generations[version].fileFormat);

/** The generation whose catalog files have a format number. */
export const generationOfFormat = (format: number): MappingVersion | undefined =>
  mappingVersions.find((version) => generations[version].fileFormat === format);

/** The format number for a catalog. A database without objects of any generation uses the number of the first one. */
export const catalogFormatOf = ({ mappingVersion }: Catalog): number =>
  generations[mappingVersion ?? defaultMappingVersion].fileFormat;
