import type { ManifestForm } from '../manifest/manifest-form.ts';

/** The manifest of the first generation (design 03 §11). */
export const manifestFormV1: ManifestForm = {
  tableIdentity: () => ({}),
  roles: () => ({}),
  identityBinding: ({ referenceJsonPath, column }) => ({ reference_json_path: referenceJsonPath.canonical, column }),
  viewColumn: () => ({}),
  identityElement: () => ({}),
  stamp: () => ({}),
  inventory: () => ({}),
};
