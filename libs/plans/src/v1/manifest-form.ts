import type { ManifestForm } from '../manifest-form.ts';

/** The manifest of the first generation (design 08 §11.2). */
export const manifestFormV1: ManifestForm = {
  mergePlan: () => ({}),
  preallocation: () => ({}),
  singleDocument: () => ({}),
  identityField: () => ({}),
  capabilities: () => ({}),
};
