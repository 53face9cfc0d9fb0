export { type DerivedModel, type DeriveModelSettings, deriveModel } from './derive-model.ts';
