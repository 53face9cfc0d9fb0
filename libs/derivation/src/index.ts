export {
  type DerivedModel,
  type DeriveModelSettings,
  deriveModel,
  deriveModels,
  furtherMistakes,
} from './derive-model.ts';
