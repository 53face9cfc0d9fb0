import { type MappingVersion, mappingVersions } from '@dms/operations';
import { Option } from 'commander';

/** The option that chooses the generation of a command that takes schemas. */
export interface MappingVersionOption {
  readonly mappingVersion?: MappingVersion;
}

/** `--mapping-version <version>` of commands that take ApiSchema files. */
export const mappingVersionOption = (): Option =>
  new Option(
    '--mapping-version <version>',
    'generation of the mapping that turns the schemas into a database (default: as in the dms.json, else v1)',
  ).choices(mappingVersions);
