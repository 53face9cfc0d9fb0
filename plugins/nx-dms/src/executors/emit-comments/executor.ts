import { emitCommentsStep } from '@dms/operations';
import { artifactExecutor } from '../mapping-set-task.ts';

export default artifactExecutor(emitCommentsStep);
