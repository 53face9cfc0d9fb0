import type { ModelDraft } from '../draft/model-draft.ts';

/** One step of derivation: reads and extends the draft, or throws diagnostics. */
export type Pass = (draft: ModelDraft) => void;
