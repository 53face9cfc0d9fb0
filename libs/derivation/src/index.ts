export { type DerivedModel, type DeriveModelSettings, deriveModel, deriveModels } from './derive-model.ts';
