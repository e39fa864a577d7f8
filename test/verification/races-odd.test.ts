import { defineTests } from '../../verification/races/define-tests.js';

defineTests('odd');
