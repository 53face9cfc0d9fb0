import type { MappingVersion } from '@dms/api-schema';
import { manifestFormV2 } from '../v2/manifest-form.ts';
import { manifestFormV2Natural } from '../v2-natural/manifest-form.ts';
import { type ManifestForm, unmarkedColumn } from './manifest-form.ts';

/** The manifest of the first generation (design 03 §11). */
const manifestFormV1: ManifestForm = {
  column: unmarkedColumn,
  tableIdentity: () => ({}),
  roles: () => ({}),
  identityBinding: ({ referenceJsonPath, column }) => ({ reference_json_path: referenceJsonPath.canonical, column }),
  viewColumn: () => ({}),
  identityElement: () => ({}),
  inventory: () => ({}),
};

export const manifestForms: Readonly<Record<MappingVersion, ManifestForm>> = {
  v1: manifestFormV1,
  v2: manifestFormV2,
  'v2-natural': manifestFormV2Natural,
};
