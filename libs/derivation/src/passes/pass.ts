import type { ModelDraft } from '../draft/model-draft.ts';

/** One step of derivation: reads and extends the draft, or throws what is wrong. */
export type Pass = (draft: ModelDraft) => void;
