export {
  type DerivedModel,
  deriveModel,
  deriveModels,
  furtherDiagnostics,
} from './derive-model.ts';
