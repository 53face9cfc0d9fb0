import { replayGuide } from '../test/replayed-guide.ts';

replayGuide('upgrade');
