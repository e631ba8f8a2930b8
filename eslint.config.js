import { lintRules } from './tooling/lint/index.js';

export default lintRules(import.meta.dirname);
