import { defaultMappingVersion, mappingVersions } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';
import type { Catalog } from './catalog.ts';
import { generations } from './generations.ts';

/** The numbers of the catalog files that can be read (design 09 §3.2, 16 §3). */
export const catalogFormats: readonly number[] = mappingVersions.map((version) => generations[version].fileFormat);

/** The generation whose catalog files have a number. */
export const generationOfFormat = (format: number): MappingVersion | undefined =>
  mappingVersions.find((version) => generations[version].fileFormat === format);

/** The number of the file of a catalog; a database without the objects of any generation has that of the first one. */
export const catalogFormatOf = ({ mappingVersion }: Catalog): number =>
  generations[mappingVersion ?? defaultMappingVersion].fileFormat;
