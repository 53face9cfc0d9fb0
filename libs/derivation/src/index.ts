export {
  type DerivedModel,
  type DeriveModelSettings,
  deriveModel,
  deriveModels,
  furtherDiagnostics,
} from './derive-model.ts';
